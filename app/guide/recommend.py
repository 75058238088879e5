"""What to recommend while questions are open, what to ask next, and what to know about the rest.

The policy in plain words: docs/guide.md. Its reasons: docs/decisions/0010 and 0018.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from app.catalogue.codes import Possibility, Verdict
from app.catalogue.goals import GOALS, LAST, Goal
from app.guide.assess import WEAK_EVIDENCE, Assessment, assess, assess_again
from app.guide.candidates import Candidate
from app.guide.choose import CandidateId, Choice, choose, has_no_known_way, rank, without_covered
from app.guide.questions import MOST_QUESTIONS, Question, Turn, asked, open_questions
from app.guide.situation import CIRCUMSTANCES, Situation
from app.messages.keys import MessageKey
from app.messages.message import Message, Needs

USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})
"""Verdicts on procedures that the person can try."""

_VERDICT_ORDER: Final = (
    Verdict.RECOMMENDED,
    Verdict.POSSIBLE,
    Verdict.UNVERIFIED,
    Verdict.CONDITIONAL,
    Verdict.BLOCKED,
    Verdict.NOT_APPLICABLE,
)

_PAUSES: Final = frozenset({Goal.SUSPEND, Goal.REPORT_LOSS})

_CIRCUMSTANCES_OF_THE_CONTRACT: Final = frozenset({"product", "contract", "plan"})

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

_CONDITIONS: Final[Mapping[str, MessageKey]] = {
    "product": "condition.product",
    "contract": "condition.contract",
    "plan": "condition.plan",
    "keep_number": "condition.keep_number",
    "location": "condition.location",
    "applicant": "condition.applicant",
    "sale": "condition.sale",
    "device": "condition.device",
}
"""Under which condition a procedure is recommended while a question is open."""


@dataclass(frozen=True)
class Condition:
    """What a recommendation presumes: a question that is open, and the presumption in words."""

    question: str
    message: Message


@dataclass(frozen=True)
class Recommendation:
    """The procedures of a carrier with what to do, for one situation."""

    assessments: Sequence[Assessment]
    """The best first, with their reasons."""

    goal: Goal | None
    """The goal that is pursued: the stated one, or the nearest that the company offers."""

    conditions: Mapping[CandidateId, Sequence[Condition]]
    """What each recommended procedure presumes."""

    question: Question | None
    """What to ask next; None when no answer changes what to do."""

    questions_left: int
    """How many questions can still come after this one, at most."""

    options: Sequence[Assessment] = ()
    """The applicable procedures for the person and the goal, the best first."""

    is_out_of_question: bool = False
    """Whether the company offers nothing near to what the person wants."""


class _Effect(NamedTuple):
    """What the answers to one question do to what would be chosen now."""

    question: Question
    leads_elsewhere: bool
    """Whether an answer makes another procedure right."""
    blocks: frozenset[CandidateId]
    """What an answer takes away."""
    adds: bool
    """Whether an answer adds something to what is chosen, or to what can be tried."""
    score: float
    """How much is still open after an answer, on average: the lowest narrows most."""


def recommend(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> Recommendation:
    """Return what to do, and the question that could change it most."""
    assessed = assess(candidates, situation, at)
    assessments = without_covered(assessed)
    choice = choose(assessments, situation)
    budget = MOST_QUESTIONS - asked(candidates, situation, at)
    # What is over for certain raises no question.
    relevant = [
        each.candidate
        for each in assessments
        if each.is_applicable and each.right_is_open is not False
    ]
    open_ones = open_questions(relevant, situation, at)
    unanswered = [*open_ones, *_unknown_questions(relevant, situation, at)]
    case = _Case([each for each in assessed if each.is_applicable], situation, at)
    effects = _effects(unanswered, case, choice, _usable(assessments, choice.goal))
    mattering = [effect for effect in effects if _matters(effect)]
    to_ask = [each for each in mattering if each.question.name not in situation.unknown]
    if budget <= 0 or _is_out_of_question(choice, situation):
        to_ask = []
    decisive = [effect for effect in to_ask if effect.leads_elsewhere]
    recommended = () if decisive else choice.all
    options = [each for each in relevant if _is_option(each, choice, situation)]
    question = _next(to_ask, open_ones, options)
    explained = [
        _recommended(assessment, situation)
        if assessment in recommended
        else _explained(assessment, choice, decisive, situation)
        for assessment in assessments
    ]
    explained.sort(key=lambda assessment: _position(assessment, choice, situation))
    return Recommendation(
        explained,
        choice.goal,
        {
            assessment.candidate.id: list(_conditions(assessment, mattering, situation))
            for assessment in recommended
        },
        question,
        max(0, min(budget, len(open_ones)) - 1) if question else 0,
        [
            each
            for each in explained
            if each.is_applicable
            and each.is_for_applicant
            and not _has_other_goal(each, choice.goal)
        ],
        _is_out_of_question(choice, situation),
    )


def _unknown_questions(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> list[Question]:
    """Return the questions that the person cannot answer: their answers still matter."""
    if not situation.unknown:
        return []
    without = replace(situation, unknown=frozenset())
    return [
        question
        for question in open_questions(candidates, without, at)
        if question.name in situation.unknown
    ]


class _Case(NamedTuple):
    """What answers are tried on: what applies now, for an answer only ever takes away."""

    assessments: Sequence[Assessment]
    situation: Situation
    at: dt.datetime

    def answered(self, question: str, answer: object) -> "_Case":
        """Return the case with one more answer."""
        situation = self.situation.with_answer(question, answer)
        return self._replace(
            assessments=assess_again(self.assessments, question, situation, self.at),
            situation=situation,
        )


def _effects(
    questions: Iterable[Question],
    case: _Case,
    now: Choice,
    usable_now: frozenset[CandidateId],
) -> list[_Effect]:
    effects = []
    for question in questions:
        blocks: set[CandidateId] = set()
        leads_elsewhere, adds, still_usable, decided = False, False, 0, 0
        for answer in question.answers:
            answered = case.answered(question.name, answer)
            assessed = without_covered(answered.assessments)
            then = choose(assessed, answered.situation)
            leads_elsewhere |= then.end_id is not None and then.end_id != now.end_id
            if question.name in _CIRCUMSTANCES_OF_THE_CONTRACT:
                leads_elsewhere |= _is_for_others(now, assessed)
            blocks |= now.ids - then.ids
            usable = _usable(assessed, now.goal)
            adds |= not then.ids <= now.ids or (now.end is None and usable != usable_now)
            still_usable += len(usable | then.ids)
            decided += bool(then.ids)
        score = (still_usable - decided) / len(question.answers)
        effects.append(_Effect(question, leads_elsewhere, frozenset(blocks), adds, score))
    return effects


def _is_for_others(now: Choice, assessed: Iterable[Assessment]) -> bool:
    """Return whether what would be chosen is for somebody else then, and other things are not."""
    fitting = {
        each.candidate.id for each in assessed if each.is_applicable and each.is_for_applicant
    }
    return bool(now.ids - fitting) and bool(fitting)


def _usable(assessments: Iterable[Assessment], goal: Goal | None) -> frozenset[CandidateId]:
    """Return what the person can try to achieve the goal."""
    return frozenset(
        assessment.candidate.id
        for assessment in assessments
        if assessment.verdict in USABLE and not _has_other_goal(assessment, goal)
    )


def _matters(effect: _Effect) -> bool:
    return effect.leads_elsewhere or bool(effect.blocks) or effect.adds


def _is_out_of_question(choice: Choice, situation: Situation) -> bool:
    """Return whether the company offers nothing near to what the person wants.

    What ends the line is no answer to somebody who wants to pause it.
    """
    return (
        situation.goal is not None and choice.goal is None and not GOALS[situation.goal].ends_line
    )


def _is_option(candidate: Candidate, choice: Choice, situation: Situation) -> bool:
    """Return whether the person may take the procedure to reach the goal."""
    if situation.applicants.isdisjoint(candidate.procedure.applies_to.applicants):
        return False
    if choice.goal is not None:
        return candidate.goal is choice.goal
    is_wanted_port = candidate.goal is Goal.PORT_OUT and situation.keep_number is not False
    return is_wanted_port or not candidate.policy.only_if_asked


def _next(
    to_ask: Sequence[_Effect],
    open_ones: Iterable[Question],
    options: Iterable[Candidate],
) -> Question | None:
    """Return the question that could change the recommendation most.

    Where the person is comes first if any option depends on it: a shop is no help from abroad.
    """
    if not to_ask:
        return None
    depends_on_place = any(
        option.procedure.from_abroad is not Possibility.POSSIBLE for option in options
    )
    for question in open_ones:
        if question.turn is Turn.LOCATION and depends_on_place:
            return question
    return min(
        to_ask,
        key=lambda effect: (
            effect.question.turn,
            not effect.leads_elsewhere,
            not effect.blocks,
            effect.score,
        ),
    ).question


def _conditions(
    assessment: Assessment, effects: Iterable[_Effect], situation: Situation
) -> Iterator[Condition]:
    """Return what the recommendation presumes: every open answer that would take it away."""
    candidate = assessment.candidate
    for effect in effects:
        if candidate.id in effect.blocks or (
            effect.leads_elsewhere and not assessment.policy.follows_end
        ):
            name = effect.question.name
            yield Condition(name, _condition(name, candidate, situation))


def _condition(question: str, candidate: Candidate, situation: Situation) -> Message:
    if question in CIRCUMSTANCES:
        return Message(_CONDITIONS[question])
    for requirement in candidate.requirements:
        if question in requirement.needs and _is_open(requirement.need, situation):
            if requirement.replacements:
                others = tuple(need for need in requirement.needs if need != requirement.need)
                values = {"needs": Needs((requirement.need,)), "others": Needs(others)}
                return Message("condition.need_or_others", values)
            return Message("condition.need", {"needs": Needs((requirement.need,))})
    if candidate.policy.window:
        return Message("condition.right")
    return Message("condition.no_other_right")


def _is_open(need: str, situation: Situation) -> bool:
    return need not in situation.possessions.have


class _Position(NamedTuple):
    """Where an assessment is listed; lower comes first."""

    does_not_apply: bool
    misses_the_goal: bool
    """The one that is stated, or that keeps the number."""
    ends_the_line: bool
    """Where the person wants to pause it."""
    is_for_others: bool
    ends_nothing: bool
    """Where the line is to end."""
    is_not_recommended: bool
    may_have_lapsed: bool
    """A right of the first days comes first only while it is known to be open."""
    follows: bool
    """What goes with an end comes after it."""
    verdict: int
    rank: int
    slug: str


def _position(assessment: Assessment, choice: Choice, situation: Situation) -> _Position:
    candidate, policy = assessment.candidate, assessment.policy
    goal = choice.goal or (Goal.PORT_OUT if situation.keep_number else None)
    return _Position(
        not assessment.is_applicable,
        goal is not None and assessment.goal is not goal,
        situation.goal in _PAUSES and policy.ends_line,
        not assessment.is_for_applicant,
        _has_other_goal(assessment, None),
        assessment.verdict is not Verdict.RECOMMENDED,
        bool(policy.ends_line and policy.window) and not assessment.right_is_open,
        policy.follows_end and assessment.goal is not goal,
        _VERDICT_ORDER.index(assessment.verdict),
        LAST if policy.only_if_asked and assessment.goal is not goal else rank(candidate),
        candidate.slug,
    )


def _has_other_goal(assessment: Assessment, goal: Goal | None) -> bool:
    """Return whether it leads elsewhere. Without a goal, the line is to end."""
    if goal is None:
        return not (assessment.policy.ends_line or assessment.policy.follows_end)
    return assessment.goal is not goal


def _recommended(assessment: Assessment, situation: Situation) -> Assessment:
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


def _explained(
    assessment: Assessment,
    choice: Choice,
    decisive: Sequence[_Effect],
    situation: Situation,
) -> Assessment:
    """Return a procedure that is not recommended with what to know about it."""
    candidate = assessment.candidate
    if not assessment.is_applicable:
        return assessment
    if situation.goal in _PAUSES and assessment.policy.ends_line:
        return replace(assessment, reasons=(Message("guide.ends_it"), *assessment.reasons))
    if _has_other_goal(assessment, choice.goal):
        reason = Message("guide.other_goal") if choice.goal else Message("guide.ends_nothing")
        return replace(assessment, reasons=(reason, *assessment.reasons))
    if assessment.verdict is not Verdict.POSSIBLE or not assessment.is_for_applicant:
        return assessment
    reasons = [
        *_why_not(candidate),
        *_number_at_risk(assessment, situation),
        *_open_decisions(assessment, choice, decisive),
        *_right(assessment),
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
    assessment: Assessment, choice: Choice, decisive: Iterable[_Effect]
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


def _right(assessment: Assessment) -> Iterator[Message]:
    policy = assessment.policy
    if policy.window and assessment.right_is_open is None:
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
