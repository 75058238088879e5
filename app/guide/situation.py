"""The situation: what a person has stated about their case, and what follows from it.

It is the input of the whole guide: circumstances, facts, needs, and questions that the person
cannot answer. What is not stated is None or absent. Only two things are presumed: the contract
holder applies, and the line is in use. See docs/guide.md.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from app.catalogue.codes import Applicant, Contract, Device, Line, Product, Sale
from app.catalogue.goals import Goal
from app.facts.specs import Fact, GivenFacts
from app.guide.needs import NO_RELATIONS, NeedRelations, Possessions

Location = Literal["japan", "abroad"]

CIRCUMSTANCES: Final = (
    "product",
    "contract",
    "plan",
    "applicant",
    "location",
    "keep_number",
    "sale",
    "device",
)
"""Names of the questions that are about neither a fact nor a need."""

_ACTS_AS: Final = {
    Applicant.PROXY: frozenset({Applicant.PROXY, Applicant.FAMILY}),
    Applicant.FAMILY: frozenset({Applicant.FAMILY, Applicant.PROXY}),
    Applicant.GUARDIAN: frozenset({Applicant.GUARDIAN, Applicant.PROXY}),
}
"""All roles in which an applicant can apply: a proxy can be family, and family can be a proxy."""


@dataclass(frozen=True)
class Situation:
    """A person's case. None and absence mean: not stated."""

    product: Product | None = None
    contract: Contract | None = None
    plan: str | None = None
    applicant: Applicant | None = None
    location: Location | None = None
    keep_number: bool | None = None
    line: Line | None = None
    """The state of the line. Never asked: a person who asks how to end a line has it in use."""
    sale: Sale | None = None
    device: Device | None = None
    bill_open: bool = False
    """Whether a bill is unpaid."""
    leaves_japan_on: dt.date | None = None
    number_needed_until: dt.date | None = None
    goal: Goal | None = None
    """What the person wants to achieve. Never asked: the person would have to know the options."""
    have: frozenset[str] = frozenset()
    lack: frozenset[str] = frozenset()
    facts: GivenFacts = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Questions that the person cannot answer."""
    relations: NeedRelations = NO_RELATIONS
    """How the needs in `have` and `lack` relate to other needs."""

    @cached_property
    def possessions(self) -> Possessions:
        """The needs that the person has and lacks, stated or implied."""
        return Possessions(self.relations.having(self.have), self.relations.lacking(self.lack))

    @cached_property
    def state_of_line(self) -> Line:
        """The state of the line; unless stated, in use, or ended for the goal `still_charged`."""
        if self.line is None:
            return Line.ENDED if self.goal is Goal.STILL_CHARGED else Line.IN_USE
        return self.line

    @property
    def has_ended(self) -> bool:
        """Whether the line has ended already, or has moved to another carrier."""
        return self.state_of_line in {Line.ENDED, Line.MOVED}

    @cached_property
    def applicants(self) -> frozenset[Applicant]:
        """The roles in which the person can apply; unless stated, as the contract holder."""
        applicant = self.applicant or Applicant.HOLDER
        return _ACTS_AS.get(applicant, frozenset({applicant}))

    def with_answer(self, question: str, answer: object) -> "Situation":
        """Return the situation with one of the answers that the question offers."""
        if question in CIRCUMSTANCES:
            # Each question offers answers of its own type.
            return replace(self, **{question: answer})  # type: ignore[arg-type]
        if question in set(Fact):
            facts = {**self.facts, Fact(question): answer}
            return replace(self, facts=facts)  # type: ignore[arg-type] # the same
        return (
            replace(self, have=self.have | {question})
            if answer
            else replace(self, lack=self.lack | {question})
        )

    def without_answers(self) -> "Situation":
        """Return the situation with only the statements that the guide never asks for."""
        return Situation(
            line=self.line,
            bill_open=self.bill_open,
            leaves_japan_on=self.leaves_japan_on,
            number_needed_until=self.number_needed_until,
            goal=self.goal,
            relations=self.relations,
        )

    def with_answer_of(self, other: "Situation", question: str) -> "Situation":
        """Return the situation with the answer to the question that `other` has."""
        if question in other.unknown:
            return replace(self, unknown=self.unknown | {question})
        if question in CIRCUMSTANCES:
            return self.with_answer(question, getattr(other, question))
        if question in other.facts:
            return self.with_answer(question, other.facts[Fact(question)])
        return self.with_answer(question, question in other.possessions.have)

    def settles(self, question: str) -> bool:
        """Return whether the question is answered, or the person cannot answer it."""
        if question in CIRCUMSTANCES and getattr(self, question) is not None:
            return True
        possessions = self.possessions
        return any(
            question in settled
            for settled in (self.unknown, self.facts, possessions.have, possessions.lack)
        )
