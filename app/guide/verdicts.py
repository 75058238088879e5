"""How each way out fits a person's situation, and which one to take."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app import dates
from app.catalogue.codes import (
    Applicant,
    Certainty,
    Channel,
    Evidence,
    Goal,
    Outcome,
    Possibility,
    Verdict,
)
from app.catalogue.effort import CHANNEL_WEIGHTS
from app.catalogue.timing_rules import ChargeTiers, Fact, Unpaid, Window
from app.guide.situation import Situation, Way
from app.messages.message import Needs, Saying
from app.timeline.build import of_rule

CLOSING: Final[Mapping[Goal, frozenset[str]]] = {
    Goal.INITIAL_CONTRACT_CANCELLATION: frozenset({"window"}),
    Goal.REQUEST_REFUND: frozenset({"refund", "window"}),
    Goal.CANCEL_BOOKING: frozenset({"window"}),
}
"""Goals that are a right for a time, and the windows that end it; a booking that has become dearer to cancel can still be cancelled."""

_ENDS: Final[Mapping[Goal, int]] = {
    Goal.PORT_OUT: 0,
    Goal.CANCEL_BOOKING: 1,
    Goal.LET_EXPIRE: 2,
    Goal.STOP_RENEWAL: 2,
    Goal.INITIAL_CONTRACT_CANCELLATION: 3,
    Goal.CANCEL_CONTRACT: 4,
    Goal.CLOSE_ACCOUNT: 6,
}
"""Goals that end a line, the better first: what costs nothing before what is charged. Only one of them is recommended."""

_LAPSE: Final = 5
"""To let a contract lapse leaves the end to what does not happen: whoever can ask for it had better do so."""

_LAST: Final = 7

_NOT_UNASKED: Final = frozenset({Goal.PORT_OUT, Goal.CLOSE_ACCOUNT})
"""Goals that nobody is sent to unasked: a number moves, or a balance is lost."""

_ORDER: Final = (
    Verdict.RECOMMENDED,
    Verdict.POSSIBLE,
    Verdict.UNVERIFIED,
    Verdict.BLOCKED,
    Verdict.NOT_APPLICABLE,
)
_BEST_EVIDENCE: Final = tuple(Evidence)


@dataclass(frozen=True)
class Standing:
    """A way out, how it fits, and why."""

    way: Way
    verdict: Verdict
    reasons: tuple[Saying, ...] = ()
    blockers: tuple[Saying, ...] = ()
    right_runs: bool | None = None
    """Of a right for a time: whether it still runs; None: not known, or it is no such right."""

    @property
    def goal(self) -> Goal:
        """What the way leads to."""
        return self.way.facts.goal


def standings(ways: Iterable[Way], situation: Situation, at: dt.datetime) -> list[Standing]:
    """Return how each way fits, the best first."""
    found = [_stands(way, situation, at) for way in ways]
    wanted = aim(found, situation)
    chosen = {id(standing) for standing in _chosen(found, situation, wanted)}
    named = [
        _recommended(standing, situation)
        if id(standing) in chosen
        else _explained(standing, found, situation, wanted)
        for standing in found
    ]
    return sorted(named, key=lambda standing: _rank(standing, situation))


def aim(found: Iterable[Standing], situation: Situation) -> Goal | None:
    """Return the goal that is wanted, if any way that is for the person's case leads to it."""
    fits = {standing.goal for standing in found if standing.verdict is not Verdict.NOT_APPLICABLE}
    return situation.goal if situation.goal in fits else None


def right_runs(way: Way, situation: Situation, at: dt.datetime) -> bool | None:
    """Return whether the time for a right still runs; None when that is not known, or the goal is no such right."""
    closes = CLOSING.get(way.facts.goal)
    if closes is None:
        return None
    windows = [
        rule for rule in way.facts.timing if isinstance(rule, Window) and rule.closes in closes
    ]
    run = [_runs(rule, way, situation, at) for rule in windows]
    starts = situation.facts.get(Fact.RENTAL_STARTS_ON)
    if way.facts.goal is Goal.CANCEL_BOOKING and isinstance(starts, dt.date):
        run = [False] if starts <= at.astimezone(dates.JAPAN).date() else run or [True]
    if True in run:
        return True
    return False if run and None not in run else None


