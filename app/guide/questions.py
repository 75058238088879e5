"""Questions: what the guide can ask about a carrier's candidates.

A question is about a circumstance, a need or a fact. It holds the answers that `lookahead` tries.
Which question comes next is decided in `recommend`. The policy: docs/guide.md. Its reasons:
docs/decisions/0019.
"""

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
"""The most questions that the guide asks, not counting the one for the carrier."""


class Priority(IntEnum):
    """When a question is asked; lower comes first."""

    LOCATION = 0
    APPLICANT = 1
    REST = 2
    EARLY_CANCELLATION = 3
    """Only decides on a right that lapses, such as an early cancellation."""


@dataclass(frozen=True)
class Question:
    """A question about a circumstance, a need or a fact."""

    name: str
    answers: Sequence[object]
    """The answers that can matter; for a date, days that represent all others."""
    priority: Priority = Priority.REST
    offered: Sequence[object] | None = None
    """The answers that the person can choose from; None: `answers`."""


def open_questions(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> list[Question]:
    """Return the questions about the candidates that are not settled."""
    return [
        question
        for question in _questions(candidates, situation, at.astimezone(JAPAN).date())
        if len(question.answers) > 1 and not situation.settles(question.name)
    ]


def unknown_questions(
    candidates: Sequence[Candidate], situation: Situation, at: dt.datetime
) -> list[Question]:
    """Return the questions that the person cannot answer; a recommendation can depend on them."""
    if not situation.unknown:
        return []
    none_unknown = replace(situation, unknown=frozenset())
    return [
        question
        for question in open_questions(candidates, none_unknown, at)
        if question.name in situation.unknown
    ]


def asked(candidates: Sequence[Candidate], situation: Situation, at: dt.datetime) -> int:
    """Return how many questions about the candidates are settled.

    Statements about which the guide has no question do not count.
    """
    return sum(
        len(question.answers) > 1 and situation.settles(question.name)
        for question in _questions(candidates, situation, at.astimezone(JAPAN).date())
    )


def _questions(
    candidates: Sequence[Candidate], situation: Situation, today: dt.date
) -> Iterator[Question]:
    """Yield every question about the candidates once, the simplest first."""
    by_name: dict[str, Question] = {}
    for question in (
        *_about_the_contract(candidates, situation),
        *_about_needs(candidates),
        *_about_rights(candidates, today),
    ):
        by_name.setdefault(question.name, question)
    yield from by_name.values()


def _about_the_contract(
    candidates: Sequence[Candidate], situation: Situation
) -> Iterator[Question]:
    if any(candidate.procedure.from_abroad is not Possibility.POSSIBLE for candidate in candidates):
        yield Question("location", ("japan", "abroad"), Priority.LOCATION)
    applicants = {
        applicant
        for candidate in candidates
        for applicant in candidate.procedure.applies_to.applicants
    } | {Applicant.HOLDER}
    yield Question(
        "applicant",
        [applicant for applicant in Applicant if applicant in applicants],
        Priority.APPLICANT,
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
    """Yield questions about required needs, and about needs that a condition is about."""
    for candidate in candidates:
        needs = [need for requirement in candidate.requirements for need in requirement.needs]
        for need in needs:
            if candidate.relations.is_asked(need) and not candidate.relations.is_part(need, needs):
                yield Question(need, (True, False))
        for need in candidate.procedure.only_lacking:
            yield Question(need, (True, False))


def _about_rights(candidates: Iterable[Candidate], today: dt.date) -> Iterator[Question]:
    """Yield questions that decide whether a right that lapses exists and is still open."""
    for candidate in candidates:
        applies_to = candidate.procedure.applies_to
        if applies_to.sales:
            yield Question("sale", tuple(Sale), Priority.EARLY_CANCELLATION)
        if applies_to.devices:
            yield Question("device", tuple(Device), Priority.EARLY_CANCELLATION)
        for rule in candidate.windows:
            for fact in (*map(Fact, rule.closed_by), *rule.after):
                yield Question(fact, SPECS[fact].example_values(today), Priority.EARLY_CANCELLATION)
        if candidate.policy.lapses_at_start or any(
            isinstance(rule, ChargeTiers) for rule in candidate.procedure.timing
        ):
            fact = Fact.RENTAL_STARTS_ON
            yield Question(fact, SPECS[fact].example_values(today), Priority.EARLY_CANCELLATION)
