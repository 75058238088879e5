"""What a person has said about their case."""

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
"""What the guide can ask besides facts and needs."""

_ACTS_AS: Final = {
    Applicant.PROXY: frozenset({Applicant.PROXY, Applicant.FAMILY}),
    Applicant.FAMILY: frozenset({Applicant.FAMILY, Applicant.PROXY}),
    Applicant.GUARDIAN: frozenset({Applicant.GUARDIAN, Applicant.PROXY}),
}
"""As whom else somebody can apply: a proxy may be of the family, and the family a proxy."""


@dataclass(frozen=True)
class Situation:
    """A person's case. None and absence mean: not said."""

    product: Product | None = None
    contract: Contract | None = None
    plan: str | None = None
    applicant: Applicant | None = None
    location: Location | None = None
    keep_number: bool | None = None
    line: Line | None = None
    """The state of the line. Never asked: whoever asks how to end it has it in use."""
    sale: Sale | None = None
    device: Device | None = None
    bill_open: bool = False
    """Whether a bill is unpaid."""
    leaves_japan_on: dt.date | None = None
    number_needed_until: dt.date | None = None
    goal: Goal | None = None
    """What the person wants to achieve. Never asked: it takes knowing what there is."""
    have: frozenset[str] = frozenset()
    lack: frozenset[str] = frozenset()
    facts: GivenFacts = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Questions that the person cannot answer."""
    relations: NeedRelations = NO_RELATIONS
    """What needs have to do with each other."""

    @cached_property
    def possessions(self) -> Possessions:
        """What the person has and lacks, with what follows from it."""
        return Possessions(self.relations.having(self.have), self.relations.lacking(self.lack))

    @cached_property
    def state_of_line(self) -> Line:
        """The state of the line: in use unless the person says otherwise."""
        if self.line is None:
            return Line.ENDED if self.goal is Goal.STILL_CHARGED else Line.IN_USE
        return self.line

    @property
    def has_ended(self) -> bool:
        """Whether the line has ended already, or has moved to another carrier."""
        return self.state_of_line in {Line.ENDED, Line.MOVED}

    @cached_property
    def applicants(self) -> frozenset[Applicant]:
        """As whom the person can apply; the contract holder unless they say otherwise."""
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
        """Return the situation with only what the guide never asks."""
        return Situation(
            line=self.line,
            bill_open=self.bill_open,
            leaves_japan_on=self.leaves_japan_on,
            number_needed_until=self.number_needed_until,
            goal=self.goal,
            relations=self.relations,
        )

    def with_answer_of(self, other: "Situation", question: str) -> "Situation":
        """Return the situation with the answer that the other one has to the question."""
        if question in other.unknown:
            return replace(self, unknown=self.unknown | {question})
        if question in CIRCUMSTANCES:
            return self.with_answer(question, getattr(other, question))
        if question in other.facts:
            return self.with_answer(question, other.facts[Fact(question)])
        return self.with_answer(question, question in other.possessions.have)

    def settles(self, question: str) -> bool:
        """Return whether the question is answered, or the person has said that they cannot."""
        if question in CIRCUMSTANCES and getattr(self, question) is not None:
            return True
        possessions = self.possessions
        return any(
            question in settled
            for settled in (self.unknown, self.facts, possessions.have, possessions.lack)
        )
