"""What to know about each procedure, and in which order to list them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.catalogue.codes import Possibility, Verdict
from app.catalogue.goals import LAST, Goal
from app.guide.assess import STAND_INS, WEAK_EVIDENCE, Assessment
from app.guide.candidates import Candidate
from app.guide.choose import (
    ENDS_NOTHING,
    OF_THE_DEVICE,
    Choice,
    has_no_known_way,
    has_other_goal,
    rank,
)
from app.guide.lookahead import Effect
from app.guide.questions import Turn
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Message, Needs

_VERDICT_ORDER: Final = (
    Verdict.RECOMMENDED,
    Verdict.POSSIBLE,
    Verdict.UNVERIFIED,
    Verdict.CONDITIONAL,
    Verdict.BLOCKED,
    Verdict.NOT_APPLICABLE,
)

_PAUSES: Final = frozenset({Goal.SUSPEND, Goal.REPORT_LOSS})

_DECIDES: Final[Mapping[str, MessageKey]] = {
    "product": "guide.product_decides",
    "contract": "guide.contract_decides",
    "plan": "guide.plan_decides",
    "keep_number": "guide.number_decides",
    "location": "guide.location_decides",
    "applicant": "guide.applicant_decides",
    "sale": "guide.sale_decides",
    "device": "guide.device_decides",
}
"""Why a procedure is not recommended before a question is answered."""


class _Position(NamedTuple):
    """Where an assessment is listed; lower comes first."""

    does_not_apply: bool
    misses_the_goal: bool
    """The one that is stated, or that keeps the number."""
    ends_the_line: bool
    """Where the person wants to pause it."""
    is_for_others: int
    """0: for the person. 1: for somebody whom the holder can send. 2: for others."""
    ends_nothing: bool
    """Where the line is to end."""
    restores_something_else: bool
    """Where the person wants back what they lack."""
    is_not_recommended: bool
    may_have_lapsed: bool
    """A right of the first days comes first only while it is known to be open."""
    follows: bool
    """What goes with an end comes after it."""
    verdict: int
    rank: int
    slug: str


def position_of(assessment: Assessment, choice: Choice, situation: Situation) -> _Position:
    """Return where the procedure is listed."""
    candidate, policy = assessment.candidate, assessment.policy
    goal = choice.goal or (Goal.PORT_OUT if situation.keep_number else None)
    return _Position(
        not assessment.is_applicable,
        goal is not None and assessment.goal is not goal,
        situation.goal in _PAUSES and policy.ends_line,
        _distance(assessment),
        has_other_goal(assessment, None),
        choice.goal is Goal.RESTORE_ACCESS
        and situation.possessions.lack.isdisjoint(candidate.restores),
        assessment.verdict is not Verdict.RECOMMENDED,
        bool(policy.ends_line and policy.window) and not assessment.right_is_open,
        policy.follows_end and assessment.goal is not goal,
        _VERDICT_ORDER.index(assessment.verdict),
        LAST if policy.only_if_asked and assessment.goal is not goal else rank(candidate),
        candidate.slug,
    )


def _distance(assessment: Assessment) -> int:
    """Return how far the procedure is from the person, by who may apply."""
    if assessment.is_for_applicant:
        return 0
    return 1 if STAND_INS & assessment.candidate.applicants else 2


def as_recommended(assessment: Assessment, situation: Situation) -> Assessment:
    """Return a recommended procedure with why it is the one to take."""
    candidate = assessment.candidate
    reasons = (
        Message("guide.lapses" if candidate.lapses else candidate.policy.reason),
        *assessment.reasons,
        *_hints(candidate, situation),
        *_doubt_from_abroad(candidate, situation),
        *_doubt_of_steps(candidate),
    )
    return replace(assessment, verdict=Verdict.RECOMMENDED, reasons=reasons)


def _hints(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Say what the person's own dates mean for the procedure."""
    needed_until, leaves_on = situation.number_needed_until, situation.leaves_japan_on
    if needed_until and candidate.policy.ends_line and candidate.policy.keeps_number is False:
        yield Message("guide.number_needed_until", {"day": needed_until})
    if leaves_on and candidate.procedure.from_abroad is Possibility.IMPOSSIBLE:
        yield Message("guide.before_leaving", {"day": leaves_on})


