"""What a person has said about their case."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from app.catalogue.codes import Applicant, Contract, Product
from app.catalogue.goals import Goal
from app.facts.specs import Fact, GivenFacts

Location = Literal["japan", "abroad"]

CIRCUMSTANCES: Final = ("product", "contract", "plan", "applicant", "location", "keep_number")
"""What a person can say besides facts and needs."""


@dataclass(frozen=True)
class Situation:
    """A person's case. None and absence mean: not said."""

    product: Product | None = None
    contract: Contract | None = None
    plan: str | None = None
    applicant: Applicant | None = None
    location: Location | None = None
    keep_number: bool | None = None
    goal: Goal | None = None
    """What the person wants to achieve. Never asked: it takes knowing what there is."""
    have: frozenset[str] = frozenset()
    lack: frozenset[str] = frozenset()
    facts: GivenFacts = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Questions that the person cannot answer."""

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

    def knows(self, question: str) -> bool:
        """Return whether the question is answered, or the person has said that they cannot."""
        if question in self.unknown or question in self.have or question in self.lack:
            return True
        if question in CIRCUMSTANCES:
            return getattr(self, question) is not None
        return question in self.facts

    @property
    def answered(self) -> int:
        """How many questions have been answered."""
        circumstances = sum(getattr(self, name) is not None for name in CIRCUMSTANCES)
        return circumstances + len(self.have) + len(self.lack) + len(self.facts) + len(self.unknown)
