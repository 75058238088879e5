"""Lookahead: what each answer to an open question would change.

`look_ahead` tries every answer on the current assessments and compares the choice after it with the
current choice. An answer can make another procedure right, take a chosen one away, or add one.
`recommend` derives the next question and the conditions from this. Reasons: docs/decisions/0019.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.catalogue.codes import Verdict
from app.catalogue.goals import Goal
from app.guide.assess import Assessment, assess_again
from app.guide.candidates import CandidateId
from app.guide.choose import (
    DEVICE_CIRCUMSTANCES,
    Choice,
    choose,
    has_other_goal,
    without_covered,
)
from app.guide.needs import Supply
from app.guide.questions import Priority, Question
from app.guide.situation import CIRCUMSTANCES, Situation

USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})
"""Verdicts on procedures that the person can try."""

_CONTRACT_CIRCUMSTANCES: Final = frozenset({"product", "contract", "plan"})


class Effect(NamedTuple):
    """What the answers to one question would change in the current choice."""

    question: Question
    redirects: bool
    """Whether an answer makes another procedure right."""
    blocks: frozenset[CandidateId]
    """Chosen procedures that an answer takes away."""
    adds: bool
    """Whether an answer adds to the choice or, while `end` is None, changes what can be tried."""
    score: float
    """Average over the answers: procedures that can still be tried, less one if any is chosen.

    The question with the lowest score narrows the choice most.
    """

    @property
    def matters(self) -> bool:
        """Whether any answer changes what to do."""
        return self.redirects or bool(self.blocks) or self.adds


class Case(NamedTuple):
    """The applicable assessments, the situation and the instant on which answers are tried.

    Other assessments are left out, because an answer never makes a procedure applicable.
    """

    assessments: Sequence[Assessment]
    situation: Situation
    at: dt.datetime

    def answered(self, question: str, answer: object) -> "Case":
        """Return the case with one more answer.

        If the answer is that a need is lacking, its replacements are taken as lacking too unless
        the person has them: the guide would ask about them next.
        """
        situation = self.situation.with_answer(question, answer)
        if question in DEVICE_CIRCUMSTANCES:
            # A follow-up needs both circumstances. Mark them unknown, so that the one that is not
            # asked about does not hold it back.
            situation = replace(situation, unknown=situation.unknown | set(DEVICE_CIRCUMSTANCES))
        if answer is False and question not in CIRCUMSTANCES:
            situation = replace(situation, lack=situation.lack | self._replacements(question))
        return self._replace(
            assessments=assess_again(self.assessments, question, situation, self.at),
            situation=situation,
        )

    def _replacements(self, need: str) -> frozenset[str]:
        have = self.situation.possessions.have
        return frozenset(
            other
            for assessment in self.assessments
            for requirement in assessment.candidate.requirements
            if requirement.need == need
            for other in requirement.needs
            if other not in have
        )


def look_ahead(questions: Iterable[Question], case: Case, current: Choice) -> list[Effect]:
    """Return the effect of each question that can matter on the current choice."""
    usable_now = _usable(without_covered(case.assessments), current.goal)
    return [
        _effect(question, case, current, usable_now)
        for question in questions
        if _can_matter(question, case, current)
    ]


def _effect(
    question: Question, case: Case, current: Choice, usable_now: frozenset[CandidateId]
) -> Effect:
    blocks: set[CandidateId] = set()
    redirects, adds, still_usable, decided = False, False, 0, 0
    for answer in question.answers:
        case_after = case.answered(question.name, answer)
        assessed = without_covered(case_after.assessments)
        choice = choose(assessed, case_after.situation)
        redirects |= choice.end_id is not None and choice.end_id != current.end_id
        # If a location takes a chosen procedure away, nothing is recommended until it is known.
        redirects |= question.priority is Priority.LOCATION and bool(current.ids - choice.ids)
        if question.name in _CONTRACT_CIRCUMSTANCES:
            redirects |= _is_superseded(current, assessed)
        blocks |= current.ids - choice.ids
        usable = _usable(assessed, current.goal)
        adds |= not choice.ids <= current.ids or (current.end is None and usable != usable_now)
        still_usable += len(usable | choice.ids)
        decided += bool(choice.ids)
    score = (still_usable - decided) / len(question.answers)
    return Effect(question, redirects, frozenset(blocks), adds, score)


def _can_matter(question: Question, case: Case, current: Choice) -> bool:
    """Return whether an answer to the question can change the choice.

    Trying answers is expensive. While a procedure is chosen, an answer about a need matters only if
    a chosen procedure requires the need, or if the need is the condition of an applicable one.
    """
    if current.end is None or current.goal is Goal.RESTORE_ACCESS:
        return True
    if question.priority is not Priority.REST or question.name in CIRCUMSTANCES:
        return True
    possessions = case.situation.possessions
    for assessment in current.all:
        relations = assessment.candidate.relations
        for requirement in assessment.candidate.requirements:
            if possessions.supply(requirement) is Supply.OPEN and (
                question.name in requirement.needs
                or question.name in relations.related(frozenset(requirement.needs))
            ):
                return True
    return any(
        question.name in assessment.candidate.procedure.only_lacking
        for assessment in case.assessments
    )


def _is_superseded(current: Choice, assessed: Iterable[Assessment]) -> bool:
    """Return whether a chosen procedure no longer applies, and another one for the goal does."""
    applicable = {
        assessment.candidate.id
        for assessment in assessed
        if assessment.is_applicable
        and assessment.is_for_applicant
        and not has_other_goal(assessment, current.goal)
    }
    return bool(current.ids - applicable) and bool(applicable)


def _usable(assessments: Iterable[Assessment], goal: Goal | None) -> frozenset[CandidateId]:
    """Return the procedures that the person can try to achieve the goal."""
    return frozenset(
        assessment.candidate.id
        for assessment in assessments
        if assessment.verdict in USABLE and not has_other_goal(assessment, goal)
    )
