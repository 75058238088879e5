"""What a person has told about their case, and the ways out that a carrier's procedures are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

from app.catalogue.codes import Actor, Applicant, Contract, Evidence, Goal, Outcome, Product
from app.catalogue.documents import ProcedureContent, Step
from app.catalogue.effort import Effort, effort
from app.catalogue.timing_rules import Fact
from app.facts.query import FactValue

Location = Literal["japan", "abroad"]

CIRCUMSTANCES: Final = ("product", "contract", "plan", "applicant", "location", "keep_number")
"""What can be told beside facts and needs."""


@dataclass(frozen=True)
class Situation:
    """A person's case. None and absence mean: not told."""

    product: Product | None = None
    contract: Contract | None = None
    plan: str | None = None
    applicant: Applicant | None = None
    location: Location | None = None
    keep_number: bool | None = None
    goal: Goal | None = None
    """What is wanted, of who knows; it is never asked, since who wants it to be over need not know what that takes."""
    have: frozenset[str] = frozenset()
    lack: frozenset[str] = frozenset()
    facts: Mapping[Fact, FactValue] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    """Questions that the person cannot answer."""

    def with_answer(self, question: str, answer: object) -> "Situation":
        """Return the situation with one question answered; the answer is one of those that the question offers."""
        if question in CIRCUMSTANCES:
            return replace(self, **{question: answer})  # type: ignore[arg-type] # each question offers answers of its own type
        if question in set(Fact):
            return replace(self, facts={**self.facts, Fact(question): answer})  # type: ignore[dict-item] # the same
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


@dataclass(frozen=True)
class Candidate:
    """One procedure of the carrier, in its newest revision."""

    slug: str
    evidence: Evidence
    steps_evidence: Evidence
    """How well the steps alone are backed; the company's pages can tell of the way without telling how it goes."""
    procedure: ProcedureContent
    steps: Sequence[Step]

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """What must be at hand for the steps that are the person's and cannot be skipped."""
        mine = [
            step for step in self.steps if step.actor is not Actor.CARRIER and not step.optional
        ]
        return tuple(dict.fromkeys(need for step in mine for need in step.needs))

    @cached_property
    def effort(self) -> Effort:
        """How much it takes."""
        return effort(self.procedure, self.steps)

    @property
    def lapses(self) -> bool:
        """Whether a contract ends because nobody goes on with it; of what is paid once, there is nothing to end."""
        return (
            self.procedure.goal is Goal.LET_EXPIRE
            and self.procedure.outcome is not Outcome.NOTHING_TO_CANCEL
        )


def example_days(fact: Fact, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return two days that stand for what could be answered: of late and long ago, or to come and gone."""
    if fact in {Fact.RENTAL_STARTS_ON, Fact.RENTAL_ENDS_ON, Fact.RENEWS_ON, Fact.CHOSEN_END_ON}:
        return today + dt.timedelta(days=30), today - dt.timedelta(days=30)
    return today, today - dt.timedelta(days=400)
