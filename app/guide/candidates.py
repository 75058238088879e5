"""The procedures of a carrier as the guide compares them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, Literal

from app.catalogue.codes import (
    Actor,
    Applicant,
    Contract,
    Device,
    Evidence,
    Outcome,
    Phase,
    Product,
    Sale,
)
from app.catalogue.documents import ProcedureContent, Step
from app.catalogue.effort import Effort, effort
from app.catalogue.evidence import grade_of
from app.catalogue.goals import GOALS, Goal, GoalPolicy
from app.catalogue.records import RevisionContent
from app.catalogue.timing_rules import Unpaid, Window
from app.facts.specs import Fact
from app.guide.needs import NO_RELATIONS, NeedRelations, Requirement
from app.timeline.relevant_facts import relevant_facts

Circumstance = Literal["product", "contract", "plan", "sale", "device"]

_BEFORE_THE_END: Final = frozenset({Phase.PREPARE, Phase.ACT})

_NUMBER: Final = "phone_number"
"""The loss of the vocabulary."""

_WITH_NUMBER: Final = frozenset({Product.PHYSICAL_SIM, Product.ESIM})


@dataclass(frozen=True)
class Candidate:
    """One procedure of the carrier, in its newest revision."""

    slug: str
    evidence: Evidence
    steps_evidence: Evidence
    """How well the steps alone are backed: a company can confirm a procedure and not its steps."""
    procedure: ProcedureContent
    steps: Sequence[Step]
    relations: NeedRelations = NO_RELATIONS
    is_generic: bool = False
    """Whether it holds for any company, and is not the company's own."""

    @property
    def id(self) -> tuple[bool, str]:
        """What distinguishes it among the company's own and the generic ones."""
        return (self.is_generic, self.slug)

    @property
    def goal(self) -> Goal:
        """What the procedure achieves."""
        return self.procedure.goal

    @cached_property
    def policy(self) -> GoalPolicy:
        """How the guide treats the procedure's goal."""
        return GOALS[self.procedure.goal]

    @cached_property
    def applicants(self) -> frozenset[Applicant]:
        """Who may apply."""
        return frozenset(self.procedure.applies_to.applicants)

    @cached_property
    def questions(self) -> frozenset[str]:
        """Names of the questions whose answers can change whether the procedure fits."""
        found = {"product", "contract", "plan", "applicant", "location", "keep_number"}
        found |= {"sale"} if self.codes_of("sale") else set()
        found |= {"device"} if self.codes_of("device") else set()
        needs = {need for requirement in self.requirements for need in requirement.needs}
        needs |= {*self.returned_needs, *self.procedure.only_lacking}
        found |= needs | self.relations.related(frozenset(needs))
        if self.policy.window or self.policy.lapses_at_start:
            found |= set(Fact)
        return frozenset(found)

    @property
    def restores(self) -> tuple[str, ...]:
        """Of access recovery: needs that the person has afterwards."""
        return self.procedure.restores

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the person needs for the acts that lead to the goal, once per need.

        Of an end, these are the steps up to the last irreversible one, without what is only
        returned: a card that is lost keeps nobody from ending a contract.
        """
        found = {
            requirement.need: requirement
            for step in self._acts
            for requirement in self._requirements_of(step)
            if not (self.policy.ends_line and self.relations.is_returned(requirement.need))
        }
        return tuple(found.values())

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The codes of the requirements."""
        return tuple(requirement.need for requirement in self.requirements)

    @cached_property
    def returned_needs(self) -> tuple[str, ...]:
        """Of an end: what has to be returned, or helps with it."""
        if not self.policy.ends_line:
            return ()
        return tuple(
            dict.fromkeys(
                need
                for step in self._own_steps
                for need in step.needs
                if self.relations.is_returned(need)
            )
        )

    @property
    def _own_steps(self) -> list[Step]:
        """Steps that the person takes and cannot skip."""
        return [
            step for step in self.steps if step.actor is not Actor.CARRIER and not step.optional
        ]

    @property
    def _acts(self) -> list[Step]:
        acts = [step for step in self._own_steps if step.phase in _BEFORE_THE_END]
        irreversible = [number for number, step in enumerate(acts) if step.irreversible]
        if self.policy.ends_line and irreversible:
            return acts[: irreversible[-1] + 1]
        return acts

    def _requirements_of(self, step: Step) -> Iterator[Requirement]:
        for need in step.needs:
            yield self.relations.requirement(need, step.replaced_by.get(need, ()))

    @cached_property
    def effort(self) -> Effort:
        """How much the procedure takes."""
        return effort(self.procedure, self.steps)

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Facts that its dates depend on."""
        return relevant_facts(self.procedure)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Of a right that lapses: the rules about when it does."""
        return tuple(
            rule
            for rule in self.procedure.timing
            if isinstance(rule, Window) and rule.closes in self.policy.window
        )

    @cached_property
    def is_by_not_paying(self) -> bool:
        """Whether the contract ends because the person stops paying what is due."""
        return self.goal is Goal.LET_EXPIRE and any(
            isinstance(rule, Unpaid) for rule in self.procedure.timing
        )

    @property
    def lapses(self) -> bool:
        """Whether a contract ends because nobody renews it. Prepaid products: nothing to end."""
        return (
            self.goal is Goal.LET_EXPIRE and self.procedure.outcome is not Outcome.NOTHING_TO_CANCEL
        )

    @cached_property
    def loses(self) -> tuple[str, ...]:
        """What is gone for good afterwards, as codes of the vocabulary."""
        listed = [loss for step in self.steps for loss in step.loses]
        if self.policy.keeps_number:
            return tuple(dict.fromkeys(loss for loss in listed if loss != _NUMBER))
        if self.policy.keeps_number is False and self.has_number:
            listed.insert(0, _NUMBER)
        return tuple(dict.fromkeys(listed))

    @property
    def has_number(self) -> bool:
        """Whether the line can have a phone number: that of a router has none."""
        return not _WITH_NUMBER.isdisjoint(self.procedure.applies_to.products)

    def codes_of(
        self, circumstance: Circumstance
    ) -> Collection[Product | Contract | Sale | Device | str]:
        """Return the codes of the circumstance that the procedure applies to; empty: any."""
        applies_to = self.procedure.applies_to
        match circumstance:
            case "product":
                return applies_to.products
            case "contract":
                return applies_to.contracts
            case "plan":
                return applies_to.plans
            case "sale":
                return applies_to.sales
            case "device":
                return applies_to.devices