def _runs(rule: Window, way: Way, situation: Situation, at: dt.datetime) -> bool | None:
    (event,) = of_rule(way.facts, rule, situation.facts, at)
    happenings = set(map(Fact, rule.closed_by))
    if event.passed:
        return False
    if event.day is None:
        return True if rule.length is None and not event.needs else None
    # At the earliest it closes then: later, if a date is missing. What else can close it has to be told.
    late = event.certainty is Certainty.ESTIMATED and event.at is not None and event.at < at
    return None if late or happenings.intersection(event.needs) else True


def for_applicant(way: Way, situation: Situation) -> bool:
    """Return whether the way is for whoever asks: the contract holder, unless another is told."""
    return (situation.applicant or Applicant.HOLDER) in way.facts.applies_to.applicants


def _only_if(way: Way) -> tuple[Saying, ...]:
    """Return why nobody is sent to the way, though it can be taken."""
    facts, reasons = way.facts, []
    if facts.conditional:
        reasons.append(Saying("guide.conditional"))
    if facts.goal is Goal.LET_EXPIRE and any(isinstance(rule, Unpaid) for rule in facts.timing):
        reasons.append(Saying("guide.by_not_paying"))
    if facts.channel is Channel.UNKNOWN and facts.goal in _ENDS:
        reasons.append(Saying("guide.how_unknown"))
    return tuple(reasons)


def told_apart_by(way: Way, others: Collection[Way], situation: Situation) -> str | None:
    """Return what has to be told before the way can be taken for the person's: others are for another product, contract or plan."""
    to = way.facts.applies_to
    for name, mine in (("product", to.products), ("contract", to.contracts), ("plan", to.plans)):
        if mine and getattr(situation, name) is None:
            for other in others:
                theirs = getattr(other.facts.applies_to, f"{name}s")
                if theirs and not set(mine) & set(theirs):
                    return name
    return None


def _rank(standing: Standing, situation: Situation) -> tuple[int, bool, int, str]:
    way, goal = standing.way, standing.goal
    wanted = situation.goal or (Goal.PORT_OUT if situation.keep_number else None)
    rank = _LAST if goal in _NOT_UNASKED or not for_applicant(way, situation) else _end(way)
    return _ORDER.index(standing.verdict), goal is not wanted, rank, way.slug


def _end(way: Way) -> int:
    return _LAPSE if way.lapses else _ENDS.get(way.facts.goal, _LAST)


def _stands(way: Way, situation: Situation, at: dt.datetime) -> Standing:
    misfits = tuple(_misfits(way, situation))
    if misfits:
        return Standing(way, Verdict.NOT_APPLICABLE, reasons=misfits)
    runs = right_runs(way, situation, at)
    blockers = tuple(_blockers(way, situation, runs=runs))
    if blockers:
        return Standing(way, Verdict.BLOCKED, blockers=blockers, right_runs=runs)
    if way.facts.outcome is Outcome.UNKNOWN:
        return Standing(
            way, Verdict.UNVERIFIED, reasons=(Saying("guide.outcome_unknown"),), right_runs=runs
        )
    if way.evidence in {Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE}:
        others = (
            ()
            if for_applicant(way, situation)
            else tuple(Saying(f"guide.for_{one}") for one in way.facts.applies_to.applicants)
        )
        return Standing(
            way, Verdict.UNVERIFIED, reasons=(Saying("guide.unverified"), *others), right_runs=runs
        )
    return Standing(way, Verdict.POSSIBLE, right_runs=runs)


