"""Recommendation: what to recommend while questions are open, and what to ask next.

Assesses the candidates (`assess`), makes the choice (`choose`) and tries the open answers on it
(`lookahead`). If an answer can make another procedure right, nothing is recommended and the guide
asks. Any other open answer that would take a recommendation away becomes a condition of it. The
policy: docs/guide.md. Its reasons: docs/decisions/0010 and 0019.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.catalogue.codes import Possibility
from app.catalogue.goals import GOALS, Goal
from app.facts.specs import Fact
from app.guide.assess import Assessment, assess, is_out_of_reach
from app.guide.candidates import Candidate, CandidateId
from app.guide.choose import Choice, choose, has_other_goal, without_covered
from app.guide.explain import as_listed, as_recommended, position_of
from app.guide.lookahead import Case, Effect, look_ahead
from app.guide.needs import Requirement
from app.guide.questions import (
    MOST_QUESTIONS,
    Priority,
    Question,
    asked,
    open_questions,
    unknown_questions,
)
from app.guide.situation import Situation
from app.messages.keys import MessageKey
from app.messages.message import Devices, Message, Needs, Sales

_CONDITIONS: Final[Mapping[str, MessageKey]] = {
    "product": "condition.product",
    "contract": "condition.contract",
    "plan": "condition.plan",
    "keep_number": "condition.keep_number",
    "location": "condition.location",
    "applicant": "condition.applicant",
}
"""The condition of a recommendation while the question is open."""


@dataclass(frozen=True)
class Condition:
    """An open question, and the answer to it that a recommendation presumes."""

    question: str
    message: Message
    """The presumed answer."""


@dataclass(frozen=True)
class Recommendation:
    """The assessed procedures of a carrier for one situation, and the question to ask next."""

    assessments: Sequence[Assessment]
    """All assessments with their reasons, the best first."""

    goal: Goal | None
    """The effective goal: the stated one, or the nearest the carrier offers. None: end the line."""

    conditions: Mapping[CandidateId, Sequence[Condition]]
    """The conditions of each recommended procedure."""

    question: Question | None
    """The next question; None if no answer would change anything, or all questions are used up."""

    questions_left: int
    """How many questions can follow this one, at most."""

    options: Sequence[Assessment]
    """The assessments of procedures that the person can apply for, for the goal; the best first."""

    is_goal_unavailable: bool
    """Whether the stated goal does not end the line, and the carrier offers nothing near it."""


def recommend(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> Recommendation:
    """Return the recommended procedures with their conditions, and the question to ask next.

    At most `MOST_QUESTIONS` are asked. After them, the choice is recommended with the conditions
    that are still open.
    """
    outlook = _Outlook(candidates, situation, at)
    choice, to_ask = outlook.choice, outlook.to_ask
    questions_left = _questions_left(outlook) if to_ask else 0
    if questions_left <= 0:
        to_ask = []
    decisive = [effect for effect in to_ask if effect.redirects]
    recommended = () if decisive else choice.all
    effects = outlook.effects if recommended else []
    assessments = [
        as_recommended(assessment, situation)
        if assessment in recommended
        else as_listed(assessment, choice, decisive, situation)
        for assessment in outlook.assessments
    ]
    assessments.sort(key=lambda assessment: position_of(assessment, choice, situation))
    question = outlook.next_question(to_ask)
    most_left = min(questions_left, len(outlook.open_questions))
    return Recommendation(
        assessments=assessments,
        goal=choice.goal,
        conditions={
            assessment.candidate.id: list(_conditions(assessment, effects, situation))
            for assessment in recommended
        },
        question=question,
        questions_left=max(0, most_left - 1) if question else 0,
        options=[
            assessment
            for assessment in assessments
            if assessment.is_applicable
            and assessment.is_for_applicant
            and not has_other_goal(assessment, choice.goal)
        ],
        is_goal_unavailable=outlook.is_goal_unavailable,
    )


class _Outlook:
    """The choice in a situation, and the open questions whose answers matter for it."""

    def __init__(
        self, candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
    ) -> None:
        """Assess the candidates and make the choice; answers are tried when they are needed."""
        self.candidates, self.situation, self.at = candidates, situation, at
        assessed = assess(candidates, situation, at)
        self.assessments = without_covered(assessed)
        self.choice = choose(self.assessments, situation)
        self.is_goal_unavailable = _is_goal_unavailable(self.choice, situation)
        # Rights that are over and procedures out of reach raise no question.
        self.relevant = [
            assessment.candidate
            for assessment in self.assessments
            if assessment.is_applicable
            and assessment.right_is_open is not False
            and not is_out_of_reach(assessment.candidate, situation)
        ]
        self.open_questions = open_questions(self.relevant, situation, at)
        self._case = Case(
            [assessment for assessment in assessed if assessment.is_applicable], situation, at
        )

    @cached_property
    def effects(self) -> list[Effect]:
        """The effects of all open questions that matter, `unknown` ones included."""
        unknown = unknown_questions(self.relevant, self.situation, self.at)
        return self._effects_of([*self.open_questions, *unknown])

    @cached_property
    def to_ask(self) -> list[Effect]:
        """The effects of the questions worth asking.

        If the location or the applicant decides, no other question is tried, which saves most of
        the cost: nothing can be recommended before that answer.
        """
        if self.is_goal_unavailable:
            return []
        for priority in (Priority.LOCATION, Priority.APPLICANT):
            effects = self._effects_of(
                [question for question in self.open_questions if question.priority is priority]
            )
            if effects and effects[0].redirects:
                return effects
            if effects:
                break  # It is asked next but does not decide; the other questions are tried too.
        return [
            effect for effect in self.effects if effect.question.name not in self.situation.unknown
        ]

    def _effects_of(self, questions: Sequence[Question]) -> list[Effect]:
        effects = look_ahead(questions, self._case, self.choice)
        return [effect for effect in effects if effect.matters]

    def next_question(self, to_ask: Sequence[Effect]) -> Question | None:
        """Return the question whose answer could change the recommendation most.

        The location comes first if any option depends on it: a shop does not help a person abroad.
        """
        if not to_ask:
            return None
        depends_on_location = any(
            _is_option(candidate, self.choice, self.situation)
            and candidate.procedure.from_abroad is not Possibility.POSSIBLE
            for candidate in self.relevant
        )
        for question in self.open_questions:
            if question.priority is Priority.LOCATION and depends_on_location:
                return question
        return min(
            to_ask,
            key=lambda effect: (
                effect.question.priority,
                not effect.redirects,
                not effect.blocks,
                effect.score,
            ),
        ).question


def _questions_left(outlook: _Outlook) -> int:
    """Return how many questions can still be asked, including the next one."""
    # `asked` is cheap, but also counts facts that the person stated without being asked. They must
    # not use up questions, so the exact number is computed before the guide stops asking.
    left_at_least = MOST_QUESTIONS - asked(outlook.candidates, outlook.situation, outlook.at)
    return left_at_least if left_at_least > 0 else MOST_QUESTIONS - _asked_so_far(outlook)


def _asked_so_far(outlook: _Outlook) -> int:
    """Return how many of the person's answers are to questions that the guide has asked.

    The service stores nothing, so this asks the questions again from the beginning.
    """
    situation = outlook.situation.without_answers()
    for count in range(MOST_QUESTIONS):
        earlier = _Outlook(outlook.candidates, situation, outlook.at)
        question = earlier.next_question(earlier.to_ask)
        if question is None or not outlook.situation.settles(question.name):
            return count
        situation = situation.with_answer_of(outlook.situation, question.name)
    return MOST_QUESTIONS


def _is_goal_unavailable(choice: Choice, situation: Situation) -> bool:
    """Return whether the carrier offers nothing near the stated goal.

    A procedure that ends the line is no substitute for a goal such as pausing it.
    """
    return (
        situation.goal is not None and choice.goal is None and not GOALS[situation.goal].ends_line
    )


def _is_option(candidate: Candidate, choice: Choice, situation: Situation) -> bool:
    """Return whether the person may take the procedure to reach the goal."""
    if situation.applicants.isdisjoint(candidate.applicants):
        return False
    if choice.goal is not None:
        return candidate.goal is choice.goal
    is_wanted_port = candidate.goal is Goal.PORT_OUT and situation.keep_number is not False
    return is_wanted_port or not candidate.policy.only_if_asked


def _conditions(
    assessment: Assessment, effects: Iterable[Effect], situation: Situation
) -> Iterator[Condition]:
    """Yield a condition for every open question with an answer that takes the procedure away."""
    candidate = assessment.candidate
    for effect in effects:
        name = effect.question.name
        follows_any_end = assessment.policy.follows_end and not candidate.policy.window
        if (
            follows_any_end
            and effect.question.priority is Priority.EARLY_CANCELLATION
            and name in set(Fact)
        ):
            continue  # A follow-up does not depend on which end it follows.
        if candidate.id in effect.blocks or (
            effect.redirects and not assessment.policy.follows_end
        ):
            yield Condition(name, _condition(name, candidate, situation))


def _condition(question: str, candidate: Candidate, situation: Situation) -> Message:
    applies_to = candidate.procedure.applies_to
    if question == "sale":
        return Message("condition.sale", {"sales": Sales(applies_to.sales)})
    if question == "device":
        return Message("condition.device", {"devices": Devices(applies_to.devices)})
    if question in _CONDITIONS:
        return Message(_CONDITIONS[question])
    for requirement in candidate.requirements:
        if question in requirement.needs and requirement.need not in situation.possessions.have:
            return _need_condition(requirement)
    return Message("condition.right" if candidate.policy.window else "condition.no_other_right")


def _need_condition(requirement: Requirement) -> Message:
    need = Needs((requirement.need,))
    if not requirement.replacements:
        return Message("condition.need", {"needs": need})
    others = tuple(code for code in requirement.needs if code != requirement.need)
    return Message("condition.need_or_others", {"needs": need, "others": Needs(others)})