@lru_cache(maxsize=4096)  # a process holds one object per revision and per edition
def candidate_of(content: RevisionContent, relations: NeedRelations) -> Candidate:
    """Return the candidate that a revision describes."""
    cited_by_steps = (source for step in content.steps for source in step.sources)
    return Candidate(
        content.slug,
        content.evidence,
        grade_of(cited_by_steps, content.sources) or content.evidence,
        content.procedure,
        content.steps,
        relations,
    )


@lru_cache(maxsize=4096)
def generic_candidate(
    content: RevisionContent,
    relations: NeedRelations,
    products: frozenset[Product],
    contracts: frozenset[Contract],
) -> Candidate | None:
    """Return a procedure for any company, narrowed to what one company sells.

    None if nothing is left: it is for other products or contracts.
    """
    applies_to = content.procedure.applies_to
    fitting_products = tuple(each for each in applies_to.products if each in products)
    fitting_contracts = tuple(each for each in applies_to.contracts if each in contracts)
    if not fitting_products or not fitting_contracts:
        return None
    narrowed = applies_to.model_copy(
        update={"products": fitting_products, "contracts": fitting_contracts}
    )
    procedure = content.procedure.model_copy(update={"applies_to": narrowed})
    return replace(candidate_of(content, relations), procedure=procedure, is_generic=True)
