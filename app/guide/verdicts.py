"""How each way out fits a person's situation, and which one to take."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

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
from app.guide.situation import Candidate, Situation
from app.messages.message import Message, Needs
from app.timeline.build import of_rule
from app.zones import JAPAN

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
class Assessment:
    """A way out, how it fits, and why."""

    candidate: Candidate
    verdict: Verdict
    reasons: tuple[Message, ...] = ()
    blockers: tuple[Message, ...] = ()
    right_runs: bool | None = None
    """Of a right for a time: whether it still runs; None: not known, or it is no such right."""

    @property
    def goal(self) -> Goal:
        """What the way leads to."""
        return self.candidate.procedure.goal


def assess(
    candidates: Iterable[Candidate], situation: Situation, at: dt.datetime
) -> list[Assessment]:
    """Return how each way fits, the best first."""
    found = [_assess(candidate, situation, at) for candidate in candidates]
    wanted = effective_goal(found, situation)
    chosen = {id(assessment) for assessment in _chosen(found, situation, wanted)}
    named = [
        _recommended(assessment, situation)
        if id(assessment) in chosen
        else _explained(assessment, found, situation, wanted)
        for assessment in found
    ]
    return sorted(named, key=lambda assessment: _rank(assessment, situation))


def effective_goal(found: Iterable[Assessment], situation: Situation) -> Goal | None:
    """Return the goal that is wanted, if any way that is for the person's case leads to it."""
    fits = {
        assessment.goal for assessment in found if assessment.verdict is not Verdict.NOT_APPLICABLE
    }
    return situation.goal if situation.goal in fits else None


def right_runs(candidate: Candidate, situation: Situation, at: dt.datetime) -> bool | None:
    """Return whether the time for a right still runs; None when that is not known, or the goal is no such right."""
    closes = CLOSING.get(candidate.procedure.goal)
    if closes is None:
        return None
    windows = [
        rule
        for rule in candidate.procedure.timing
        if isinstance(rule, Window) and rule.closes in closes
    ]
    run = [_runs(rule, candidate, situation, at) for rule in windows]
    starts = situation.facts.get(Fact.RENTAL_STARTS_ON)
    if candidate.procedure.goal is Goal.CANCEL_BOOKING and isinstance(starts, dt.date):
        run = [False] if starts <= at.astimezone(JAPAN).date() else run or [True]
    if True in run:
        return True
    return False if run and None not in run else None


def _runs(rule: Window, candidate: Candidate, situation: Situation, at: dt.datetime) -> bool | None:
    (event,) = of_rule(candidate.procedure, rule, situation.facts, at)
    happenings = set(map(Fact, rule.closed_by))
    if event.passed:
        return False
    if event.day is None:
        return True if rule.length is None and not event.needs else None
    # At the earliest it closes then: later, if a date is missing. What else can close it has to be told.
    late = event.certainty is Certainty.ESTIMATED and event.at is not None and event.at < at
    return None if late or happenings.intersection(event.needs) else True


def for_applicant(candidate: Candidate, situation: Situation) -> bool:
    """Return whether the candidate is for whoever asks: the contract holder, unless another is told."""
    return (situation.applicant or Applicant.HOLDER) in candidate.procedure.applies_to.applicants


def _only_if(candidate: Candidate) -> tuple[Message, ...]:
    """Return why nobody is sent to the candidate, though it can be taken."""
    facts, reasons = candidate.procedure, []
    if facts.conditional:
        reasons.append(Message("guide.conditional"))
    if facts.goal is Goal.LET_EXPIRE and any(isinstance(rule, Unpaid) for rule in facts.timing):
        reasons.append(Message("guide.by_not_paying"))
    if facts.channel is Channel.UNKNOWN and facts.goal in _ENDS:
        reasons.append(Message("guide.how_unknown"))
    return tuple(reasons)


def told_apart_by(
    candidate: Candidate, others: Collection[Candidate], situation: Situation
) -> str | None:
    """Return what has to be told before the way can be taken for the person's: others are for another product, contract or plan."""
    to = candidate.procedure.applies_to
    for name, mine in (("product", to.products), ("contract", to.contracts), ("plan", to.plans)):
        if mine and getattr(situation, name) is None:
            for other in others:
                theirs = getattr(other.procedure.applies_to, f"{name}s")
                if theirs and not set(mine) & set(theirs):
                    return name
    return None


def _rank(assessment: Assessment, situation: Situation) -> tuple[int, bool, int, str]:
    candidate, goal = assessment.candidate, assessment.goal
    wanted = situation.goal or (Goal.PORT_OUT if situation.keep_number else None)
    rank = (
        _LAST
        if goal in _NOT_UNASKED or not for_applicant(candidate, situation)
        else _end(candidate)
    )
    return _ORDER.index(assessment.verdict), goal is not wanted, rank, candidate.slug


