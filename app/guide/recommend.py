"""Which procedure to take, and what to know about the others.

The order and its reasons: docs/decisions/0010-what-the-guide-prefers.md.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.catalogue.codes import Channel, Evidence, Possibility, Verdict
from app.catalogue.effort import CHANNEL_WEIGHTS
from app.catalogue.goals import GOALS, LAST, Goal
from app.catalogue.timing_rules import ChargeTiers, Unpaid, Window
from app.guide.assess import WEAK_EVIDENCE, Assessment
from app.guide.candidates import Candidate, Circumstance
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Message

_RANK_OF_LAPSING: Final = 5
"""Letting a contract lapse rests on what does not happen: asking for its end comes first."""

_VERDICT_ORDER: Final = (
    Verdict.RECOMMENDED,
    Verdict.POSSIBLE,
    Verdict.UNVERIFIED,
    Verdict.BLOCKED,
    Verdict.NOT_APPLICABLE,
)
_EVIDENCE_ORDER: Final = tuple(Evidence)

_DECIDES: Final[Mapping[str, MessageKey]] = {
    "product": "guide.product_decides",
    "contract": "guide.contract_decides",
    "plan": "guide.plan_decides",
}
"""What has to be given before a procedure can be taken for the person's."""


class Recommendation(NamedTuple):
    """The procedures of a carrier with what to do, for one situation."""

    assessments: Sequence[Assessment]
    """The best first, with their reasons."""

    goal: Goal | None
    """The stated goal, if an applicable procedure of the carrier achieves it."""


def recommend(assessments: Sequence[Assessment], situation: Situation) -> Recommendation:
    """Return what to do: which of the assessments are recommended, and why the others are not."""
    goals = {assessment.goal for assessment in assessments if assessment.is_applicable}
    goal = situation.goal if situation.goal in goals else None
    recommended = {
        assessment.candidate.slug for assessment in _recommended(assessments, situation, goal)
    }
    explained = [
        _recommendation(assessment, situation)
        if assessment.candidate.slug in recommended
        else _explained(assessment, assessments, situation, goal)
        for assessment in assessments
    ]
    explained.sort(key=lambda assessment: _position(assessment, situation))
    return Recommendation(explained, goal)


class _Position(NamedTuple):
    """Where an assessment is listed; lower comes first."""

    verdict: int
    has_other_goal: bool
    rank: int
    slug: str


def _position(assessment: Assessment, situation: Situation) -> _Position:
    candidate = assessment.candidate
    goal = situation.goal or (Goal.PORT_OUT if situation.keep_number else None)
    comes_last = assessment.policy.only_if_asked or not assessment.is_for_applicant
    return _Position(
        _VERDICT_ORDER.index(assessment.verdict),
        assessment.goal is not goal,
        LAST if comes_last else _rank(candidate),
        candidate.slug,
    )


def _rank(candidate: Candidate) -> int:
    return _RANK_OF_LAPSING if candidate.lapses else candidate.policy.rank


def _recommended(
    assessments: Sequence[Assessment], situation: Situation, goal: Goal | None
) -> Iterator[Assessment]:
    """Return what to do: one procedure for the goal or to end the line, and what goes with it.

    `goal` is the effective goal; without one, the line is to end.
    """
    usable = _usable(assessments, situation)
    ends = _for_goal(usable, assessments, situation, goal)
    if situation.goal and not goal and not GOALS[situation.goal].ends_line:
        return  # the stated goal ends nothing, and no procedure achieves it
    best = None if ends.undecided else _best(ends.assessments, situation)
    if best is not None:
        yield best
    if goal is not None and not GOALS[goal].ends_line:
        return
    # A booking that is cancelled has not been sent yet: nothing has to be returned.
    if best is None or best.goal is not Goal.CANCEL_BOOKING:
        returns = [assessment for assessment in usable if assessment.goal is Goal.RETURN_RENTAL]
        if (best_return := _best(returns, situation)) is not None:
            yield best_return
    yield from (
        assessment
        for assessment in usable
        if assessment.goal is Goal.REQUEST_REFUND and assessment.right_is_open
    )


