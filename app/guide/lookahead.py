"""What the answers to the open questions would change."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from app.catalogue.codes import Verdict
from app.catalogue.goals import Goal
from app.guide.assess import Assessment, assess_again
from app.guide.choose import (
    OF_THE_DEVICE,
    CandidateId,
    Choice,
    choose,
    has_other_goal,
    without_covered,
)
from app.guide.needs import Supply
from app.guide.questions import Question, Turn
from app.guide.situation import CIRCUMSTANCES, Situation

USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})
"""Verdicts on procedures that the person can try."""

_CIRCUMSTANCES_OF_THE_CONTRACT: Final = frozenset({"product", "contract", "plan"})


class Effect(NamedTuple):
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

    @property
    def matters(self) -> bool:
        """Whether any answer changes what to do."""
        return self.leads_elsewhere or bool(self.blocks) or self.adds


class Case(NamedTuple):
    """What answers are tried on: what applies now, for an answer only ever takes away."""

    assessments: Sequence[Assessment]
    situation: Situation
    at: dt.datetime

    def answered(self, question: str, answer: object) -> "Case":
        """Return the case with one more answer.

        Whoever lacks something is taken to lack what could replace it, too: that is asked next.
        """
        situation = self.situation.with_answer(question, answer)
        if question in OF_THE_DEVICE:
            # Both have to be told; the other is tried as if it were.
            situation = replace(situation, unknown=situation.unknown | set(OF_THE_DEVICE))
        if answer is False and question not in CIRCUMSTANCES:
            situation = replace(situation, lack=situation.lack | self._replacements(question))
        return self._replace(
            assessments=assess_again(self.assessments, question, situation, self.at),
            situation=situation,
        )

    def _replacements(self, need: str) -> frozenset[str]:
        known = self.situation.possessions
        return frozenset(
            other
            for assessment in self.assessments
            for requirement in assessment.candidate.requirements
            if requirement.need == need
            for other in requirement.needs
            if other not in known.have
        )


def look_ahead(questions: Iterable[Question], case: Case, now: Choice) -> list[Effect]:
    """Return what the answers to each question do to the choice."""
    usable_now = _usable(without_covered(case.assessments), now.goal)
    return [
        _effect(question, case, now, usable_now)
        for question in questions
        if _can_matter(question, case, now)
    ]


def _effect(
    question: Question, case: Case, now: Choice, usable_now: frozenset[CandidateId]
) -> Effect:
    blocks: set[CandidateId] = set()
    leads_elsewhere, adds, still_usable, decided = False, False, 0, 0
    for answer in question.answers:
        answered = case.answered(question.name, answer)
        assessed = without_covered(answered.assessments)
        then = choose(assessed, answered.situation)
        leads_elsewhere |= then.end_id is not None and then.end_id != now.end_id
        # What cannot be done from abroad is only for whoever is in Japan.
        leads_elsewhere |= question.turn is Turn.LOCATION and bool(now.ids - then.ids)
        if question.name in _CIRCUMSTANCES_OF_THE_CONTRACT:
            leads_elsewhere |= _is_for_others(now, assessed)
        blocks |= now.ids - then.ids
        usable = _usable(assessed, now.goal)
        adds |= not then.ids <= now.ids or (now.end is None and usable != usable_now)
        still_usable += len(usable | then.ids)
        decided += bool(then.ids)
    score = (still_usable - decided) / len(question.answers)
    return Effect(question, leads_elsewhere, frozenset(blocks), adds, score)


def _can_matter(question: Question, case: Case, now: Choice) -> bool:
    """Return whether an answer about a need can change what is chosen.

    Lacking something takes procedures away, meets the condition of one, or asks for what restores
    it: where none of these is about what is chosen, nothing changes.
    """
    if now.end is None or now.goal is Goal.RESTORE_ACCESS:
        return True
    if question.turn is not Turn.REST or question.name in CIRCUMSTANCES:
        return True
    possessions = case.situation.possessions
    for each in now.all:
        relations = each.candidate.relations
        for requirement in each.candidate.requirements:
            if possessions.supply(requirement) is Supply.OPEN and (
                question.name in requirement.needs
                or question.name in relations.related(frozenset(requirement.needs))
            ):
                return True
    return any(question.name in each.candidate.procedure.only_lacking for each in case.assessments)


def _is_for_others(now: Choice, assessed: Iterable[Assessment]) -> bool:
    """Return whether what would be chosen is for somebody else then, and other things are not."""
    fitting = {
        each.candidate.id
        for each in assessed
        if each.is_applicable and each.is_for_applicant and not has_other_goal(each, now.goal)
    }
    return bool(now.ids - fitting) and bool(fitting)


def _usable(assessments: Iterable[Assessment], goal: Goal | None) -> frozenset[CandidateId]:
    """Return what the person can try to achieve the goal."""
    return frozenset(
        assessment.candidate.id
        for assessment in assessments
        if assessment.verdict in USABLE and not has_other_goal(assessment, goal)
    )