def as_listed(
    assessment: Assessment,
    choice: Choice,
    decisive: Sequence[Effect],
    situation: Situation,
) -> Assessment:
    """Return a procedure that is not recommended with what to know about it."""
    candidate = assessment.candidate
    if not assessment.is_applicable:
        return assessment
    if situation.goal in _PAUSES and assessment.policy.ends_line:
        return replace(assessment, reasons=(Message("guide.ends_it"), *assessment.reasons))
    is_elsewhere = choice.goal is None and situation.goal in ENDS_NOTHING
    if is_elsewhere or has_other_goal(assessment, choice.goal):
        is_stated = is_elsewhere or choice.goal is not None
        reason = Message("guide.other_goal") if is_stated else Message("guide.ends_nothing")
        return replace(assessment, reasons=(reason, *assessment.reasons))
    if assessment.verdict is Verdict.BLOCKED or not assessment.is_for_applicant:
        return assessment
    if assessment.verdict is not Verdict.POSSIBLE:
        doubts = (*_right(assessment, situation), *_doubt_from_abroad(candidate, situation))
        return replace(assessment, reasons=(*assessment.reasons, *doubts))
    reasons = [
        *_why_not(candidate),
        *_number_at_risk(assessment, situation),
        *_open_decisions(assessment, choice, decisive),
        *_undecided(assessment, situation),
        *_right(assessment, situation),
        *_doubt_from_abroad(candidate, situation),
    ] or [Message("guide.also_possible")]
    reasons += _doubt_of_steps(candidate)
    return replace(assessment, reasons=(*assessment.reasons, *_once(reasons)))


def _once(messages: Iterable[Message]) -> Iterator[Message]:
    """Yield each message once; messages cannot be hashed, for their values are mappings."""
    found: list[Message] = []
    for message in messages:
        if message not in found:
            found.append(message)
            yield message


def _why_not(candidate: Candidate) -> Iterator[Message]:
    """Return why the guide sends nobody to the procedure, though it can be taken."""
    if candidate.is_by_not_paying:
        yield Message("guide.by_not_paying")
    if has_no_known_way(candidate):
        yield Message("guide.how_unknown")


def _number_at_risk(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    """Warn whoever wants to keep the number of what can lose it."""
    policy = assessment.policy
    if situation.keep_number and policy.ends_line and not policy.keeps_number:
        yield Message("guide.can_lose_number")


def _open_decisions(
    assessment: Assessment, choice: Choice, decisive: Iterable[Effect]
) -> Iterator[Message]:
    """Return which answers decide whether it is the procedure to take."""
    candidate = assessment.candidate
    if candidate.id not in choice.ids and not assessment.policy.only_if_asked:
        return
    for effect in decisive:
        name = effect.question.name
        if name in _DECIDES:
            yield Message(_DECIDES[name])
        elif effect.question.turn is Turn.FIRST_DAYS:
            yield Message("guide.first_days_decide")
        else:
            yield Message("guide.need_decides", {"needs": Needs((name,))})


def _undecided(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    """Say what a return or a purchase that is undone depends on, while it is not told."""
    for name in OF_THE_DEVICE:
        is_open = getattr(situation, name) is None
        if assessment.policy.follows_end and is_open and assessment.candidate.codes_of(name):
            yield Message(_DECIDES[name])


def _right(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    policy = assessment.policy
    if policy.window and assessment.right_is_open is None:
        windows = assessment.candidate.windows
        if windows and all(fact in situation.facts for rule in windows for fact in rule.after):
            yield Message("guide.right_may_be_over")
            return
        has_dates = policy.lapses_at_start or bool(assessment.candidate.windows)
        yield Message("guide.right_depends" if has_dates else "guide.right_unknown")


def _doubt_of_steps(candidate: Candidate) -> Iterator[Message]:
    """Warn where the company confirms the procedure, and only others describe its steps."""
    if candidate.steps_evidence in WEAK_EVIDENCE:
        yield Message("guide.steps_from_others")


def _doubt_from_abroad(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Warn where no source says whether the procedure works from abroad."""
    if situation.location == "abroad" and candidate.procedure.from_abroad is Possibility.UNKNOWN:
        yield Message("guide.abroad_unknown")