def _usable(assessments: Sequence[Assessment], situation: Situation) -> list[Assessment]:
    """Return the procedures that the person can take without a condition or an open question."""
    applicable = [assessment.candidate for assessment in assessments if assessment.is_applicable]
    return [
        assessment
        for assessment in assessments
        if assessment.verdict is Verdict.POSSIBLE
        and assessment.is_for_applicant
        and not any(_conditions(assessment.candidate))
        and not _undecided_circumstance(assessment.candidate, applicable, situation)
    ]


def _undecided_circumstance(
    candidate: Candidate, candidates: Collection[Candidate], situation: Situation
) -> Circumstance | None:
    """Return what the person must say before the procedure can be taken for theirs.

    The product, contract or plan is undecided while it is not given and another candidate is for
    other ones only.
    """
    given: tuple[tuple[Circumstance, object], ...] = (
        ("product", situation.product),
        ("contract", situation.contract),
        ("plan", situation.plan),
    )
    for circumstance, value in given:
        own_codes = set(candidate.codes_of(circumstance))
        if value is None and own_codes:
            for other in candidates:
                other_codes = other.codes_of(circumstance)
                if other_codes and own_codes.isdisjoint(other_codes):
                    return circumstance
    return None


class _Ends(NamedTuple):
    """What can be recommended for the goal, and whether the person has to decide first."""

    assessments: list[Assessment]
    undecided: bool


def _for_goal(
    usable: Sequence[Assessment],
    assessments: Sequence[Assessment],
    situation: Situation,
    goal: Goal | None,
) -> _Ends:
    achieve_goal = [
        assessment
        for assessment in usable
        if (assessment.goal is goal if goal else assessment.policy.ends_line)
    ]
    # A right that lapses is recommended only while it is known to be open.
    certain = [
        assessment
        for assessment in achieve_goal
        if not assessment.policy.window or assessment.right_is_open
    ]
    undecided = goal is None and _is_undecided(certain, assessments, situation)
    can_port = any(assessment.goal is Goal.PORT_OUT for assessment in assessments)
    if situation.keep_number and can_port:
        # Every other procedure that ends the line can lose the number.
        keep = [
            assessment
            for assessment in certain
            if assessment.policy.keeps_number or not assessment.policy.ends_line
        ]
        return _Ends(keep, undecided)
    asked_for = [
        assessment
        for assessment in certain
        if assessment.goal is goal or not assessment.policy.only_if_asked
    ]
    return _Ends(asked_for, undecided)


def _is_undecided(
    ends: Sequence[Assessment], assessments: Iterable[Assessment], situation: Situation
) -> bool:
    """Return whether the person's own choice, not yet given, decides how the line ends."""
    goals = {assessment.goal for assessment in ends} | {
        assessment.goal
        for assessment in assessments
        if assessment.is_applicable and assessment.goal is Goal.PORT_OUT
    }
    if (
        situation.keep_number is None
        and {Goal.PORT_OUT, Goal.CANCEL_CONTRACT} <= goals
        and "keep_number" not in situation.unknown
    ):
        return True
    if situation.knows("contract"):
        return False
    contracts_that_lapse = [
        set(assessment.candidate.procedure.applies_to.contracts)
        for assessment in ends
        if assessment.policy.ends_by_itself and not assessment.candidate.lapses
    ]
    contracts_to_cancel = [
        set(assessment.candidate.procedure.applies_to.contracts)
        for assessment in ends
        if assessment.goal is Goal.CANCEL_CONTRACT
    ]
    return any(one != other for one in contracts_that_lapse for other in contracts_to_cancel)


class _Preference(NamedTuple):
    """What the best procedure has least of, the most important first.

    The channel comes before all other effort: a letter is for those who cannot use the site.
    """

    rank: int
    doubtful_from_abroad: bool
    channel_weight: int
    effort: int
    needs_not_confirmed: int
    evidence: int
    slug: str


