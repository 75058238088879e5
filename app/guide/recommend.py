"""What to recommend while questions are open, and what to ask next.

The policy in plain words: docs/guide.md. Its reasons: docs/decisions/0010 and 0019.
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
from app.guide.candidates import Candidate
from app.guide.choose import CandidateId, Choice, choose, has_other_goal, without_covered
from app.guide.explain import as_listed, as_recommended, position_of
from app.guide.lookahead import Case, Effect, look_ahead
from app.guide.needs import Requirement
from app.guide.questions import (
    MOST_QUESTIONS,
    Question,
    Turn,
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

    options: Sequence[Assessment]
    """The applicable procedures for the person and the goal, the best first."""

    is_out_of_question: bool
    """Whether the company offers nothing near to what the person wants."""


def recommend(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> Recommendation:
    """Return what to do, and the question that could change it most."""
    outlook = _Outlook(candidates, situation, at)
    choice, to_ask = outlook.choice, outlook.to_ask
    left = _questions_left(outlook) if to_ask else 0
    if left <= 0:
        to_ask = []
    decisive = [effect for effect in to_ask if effect.leads_elsewhere]
    recommended = () if decisive else choice.all
    mattering = outlook.mattering if recommended else []
    assessments = [
        as_recommended(assessment, situation)
        if assessment in recommended
        else as_listed(assessment, choice, decisive, situation)
        for assessment in outlook.assessments
    ]
    assessments.sort(key=lambda assessment: position_of(assessment, choice, situation))
    question = outlook.next_of(to_ask)
    return Recommendation(
        assessments,
        choice.goal,
        {
            assessment.candidate.id: list(_conditions(assessment, mattering, situation))
            for assessment in recommended
        },
        question,
        max(0, min(left, len(outlook.open_questions)) - 1) if question else 0,
        [
            each
            for each in assessments
            if each.is_applicable
            and each.is_for_applicant
            and not has_other_goal(each, choice.goal)
        ],
        outlook.is_out_of_question,
    )


class _Outlook:
    """What would be chosen in a situation, and which open answers matter for it."""

    def __init__(
        self, candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
    ) -> None:
        """Assess the candidates, and again for each answer that is open."""
        self.candidates, self.situation, self.at = candidates, situation, at
        assessed = assess(candidates, situation, at)
        self.assessments = without_covered(assessed)
        self.choice = choose(self.assessments, situation)
        self.is_out_of_question = _is_out_of_question(self.choice, situation)
        # What is over, or cannot be reached from there, raises no question.
        self.relevant = [
            each.candidate
            for each in self.assessments
            if each.is_applicable
            and each.right_is_open is not False
            and not is_out_of_reach(each.candidate, situation)
        ]
        self.open_questions = open_questions(self.relevant, situation, at)
        self._case = Case([each for each in assessed if each.is_applicable], situation, at)

    @cached_property
    def mattering(self) -> list[Effect]:
        """The questions of which an answer matters, those included that cannot be answered."""
        unknown = unknown_questions(self.relevant, self.situation, self.at)
        return self._effects_of([*self.open_questions, *unknown])

    @cached_property
    def to_ask(self) -> list[Effect]:
        """The questions worth asking, and what their answers do.

        One that comes before all others and decides is enough: nothing is recommended before it.
        """
        if self.is_out_of_question:
            return []
        for turn in (Turn.LOCATION, Turn.APPLICANT):
            first = self._effects_of([each for each in self.open_questions if each.turn is turn])
            if first and first[0].leads_elsewhere:
                return first
            if first:
                break  # It comes next without deciding, so others can decide as well.
        return [
            effect
            for effect in self.mattering
            if effect.question.name not in self.situation.unknown
        ]

    def _effects_of(self, questions: Sequence[Question]) -> list[Effect]:
        effects = look_ahead(questions, self._case, self.choice)
        return [effect for effect in effects if effect.matters]

    def next_of(self, to_ask: Sequence[Effect]) -> Question | None:
        """Return the question that could change the recommendation most.

        Where the person is comes first if any option depends on it: a shop is no help from abroad.
        """
        if not to_ask:
            return None
        depends_on_place = any(
            _is_option(candidate, self.choice, self.situation)
            and candidate.procedure.from_abroad is not Possibility.POSSIBLE
            for candidate in self.relevant
        )
        for question in self.open_questions:
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


def _questions_left(outlook: _Outlook) -> int:
    """Return how many questions can still be asked, the next one included."""
    left = MOST_QUESTIONS - asked(outlook.candidates, outlook.situation, outlook.at)
    # Facts that nobody asked for take none of the questions away.
    return left if left > 0 else MOST_QUESTIONS - _asked_so_far(outlook)


def _asked_so_far(outlook: _Outlook) -> int:
    """Return how many of the person's answers are to questions that the guide has asked."""
    situation = outlook.situation.without_answers()
    for count in range(MOST_QUESTIONS):
        earlier = _Outlook(outlook.candidates, situation, outlook.at)
        question = earlier.next_of(earlier.to_ask)
        if question is None or not outlook.situation.settles(question.name):
            return count
        situation = situation.with_answer_of(outlook.situation, question.name)
    return MOST_QUESTIONS


def _is_out_of_question(choice: Choice, situation: Situation) -> bool:
    """Return whether the company offers nothing near to what the person wants.

    What ends the line is no answer to somebody who wants to pause it.
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
    """Return what the recommendation presumes: every open answer that would take it away."""
    candidate = assessment.candidate
    for effect in effects:
        name = effect.question.name
        follows_any_end = assessment.policy.follows_end and not candidate.policy.window
        if follows_any_end and effect.question.turn is Turn.FIRST_DAYS and name in set(Fact):
            continue  # What goes with an end does not depend on which end it is.
        if candidate.id in effect.blocks or (
            effect.leads_elsewhere and not assessment.policy.follows_end
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
            return _need(requirement)
    return Message("condition.right" if candidate.policy.window else "condition.no_other_right")


def _need(requirement: Requirement) -> Message:
    needed = Needs((requirement.need,))
    if not requirement.replacements:
        return Message("condition.need", {"needs": needed})
    others = tuple(need for need in requirement.needs if need != requirement.need)
    return Message("condition.need_or_others", {"needs": needed, "others": Needs(others)})
