"""What the guide can ask, and in which order."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from app.catalogue.codes import Applicant, Device, Possibility, Sale
from app.catalogue.goals import GOALS, Goal
from app.catalogue.timing_rules import ChargeTiers
from app.facts.specs import SPECS, Fact
from app.guide.candidates import Candidate
from app.guide.situation import Situation
from app.zones import JAPAN

MOST_QUESTIONS: Final = 6
"""Besides the one for the company. After so many the person gets what there is."""


class Turn(IntEnum):
    """When a question comes; lower comes first."""

    LOCATION = 0
    APPLICANT = 1
    REST = 2
    FIRST_DAYS = 3
    """It only decides on a right of the first days."""


@dataclass(frozen=True)
class Question:
    """Something to ask, and its answers; for a date, days that represent all others."""

    name: str
    answers: Sequence[object]
    turn: Turn = Turn.REST
    offered: Sequence[object] | None = None
    """The answers to choose from, where they are more than those that can matter."""


def open_questions(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> list[Question]:
    """Return what can be asked about the candidates and is not settled."""
    return [
        question
        for question in _questions(candidates, situation, at.astimezone(JAPAN).date())
        if len(question.answers) > 1 and not situation.settles(question.name)
    ]


def unknown_questions(
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


def asked(candidates: Sequence[Candidate], situation: Situation, at: dt.datetime) -> int:
    """Return how many of the questions about the candidates are settled.

    What the guide would not have asked does not count.
    """
    return sum(
        len(question.answers) > 1 and situation.settles(question.name)
        for question in _questions(candidates, situation, at.astimezone(JAPAN).date())
    )


def _questions(
    candidates: Sequence[Candidate], situation: Situation, today: dt.date
) -> Iterator[Question]:
    """Return what can be asked, each once, the simplest first."""
    found: dict[str, Question] = {}
    for question in (
        *_about_the_contract(candidates, situation),
        *_about_needs(candidates),
        *_about_rights(candidates, today),
    ):
        found.setdefault(question.name, question)
    yield from found.values()


def _about_the_contract(
    candidates: Sequence[Candidate], situation: Situation
) -> Iterator[Question]:
    if any(candidate.procedure.from_abroad is not Possibility.POSSIBLE for candidate in candidates):
        yield Question("location", ("japan", "abroad"), Turn.LOCATION)
    applicants = {
        applicant
        for candidate in candidates
        for applicant in candidate.procedure.applies_to.applicants
    } | {Applicant.HOLDER}
    yield Question(
        "applicant",
        [each for each in Applicant if each in applicants],
        Turn.APPLICANT,
        offered=tuple(Applicant),
    )
    for circumstance in ("product", "contract", "plan"):
        codes = {code for candidate in candidates for code in candidate.codes_of(circumstance)}
        yield Question(circumstance, sorted(codes))
    goal_decides = situation.goal is not None and GOALS[situation.goal].keeps_number is not None
    can_port = any(candidate.goal is Goal.PORT_OUT for candidate in candidates)
    if can_port and not goal_decides:
        yield Question("keep_number", (True, False))


def _about_needs(candidates: Iterable[Candidate]) -> Iterator[Question]:
    """Ask for what the procedures require, and for what the condition of one is about."""
    for candidate in candidates:
        needs = [need for one in candidate.requirements for need in one.needs]
        for need in needs:
            if candidate.relations.is_asked(need) and not candidate.relations.is_part(need, needs):
                yield Question(need, (True, False))
        for need in candidate.procedure.only_lacking:
            yield Question(need, (True, False))


def _about_rights(candidates: Iterable[Candidate], today: dt.date) -> Iterator[Question]:
    """Ask for what decides whether a right that lapses is there, and still open."""
    for candidate in candidates:
        applies_to = candidate.procedure.applies_to
        if applies_to.sales:
            yield Question("sale", tuple(Sale), Turn.FIRST_DAYS)
        if applies_to.devices:
            yield Question("device", tuple(Device), Turn.FIRST_DAYS)
        for rule in candidate.windows:
            for fact in (*map(Fact, rule.closed_by), *rule.after):
                yield Question(fact, SPECS[fact].example_values(today), Turn.FIRST_DAYS)
        if candidate.policy.lapses_at_start or any(
            isinstance(rule, ChargeTiers) for rule in candidate.procedure.timing
        ):
            fact = Fact.RENTAL_STARTS_ON
            yield Question(fact, SPECS[fact].example_values(today), Turn.FIRST_DAYS)