def _end(candidate: Candidate) -> int:
    return _LAPSE if candidate.lapses else _ENDS.get(candidate.procedure.goal, _LAST)


def _assess(candidate: Candidate, situation: Situation, at: dt.datetime) -> Assessment:
    misfits = tuple(_misfits(candidate, situation))
    if misfits:
        return Assessment(candidate, Verdict.NOT_APPLICABLE, reasons=misfits)
    runs = right_runs(candidate, situation, at)
    blockers = tuple(_blockers(candidate, situation, runs=runs))
    if blockers:
        return Assessment(candidate, Verdict.BLOCKED, blockers=blockers, right_runs=runs)
    if candidate.procedure.outcome is Outcome.UNKNOWN:
        return Assessment(
            candidate,
            Verdict.UNVERIFIED,
            reasons=(Message("guide.outcome_unknown"),),
            right_runs=runs,
        )
    if candidate.evidence in {Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE}:
        others = (
            ()
            if for_applicant(candidate, situation)
            else tuple(
                Message(f"guide.for_{one}") for one in candidate.procedure.applies_to.applicants
            )
        )
        return Assessment(
            candidate,
            Verdict.UNVERIFIED,
            reasons=(Message("guide.unverified"), *others),
            right_runs=runs,
        )
    return Assessment(candidate, Verdict.POSSIBLE, right_runs=runs)