def _preference(candidate: Candidate, situation: Situation) -> _Preference:
    return _Preference(
        _rank(candidate),
        situation.location == "abroad"
        and candidate.procedure.from_abroad is not Possibility.POSSIBLE,
        CHANNEL_WEIGHTS[candidate.procedure.channel],
        candidate.effort.score,
        sum(need not in situation.have for need in candidate.needs),
        _EVIDENCE_ORDER.index(candidate.evidence),
        candidate.slug,
    )


def _best(assessments: Iterable[Assessment], situation: Situation) -> Assessment | None:
    return min(
        assessments,
        key=lambda assessment: _preference(assessment.candidate, situation),
        default=None,
    )


def _recommendation(assessment: Assessment, situation: Situation) -> Assessment:
    candidate = assessment.candidate
    reason = Message("guide.lapses" if candidate.lapses else candidate.policy.reason)
    reasons = (reason, *_doubt_from_abroad(candidate, situation), *_doubt_of_steps(candidate))
    return replace(assessment, verdict=Verdict.RECOMMENDED, reasons=reasons)


def _explained(
    assessment: Assessment,
    assessments: Sequence[Assessment],
    situation: Situation,
    goal: Goal | None,
) -> Assessment:
    """Return a possible procedure that is not recommended with what to know about it."""
    if assessment.verdict is not Verdict.POSSIBLE:
        return assessment
    candidate = assessment.candidate
    if not assessment.is_for_applicant:
        return assessment
    if goal not in {None, assessment.goal}:
        return replace(assessment, reasons=(Message("guide.other_goal"),))
    reasons = [
        *_conditions(candidate),
        *_open_questions(assessment, assessments, situation, goal),
        *_doubt_from_abroad(candidate, situation),
    ] or [Message("guide.also_possible")]
    return replace(assessment, reasons=(*reasons, *_doubt_of_steps(candidate)))


def _open_questions(
    assessment: Assessment,
    assessments: Sequence[Assessment],
    situation: Situation,
    goal: Goal | None,
) -> Iterator[Message]:
    """Return what the person has not said yet and what decides on this procedure."""
    candidate, policy = assessment.candidate, assessment.policy
    can_port = any(
        other.goal is Goal.PORT_OUT and other.verdict in {Verdict.POSSIBLE, Verdict.UNVERIFIED}
        for other in assessments
    )
    if situation.keep_number and can_port and policy.ends_line and not policy.keeps_number:
        yield Message("guide.can_lose_number")
    applicable = [other.candidate for other in assessments if other.is_applicable]
    if circumstance := _undecided_circumstance(candidate, applicable, situation):
        yield Message(_DECIDES[circumstance])
    if policy.window and assessment.right_is_open is None:
        has_dates = policy.lapses_at_start or any(
            isinstance(rule, Window | ChargeTiers) for rule in candidate.procedure.timing
        )
        yield Message("guide.right_depends" if has_dates else "guide.right_unknown")
    if (
        situation.keep_number is None
        and goal is None
        and can_port
        and policy.keeps_number is not None
    ):
        yield Message("guide.number_decides")


def _conditions(candidate: Candidate) -> Iterator[Message]:
    """Return why the guide sends nobody to the procedure, though it can be taken."""
    procedure = candidate.procedure
    if procedure.conditional:
        yield Message("guide.conditional")
    if procedure.goal is Goal.LET_EXPIRE and any(
        isinstance(rule, Unpaid) for rule in procedure.timing
    ):
        yield Message("guide.by_not_paying")
    if procedure.channel is Channel.UNKNOWN and candidate.policy.ends_line:
        yield Message("guide.how_unknown")


def _doubt_of_steps(candidate: Candidate) -> Iterator[Message]:
    """Warn where the company confirms the procedure, and only others describe its steps."""
    if candidate.steps_evidence in WEAK_EVIDENCE:
        yield Message("guide.steps_from_others")


def _doubt_from_abroad(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Warn where no source says whether the procedure works from abroad."""
    if situation.location == "abroad" and candidate.procedure.from_abroad is Possibility.UNKNOWN:
        yield Message("guide.abroad_unknown")
