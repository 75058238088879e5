"""The procedures of a carrier as the guide compares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from app.catalogue.codes import Actor, Contract, Evidence, Outcome, Product
from app.catalogue.documents import ProcedureContent, Step
from app.catalogue.effort import Effort, effort
from app.catalogue.evidence import grade_of
from app.catalogue.goals import GOALS, Goal, GoalPolicy
from app.catalogue.records import RevisionContent

Circumstance = Literal["product", "contract", "plan"]


@dataclass(frozen=True)
class Candidate:
    """One procedure of the carrier, in its newest revision."""

    slug: str
    evidence: Evidence
    steps_evidence: Evidence
    """How well the steps alone are backed: a company can confirm a procedure and not its steps."""
    procedure: ProcedureContent
    steps: Sequence[Step]

    @classmethod
    def of(cls, content: RevisionContent) -> "Candidate":
        """Return the candidate that a revision describes."""
        cited_by_steps = (source for step in content.steps for source in step.sources)
        return cls(
            content.slug,
            content.evidence,
            grade_of(cited_by_steps, content.sources) or content.evidence,
            content.procedure,
            content.steps,
        )

    @property
    def goal(self) -> Goal:
        """What the procedure achieves."""
        return self.procedure.goal

    @property
    def policy(self) -> GoalPolicy:
        """How the guide treats the procedure's goal."""
        return GOALS[self.procedure.goal]

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Needs of the steps that the person takes and cannot skip, as codes of the vocabulary."""
        own_steps = [
            step for step in self.steps if step.actor is not Actor.CARRIER and not step.optional
        ]
        return tuple(dict.fromkeys(need for step in own_steps for need in step.needs))

    @cached_property
    def effort(self) -> Effort:
        """How much the procedure takes."""
        return effort(self.procedure, self.steps)

    @property
    def lapses(self) -> bool:
        """Whether a contract ends because nobody renews it. Prepaid products: nothing to end."""
        return (
            self.goal is Goal.LET_EXPIRE and self.procedure.outcome is not Outcome.NOTHING_TO_CANCEL
        )

    def codes_of(self, circumstance: Circumstance) -> Sequence[Product | Contract | str]:
        """Return the products, contracts or plans that the procedure applies to; empty: any."""
        applies_to = self.procedure.applies_to
        match circumstance:
            case "product":
                return applies_to.products
            case "contract":
                return applies_to.contracts
            case "plan":
                return applies_to.plans