def _misfits(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    to = candidate.procedure.applies_to
    if situation.product and situation.product not in to.products:
        yield Message("guide.other_product")
    if situation.contract and situation.contract not in to.contracts:
        yield Message("guide.other_contract")
    if situation.plan and to.plans and situation.plan not in to.plans:
        yield Message("guide.other_plan")
    if situation.applicant and situation.applicant not in to.applicants:
        yield Message("guide.other_applicant")
    if situation.keep_number is True and candidate.procedure.goal is Goal.CANCEL_CONTRACT:
        yield Message("guide.loses_number")
    if situation.keep_number is False and candidate.procedure.goal is Goal.PORT_OUT:
        yield Message("guide.number_not_kept")


def _blockers(
    candidate: Candidate, situation: Situation, *, runs: bool | None
) -> Iterator[Message]:
    # Who acts for the holder is in Japan, wherever the holder is.
    in_person = Applicant.HOLDER in candidate.procedure.applies_to.applicants
    if (
        situation.location == "abroad"
        and in_person
        and candidate.procedure.from_abroad is Possibility.IMPOSSIBLE
    ):
        yield Message("guide.not_from_abroad")
    if lacking := tuple(need for need in candidate.needs if need in situation.lack):
        yield Message("guide.lacks", {"needs": Needs(lacking)})
    if runs is False:
        yield Message("guide.too_late")


def _chosen(
    found: Sequence[Assessment], situation: Situation, wanted: Goal | None
) -> Iterator[Assessment]:
    """Return what to take: one way at most to what is wanted or, when that is not told, to end the line, and what goes with an end."""
    live = [
        assessment.candidate
        for assessment in found
        if assessment.verdict is not Verdict.NOT_APPLICABLE
    ]
    mine = [
        assessment
        for assessment in found
        if assessment.verdict is Verdict.POSSIBLE and for_applicant(assessment.candidate, situation)
    ]
    usable = [
        assessment
        for assessment in mine
        if not _only_if(assessment.candidate)
        and not told_apart_by(assessment.candidate, live, situation)
    ]
    leading = [
        assessment
        for assessment in usable
        if (assessment.goal is wanted if wanted else assessment.goal in _ENDS)
    ]
    # A right for a time is recommended only while it is known to run.
    sure = [
        assessment
        for assessment in leading
        if assessment.goal not in CLOSING or assessment.right_runs
    ]
    undecided = wanted is None and _undecided(sure, live, situation)
    if situation.keep_number and any(assessment.goal is Goal.PORT_OUT for assessment in found):
        # Whatever else ends the line can lose the number.
        sure = [
            assessment
            for assessment in sure
            if assessment.goal is Goal.PORT_OUT or assessment.goal not in _ENDS
        ]
    else:
        sure = [
            assessment
            for assessment in sure
            if assessment.goal is wanted or assessment.goal not in _NOT_UNASKED
        ]
    if situation.goal and not wanted and situation.goal not in _ENDS:
        return  # what is wanted is no end, and no way leads to it
    best = [] if undecided else list(_best(sure, situation))
    yield from best
    if wanted is None or wanted in _ENDS:
        # What is called off before it begins has not been sent yet.
        if not any(assessment.goal is Goal.CANCEL_BOOKING for assessment in best):
            yield from _best(
                [assessment for assessment in usable if assessment.goal is Goal.RETURN_RENTAL],
                situation,
            )
        yield from (
            assessment
            for assessment in usable
            if assessment.goal is Goal.REQUEST_REFUND and assessment.right_runs
        )


def _best(assessments: Iterable[Assessment], situation: Situation) -> Iterator[Assessment]:
    best = min(assessments, key=lambda assessment: _preference(assessment, situation), default=None)
    if best is not None:
        yield best


def _undecided(ends: Sequence[Assessment], live: Iterable[Candidate], situation: Situation) -> bool:
    """Return whether the person's own choice, not yet told, decides between ways to end the line."""
    goals = {assessment.goal for assessment in ends} | {
        candidate.procedure.goal for candidate in live if candidate.procedure.goal is Goal.PORT_OUT
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
        if one.goal in {Goal.LET_EXPIRE, Goal.STOP_RENEWAL} and not one.candidate.lapses
    ]
    asked_for = [assessment for assessment in ends if assessment.goal is Goal.CANCEL_CONTRACT]
    differ = any(
        set(one.candidate.procedure.applies_to.contracts)
        != set(other.candidate.procedure.applies_to.contracts)
        for one in by_itself
        for other in asked_for
    )
    return differ and not situation.knows("contract")


def _preference(
    assessment: Assessment, situation: Situation
) -> tuple[int, bool, int, int, int, int, str]:
    """Return what the best has least of: doubt whether it can be done from abroad, way to go, effort, things not at hand, weak evidence.

    The way to go comes before all else that makes effort: a letter is for those who cannot use the site.
    """
    candidate = assessment.candidate
    doubtful = (
        situation.location == "abroad"
        and candidate.procedure.from_abroad is not Possibility.POSSIBLE
    )
    missing = len([need for need in candidate.needs if need not in situation.have])
    to_go = CHANNEL_WEIGHTS[candidate.procedure.channel]
    return (
        _end(candidate),
        doubtful,
        to_go,
        candidate.effort.score,
        missing,
        _BEST_EVIDENCE.index(candidate.evidence),
        candidate.slug,
    )


def _recommended(assessment: Assessment, situation: Situation) -> Assessment:
    key = "lapses" if assessment.candidate.lapses else assessment.goal
    reasons = (Message(f"guide.{key}"), *_from_abroad(assessment, situation))
    return replace(
        assessment,
        verdict=Verdict.RECOMMENDED,
        reasons=(*reasons, *_from_others(assessment.candidate)),
    )


def _from_others(candidate: Candidate) -> tuple[Message, ...]:
    """Warn where the company confirms that there is the candidate, and others alone tell how it goes."""
    return (
        (Message("guide.steps_from_others"),)
        if candidate.steps_evidence in {Evidence.THIRD_PARTY, Evidence.SINGLE_SOURCE}
        else ()
    )


def _from_abroad(assessment: Assessment, situation: Situation) -> tuple[Message, ...]:
    doubtful = (
        situation.location == "abroad"
        and assessment.candidate.procedure.from_abroad is Possibility.UNKNOWN
    )
    return (Message("guide.abroad_unknown"),) if doubtful else ()


def _explained(
    assessment: Assessment, found: Sequence[Assessment], situation: Situation, wanted: Goal | None
) -> Assessment:
    """Return a way that is not recommended with what is to be known about it."""
    if assessment.verdict is not Verdict.POSSIBLE:
        return assessment
    goal = assessment.goal
    reasons: list[Message] = []
    if not for_applicant(assessment.candidate, situation):
        applicants = assessment.candidate.procedure.applies_to.applicants
        return replace(
            assessment, reasons=tuple(Message(f"guide.for_{applicant}") for applicant in applicants)
        )
    if wanted not in {None, goal}:
        return replace(assessment, reasons=(Message("guide.other_goal"),))
    reasons.extend(_only_if(assessment.candidate))
    ports = any(
        other.goal is Goal.PORT_OUT and other.verdict in {Verdict.POSSIBLE, Verdict.UNVERIFIED}
        for other in found
    )
    if situation.keep_number and ports and goal in _ENDS and goal is not Goal.PORT_OUT:
        reasons.append(Message("guide.can_lose_number"))
    live = [other.candidate for other in found if other.verdict is not Verdict.NOT_APPLICABLE]
    if apart := told_apart_by(assessment.candidate, live, situation):
        reasons.append(Message(f"guide.{apart}_decides"))
    if goal in CLOSING and assessment.right_runs is None:
        dated = (
            any(
                isinstance(rule, Window | ChargeTiers)
                for rule in assessment.candidate.procedure.timing
            )
            or goal is Goal.CANCEL_BOOKING
        )
        reasons.append(Message("guide.right_depends" if dated else "guide.right_unknown"))
    if (
        situation.keep_number is None
        and wanted is None
        and ports
        and goal in {Goal.PORT_OUT, Goal.CANCEL_CONTRACT}
    ):
        reasons.append(Message("guide.number_decides"))
    reasons.extend(_from_abroad(assessment, situation))
    return replace(
        assessment,
        reasons=(
            *(reasons or [Message("guide.also_possible")]),
            *_from_others(assessment.candidate),
        ),
    )