def _misfits(way: Way, situation: Situation) -> Iterator[Saying]:
    to = way.facts.applies_to
    if situation.product and situation.product not in to.products:
        yield Saying("guide.other_product")
    if situation.contract and situation.contract not in to.contracts:
        yield Saying("guide.other_contract")
    if situation.plan and to.plans and situation.plan not in to.plans:
        yield Saying("guide.other_plan")
    if situation.applicant and situation.applicant not in to.applicants:
        yield Saying("guide.other_applicant")
    if situation.keep_number is True and way.facts.goal is Goal.CANCEL_CONTRACT:
        yield Saying("guide.loses_number")
    if situation.keep_number is False and way.facts.goal is Goal.PORT_OUT:
        yield Saying("guide.number_not_kept")


def _blockers(way: Way, situation: Situation, *, runs: bool | None) -> Iterator[Saying]:
    # Who acts for the holder is in Japan, wherever the holder is.
    in_person = Applicant.HOLDER in way.facts.applies_to.applicants
    if (
        situation.location == "abroad"
        and in_person
        and way.facts.from_abroad is Possibility.IMPOSSIBLE
    ):
        yield Saying("guide.not_from_abroad")
    if lacking := tuple(need for need in way.needs if need in situation.lack):
        yield Saying("guide.lacks", {"needs": Needs(lacking)})
    if runs is False:
        yield Saying("guide.too_late")


def _chosen(
    found: Sequence[Standing], situation: Situation, wanted: Goal | None
) -> Iterator[Standing]:
    """Return what to take: one way at most to what is wanted or, when that is not told, to end the line, and what goes with an end."""
    live = [standing.way for standing in found if standing.verdict is not Verdict.NOT_APPLICABLE]
    mine = [
        standing
        for standing in found
        if standing.verdict is Verdict.POSSIBLE and for_applicant(standing.way, situation)
    ]
    usable = [
        standing
        for standing in mine
        if not _only_if(standing.way) and not told_apart_by(standing.way, live, situation)
    ]
    leading = [
        standing
        for standing in usable
        if (standing.goal is wanted if wanted else standing.goal in _ENDS)
    ]
    # A right for a time is recommended only while it is known to run.
    sure = [standing for standing in leading if standing.goal not in CLOSING or standing.right_runs]
    undecided = wanted is None and _undecided(sure, live, situation)
    if situation.keep_number and any(standing.goal is Goal.PORT_OUT for standing in found):
        # Whatever else ends the line can lose the number.
        sure = [
            standing
            for standing in sure
            if standing.goal is Goal.PORT_OUT or standing.goal not in _ENDS
        ]
    else:
        sure = [
            standing
            for standing in sure
            if standing.goal is wanted or standing.goal not in _NOT_UNASKED
        ]
    if situation.goal and not wanted and situation.goal not in _ENDS:
        return  # what is wanted is no end, and no way leads to it
    best = [] if undecided else list(_best(sure, situation))
    yield from best
    if wanted is None or wanted in _ENDS:
        # What is called off before it begins has not been sent yet.
        if not any(standing.goal is Goal.CANCEL_BOOKING for standing in best):
            yield from _best(
                [standing for standing in usable if standing.goal is Goal.RETURN_RENTAL], situation
            )
        yield from (
            standing
            for standing in usable
            if standing.goal is Goal.REQUEST_REFUND and standing.right_runs
        )


def _best(standings: Iterable[Standing], situation: Situation) -> Iterator[Standing]:
    best = min(standings, key=lambda standing: _preference(standing, situation), default=None)
    if best is not None:
        yield best


def _undecided(ends: Sequence[Standing], live: Iterable[Way], situation: Situation) -> bool:
    """Return whether the person's own choice, not yet told, decides between ways to end the line."""
    goals = {standing.goal for standing in ends} | {
        way.facts.goal for way in live if way.facts.goal is Goal.PORT_OUT
    }
    if (
        situation.keep_number is None
        and {Goal.PORT_OUT, Goal.CANCEL_CONTRACT} <= goals
        and "keep_number" not in situation.unknown
    ):
        return True
    by_itself = [
        one
        for one in ends
        if one.goal in {Goal.LET_EXPIRE, Goal.STOP_RENEWAL} and not one.way.lapses
    ]
    asked_for = [standing for standing in ends if standing.goal is Goal.CANCEL_CONTRACT]
    differ = any(
        set(one.way.facts.applies_to.contracts) != set(other.way.facts.applies_to.contracts)
        for one in by_itself
        for other in asked_for
    )
    return differ and not situation.knows("contract")


