"""Candidates: procedures in the form in which the guide compares them.

A `Candidate` derives from one revision what the other modules need: who may apply, which needs
come before the goal, which questions matter, the effort, and what is lost. It depends only on the
catalogue and not on the person, so a process computes it once per revision. Which needs count, and
why: docs/guide.md.
"""

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

_PHASES_BEFORE_END: Final = frozenset({Phase.PREPARE, Phase.ACT})

_PHONE_NUMBER: Final = "phone_number"
"""The code of the phone number in the vocabulary's `losses`."""

_PRODUCTS_WITH_NUMBER: Final = frozenset({Product.PHYSICAL_SIM, Product.ESIM})

CandidateId = tuple[bool, str]
"""`is_generic` and the slug of a candidate."""


@dataclass(frozen=True)
class Candidate:
    """One procedure in its newest revision: the carrier's own, or a generic one."""

    slug: str
    evidence: Evidence
    steps_evidence: Evidence
    """The grade of the steps alone: a carrier can confirm a procedure without describing them."""
    procedure: ProcedureContent
    steps: Sequence[Step]
    relations: NeedRelations = NO_RELATIONS
    is_generic: bool = False
    """Whether it is a procedure for any carrier, and not this carrier's own."""

    @property
    def id(self) -> CandidateId:
        """Unique among the carrier's own and the generic procedures."""
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
        """Names of the questions whose answers can change the assessment."""
        names = {"product", "contract", "plan", "applicant", "location", "keep_number"}
        names |= {"sale"} if self.codes_of("sale") else set()
        names |= {"device"} if self.codes_of("device") else set()
        needs = {need for requirement in self.requirements for need in requirement.needs}
        needs |= {*self.returned_needs, *self.procedure.only_lacking}
        names |= needs | self.relations.related(frozenset(needs))
        if self.policy.window or self.policy.lapses_at_start:
            names |= set(Fact)
        return frozenset(names)

    @property
    def restores(self) -> tuple[str, ...]:
        """For an access recovery: needs that the person has afterwards."""
        return self.procedure.restores

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Needs of the steps up to the goal, each once, with their replacements.

        If the procedure ends the line, the steps count up to the last irreversible one, and needs
        for a return do not count: a lost card does not prevent the end of a contract.
        """
        by_need = {
            requirement.need: requirement
            for step in self._acts
            for requirement in self._requirements_of(step)
            if not (self.policy.ends_line and self.relations.is_returned(requirement.need))
        }
        return tuple(by_need.values())

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """The codes of the requirements."""
        return tuple(requirement.need for requirement in self.requirements)

    @cached_property
    def returned_needs(self) -> tuple[str, ...]:
        """Needs for the return after an end, such as the SIM card; empty for other goals."""
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
        """The person's steps up to the goal; for an end, up to the last irreversible step."""
        acts = [step for step in self._own_steps if step.phase in _PHASES_BEFORE_END]
        irreversible = [number for number, step in enumerate(acts) if step.irreversible]
        if self.policy.ends_line and irreversible:
            return acts[: irreversible[-1] + 1]
        return acts

    def _requirements_of(self, step: Step) -> Iterator[Requirement]:
        for need in step.needs:
            yield self.relations.requirement(need, step.replaced_by.get(need, ()))

    @cached_property
    def effort(self) -> Effort:
        """The effort of the procedure, with its score from 0 to 100."""
        return effort(self.procedure, self.steps)

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Facts that its dates depend on."""
        return relevant_facts(self.procedure)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """For a right that lapses: the rules that state when it does."""
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
        """Whether a contract ends because it is not renewed; False if there is none to end."""
        return (
            self.goal is Goal.LET_EXPIRE and self.procedure.outcome is not Outcome.NOTHING_TO_CANCEL
        )

    @cached_property
    def loses(self) -> tuple[str, ...]:
        """What is lost for good, as codes of the vocabulary's `losses`."""
        listed = [loss for step in self.steps for loss in step.loses]
        if self.policy.keeps_number:
            return tuple(dict.fromkeys(loss for loss in listed if loss != _PHONE_NUMBER))
        if self.policy.keeps_number is False and self.has_number:
            listed.insert(0, _PHONE_NUMBER)
        return tuple(dict.fromkeys(listed))

    @property
    def has_number(self) -> bool:
        """Whether the line can have a phone number; the line of a router has none."""
        return not _PRODUCTS_WITH_NUMBER.isdisjoint(self.procedure.applies_to.products)

    def codes_of(
        self, circumstance: Circumstance
    ) -> Collection[Product | Contract | Sale | Device | str]:
        """Return the codes of the circumstance to which the procedure applies; empty: any code."""
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
    """Return the candidate for a revision."""
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
    """Return a generic procedure limited to the products and contracts of one carrier.

    None if it applies to none of these products or to none of these contracts.
    """
    applies_to = content.procedure.applies_to
    common_products = tuple(product for product in applies_to.products if product in products)
    common_contracts = tuple(contract for contract in applies_to.contracts if contract in contracts)
    if not common_products or not common_contracts:
        return None
    limited = applies_to.model_copy(
        update={"products": common_products, "contracts": common_contracts}
    )
    procedure = content.procedure.model_copy(update={"applies_to": limited})
    return replace(candidate_of(content, relations), procedure=procedure, is_generic=True)
