"""Explanations: the reasons shown with each procedure, and the order of the list.

`as_recommended` and `as_listed` add reasons to the assessments, and `position_of` orders them. They
take the choice as given: `recommend` decides what is recommended. The policy: docs/guide.md. Its
reasons: docs/decisions/0010.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.catalogue.codes import Possibility, Verdict
from app.catalogue.goals import LAST, Goal
from app.guide.assess import REPRESENTATIVES, WEAK_EVIDENCE, Assessment
from app.guide.candidates import Candidate
from app.guide.choose import (
    DEVICE_CIRCUMSTANCES,
    NON_ENDING_GOALS,
    Choice,
    has_other_goal,
    has_unknown_channel,
    rank,
)
from app.guide.lookahead import Effect
from app.guide.questions import Priority
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

_PAUSE_GOALS: Final = frozenset({Goal.SUSPEND, Goal.REPORT_LOSS})

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
"""By question: the message that its answer decides whether the procedure is right."""


class _Position(NamedTuple):
    """Sort key of an assessment in the list. Lower comes first; earlier fields count more."""

    does_not_apply: bool
    misses_goal: bool
    """Has another goal than the effective one; without one, than `port_out` to keep a number."""
    ends_line: bool
    """Ends the line although the person wants to pause it."""
    applicant_distance: int
    """0: the person may apply. 1: a representative of the holder may. 2: only others may."""
    is_unrelated_to_end: bool
    """Neither ends the line nor follows an end."""
    restores_something_else: bool
    """Restores none of the missing needs although the goal is to restore access."""
    is_not_recommended: bool
    may_have_lapsed: bool
    """A right to end the contract that lapses, unless it is known to be open."""
    follows_end: bool
    """Follows an end, such as a return, and is not the goal itself."""
    verdict: int
    rank: int
    slug: str


def position_of(assessment: Assessment, choice: Choice, situation: Situation) -> _Position:
    """Return the sort key of the assessment in the list."""
    candidate, policy = assessment.candidate, assessment.policy
    goal = choice.goal or (Goal.PORT_OUT if situation.keep_number else None)
    return _Position(
        not assessment.is_applicable,
        goal is not None and assessment.goal is not goal,
        situation.goal in _PAUSE_GOALS and policy.ends_line,
        _applicant_distance(assessment),
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


def _applicant_distance(assessment: Assessment) -> int:
    if assessment.is_for_applicant:
        return 0
    return 1 if REPRESENTATIVES & assessment.candidate.applicants else 2


def as_recommended(assessment: Assessment, situation: Situation) -> Assessment:
    """Return the assessment as `recommended`, with the reasons to take the procedure."""
    candidate = assessment.candidate
    reasons = (
        Message("guide.lapses" if candidate.lapses else candidate.policy.reason),
        *assessment.reasons,
        *_hints(candidate, situation),
        *_doubt_from_abroad(candidate, situation),
        *_doubt_about_steps(candidate),
    )
    return replace(assessment, verdict=Verdict.RECOMMENDED, reasons=reasons)


def _hints(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Yield what the person's own dates mean for the procedure."""
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
    """Return the assessment with the reasons why the procedure is not recommended.

    `decisive` are the effects of open questions that can make another procedure right.
    """
    candidate = assessment.candidate
    if not assessment.is_applicable:
        return assessment
    if situation.goal in _PAUSE_GOALS and assessment.policy.ends_line:
        return replace(assessment, reasons=(Message("guide.ends_it"), *assessment.reasons))
    is_goal_unavailable = choice.goal is None and situation.goal in NON_ENDING_GOALS
    if is_goal_unavailable or has_other_goal(assessment, choice.goal):
        has_goal = is_goal_unavailable or choice.goal is not None
        reason = Message("guide.other_goal") if has_goal else Message("guide.ends_nothing")
        return replace(assessment, reasons=(reason, *assessment.reasons))
    if assessment.verdict is Verdict.BLOCKED or not assessment.is_for_applicant:
        return assessment
    if assessment.verdict is not Verdict.POSSIBLE:
        doubts = (
            *_doubt_about_right(assessment, situation),
            *_doubt_from_abroad(candidate, situation),
        )
        return replace(assessment, reasons=(*assessment.reasons, *doubts))
    reasons = [
        *_why_never_recommended(candidate),
        *_number_at_risk(assessment, situation),
        *_open_decisions(assessment, choice, decisive),
        *_unstated_circumstances(assessment, situation),
        *_doubt_about_right(assessment, situation),
        *_doubt_from_abroad(candidate, situation),
    ] or [Message("guide.also_possible")]
    reasons += _doubt_about_steps(candidate)
    return replace(assessment, reasons=(*assessment.reasons, *_once(reasons)))


def _once(messages: Iterable[Message]) -> Iterator[Message]:
    """Yield each message once. Messages cannot be hashed, because their values are mappings."""
    seen: list[Message] = []
    for message in messages:
        if message not in seen:
            seen.append(message)
            yield message


def _why_never_recommended(candidate: Candidate) -> Iterator[Message]:
    """Yield why the guide never recommends the procedure, although it is possible."""
    if candidate.is_by_not_paying:
        yield Message("guide.by_not_paying")
    if has_unknown_channel(candidate):
        yield Message("guide.how_unknown")


def _number_at_risk(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    """Warn a person who wants to keep the number about a procedure that can lose it."""
    policy = assessment.policy
    if situation.keep_number and policy.ends_line and not policy.keeps_number:
        yield Message("guide.can_lose_number")


def _open_decisions(
    assessment: Assessment, choice: Choice, decisive: Iterable[Effect]
) -> Iterator[Message]:
    """Yield which open answers decide whether it is the procedure to take."""
    candidate = assessment.candidate
    if candidate.id not in choice.ids and not assessment.policy.only_if_asked:
        return
    for effect in decisive:
        name = effect.question.name
        if name in _DECIDES:
            yield Message(_DECIDES[name])
        elif effect.question.priority is Priority.EARLY_CANCELLATION:
            yield Message("guide.first_days_decide")
        else:
            yield Message("guide.need_decides", {"needs": Needs((name,))})


def _unstated_circumstances(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    """Yield the circumstances that a follow-up depends on and that are not stated."""
    for name in DEVICE_CIRCUMSTANCES:
        is_open = getattr(situation, name) is None
        if assessment.policy.follows_end and is_open and assessment.candidate.codes_of(name):
            yield Message(_DECIDES[name])


def _doubt_about_right(assessment: Assessment, situation: Situation) -> Iterator[Message]:
    """Yield why it is not known whether a right that lapses can still be used."""
    policy, windows = assessment.policy, assessment.candidate.windows
    if not policy.window or assessment.right_is_open is not None:
        return
    if windows and all(fact in situation.facts for rule in windows for fact in rule.after):
        yield Message("guide.right_may_be_over")
    elif windows or policy.lapses_at_start:
        yield Message("guide.right_depends")
    else:
        yield Message("guide.right_unknown")


def _doubt_about_steps(candidate: Candidate) -> Iterator[Message]:
    """Warn if only third parties describe the steps of the procedure."""
    if candidate.steps_evidence in WEAK_EVIDENCE:
        yield Message("guide.steps_from_others")


def _doubt_from_abroad(candidate: Candidate, situation: Situation) -> Iterator[Message]:
    """Warn a person abroad if no source says whether the procedure works from there."""
    if situation.location == "abroad" and candidate.procedure.from_abroad is Possibility.UNKNOWN:
        yield Message("guide.abroad_unknown")