def _preference(
    standing: Standing, situation: Situation
) -> tuple[int, bool, int, int, int, int, str]:
    """Return what the best has least of: doubt whether it can be done from abroad, way to go, effort, things not at hand, weak evidence.

    The way to go comes before all else that makes effort: a letter is for those who cannot use the site.
    """
    way = standing.way
    doubtful = situation.location == "abroad" and way.facts.from_abroad is not Possibility.POSSIBLE
    missing = len([need for need in way.needs if need not in situation.have])
    to_go = CHANNEL_WEIGHTS[way.facts.channel]
    return (
        _end(way),
        doubtful,
        to_go,
        way.effort.score,
        missing,
        _BEST_EVIDENCE.index(way.evidence),
        way.slug,
    )


def _recommended(standing: Standing, situation: Situation) -> Standing:
    key = "lapses" if standing.way.lapses else standing.goal
    reasons = (Saying(f"guide.{key}"), *_from_abroad(standing, situation))
    return replace(
        standing, verdict=Verdict.RECOMMENDED, reasons=(*reasons, *_from_others(standing.way))
    )


def _from_others(way: Way) -> tuple[Saying, ...]:
    """Warn where the company confirms that there is the way, and others alone tell how it goes."""
    return (
        (Saying("guide.steps_from_others"),)
        if way.steps_evidence in {Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE}
        else ()
    )


def _from_abroad(standing: Standing, situation: Situation) -> tuple[Saying, ...]:
    doubtful = (
        situation.location == "abroad" and standing.way.facts.from_abroad is Possibility.UNKNOWN
    )
    return (Saying("guide.abroad_unknown"),) if doubtful else ()


def _explained(
    standing: Standing, found: Sequence[Standing], situation: Situation, wanted: Goal | None
) -> Standing:
    """Return a way that is not recommended with what is to be known about it."""
    if standing.verdict is not Verdict.POSSIBLE:
        return standing
    goal = standing.goal
    reasons: list[Saying] = []
    if not for_applicant(standing.way, situation):
        applicants = standing.way.facts.applies_to.applicants
        return replace(
            standing, reasons=tuple(Saying(f"guide.for_{applicant}") for applicant in applicants)
        )
    if wanted not in {None, goal}:
        return replace(standing, reasons=(Saying("guide.other_goal"),))
    reasons.extend(_only_if(standing.way))
    ports = any(
        other.goal is Goal.PORT_OUT and other.verdict in {Verdict.POSSIBLE, Verdict.UNVERIFIED}
        for other in found
    )
    if situation.keep_number and ports and goal in _ENDS and goal is not Goal.PORT_OUT:
        reasons.append(Saying("guide.can_lose_number"))
    live = [other.way for other in found if other.verdict is not Verdict.NOT_APPLICABLE]
    if apart := told_apart_by(standing.way, live, situation):
        reasons.append(Saying(f"guide.{apart}_decides"))
    if goal in CLOSING and standing.right_runs is None:
        dated = (
            any(isinstance(rule, Window | ChargeTiers) for rule in standing.way.facts.timing)
            or goal is Goal.CANCEL_BOOKING
        )
        reasons.append(Saying("guide.right_depends" if dated else "guide.right_unknown"))
    if (
        situation.keep_number is None
        and wanted is None
        and ports
        and goal in {Goal.PORT_OUT, Goal.CANCEL_CONTRACT}
    ):
        reasons.append(Saying("guide.number_decides"))
    reasons.extend(_from_abroad(standing, situation))
    return replace(
        standing,
        reasons=(*(reasons or [Saying("guide.also_possible")]), *_from_others(standing.way)),
    )
