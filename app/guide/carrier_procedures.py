"""A company's procedures, and which generic ones agree with what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from app.catalogue.charges import Billing
from app.catalogue.codes import GENERIC_CARRIER, Channel, Contract, LastMonth, Product
from app.catalogue.goals import Goal
from app.catalogue.records import CarrierView, EditionView, PublishedCarrier, RevisionContent
from app.catalogue.timing_rules import AfterEnd
from app.guide.candidates import Candidate, candidate_of, generic_candidate
from app.guide.needs import NeedRelations
from app.guide.situation import Situation


@lru_cache(maxsize=8)  # a process holds one object per edition
def need_relations(edition: EditionView) -> NeedRelations:
    """Return what the needs of the edition's vocabulary have to do with each other."""
    return NeedRelations(edition.vocabulary.needs)


@lru_cache(maxsize=1024)
def procedures_of(published: PublishedCarrier, edition: EditionView) -> "CarrierProcedures":
    """Return the procedures of a carrier as the guide takes them."""
    return CarrierProcedures(published.carrier, published.contents, need_relations(edition))


@dataclass(frozen=True, eq=False)
class CarrierProcedures:
    """A carrier and the newest state of its procedures.

    A process holds one object per carrier and edition, so what it finds out is kept.
    """

    carrier: CarrierView
    contents: Sequence[RevisionContent]
    relations: NeedRelations

    @property
    def is_generic(self) -> bool:
        """Whether the procedures hold for any company."""
        return self.carrier.slug == GENERIC_CARRIER

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The procedures without supporting ones (docs/decisions/0009)."""
        return [
            candidate_of(content, self.relations)
            for content in self.contents
            if not content.procedure.supporting
        ]

    @cached_property
    def supporting(self) -> list[RevisionContent]:
        """The procedures that only help with others."""
        return [content for content in self.contents if content.procedure.supporting]

    @cached_property
    def recoveries(self) -> list[Candidate]:
        """The procedures that bring a sign-in or a line back: candidates where that is the goal."""
        return [
            candidate_of(content, self.relations)
            for content in self.supporting
            if content.procedure.goal is Goal.RESTORE_ACCESS
        ]

    def usable_recoveries(self, generic: "CarrierProcedures") -> list[Candidate]:
        """Return generic procedures of that kind."""
        if self.is_generic:
            return []
        found = [
            generic_candidate(content, self.relations, self.products, self.contracts)
            for content in generic.supporting
            if content.procedure.goal is Goal.RESTORE_ACCESS
        ]
        return [each for each in found if each is not None]

    def content_of(self, candidate: Candidate) -> RevisionContent:
        """Return the revision that the candidate comes from."""
        return next(content for content in self.contents if content.slug == candidate.slug)

    @cached_property
    def products(self) -> frozenset[Product]:
        """What the company sells, as far as its procedures are about it."""
        own = {
            product
            for content in self.contents
            for product in content.procedure.applies_to.products
        }
        return frozenset(own or self.carrier.document.products)

    @cached_property
    def contracts(self) -> frozenset[Contract]:
        """How the company's customers pay; all kinds where nothing is known."""
        own = {
            contract
            for content in self.contents
            for contract in content.procedure.applies_to.contracts
        }
        return frozenset({*self.carrier.document.contracts, *own} or Contract)

    @cached_property
    def has_shops(self) -> bool:
        """Whether anything known of the company is done in a shop."""
        return any(content.procedure.channel is Channel.STORE for content in self.contents) or any(
            contact.channel is Channel.STORE for contact in self.carrier.document.contacts
        )

    @lru_cache(maxsize=1024)  # noqa: B019 - there is one object per carrier and edition
    def usable(self, generic: "CarrierProcedures") -> list[Candidate]:
        """Return the generic procedures that agree with what is known of the company."""
        if self.is_generic:
            return []
        has_first_days = any(
            content.procedure.goal is Goal.INITIAL_CONTRACT_CANCELLATION
            for content in self.contents
        )
        found = []
        for content in generic.contents:
            procedure = content.procedure
            if (
                procedure.supporting
                or (procedure.channel is Channel.STORE and not self.has_shops)
                or (has_first_days and procedure.goal is Goal.INITIAL_CONTRACT_CANCELLATION)
            ):
                continue
            candidate = generic_candidate(content, self.relations, self.products, self.contracts)
            if candidate is not None:
                found.append(candidate)
        return found

    def with_own_billing(self, content: RevisionContent, situation: Situation) -> RevisionContent:
        """Return a generic procedure with the company's billing, where its dates follow from it."""
        if not any(isinstance(rule, AfterEnd) for rule in content.procedure.timing):
            return content
        billing = self._billing(situation)
        if billing is None:
            return content
        procedure = content.procedure.model_copy(update={"billing": billing})
        return replace(content, procedure=procedure, sources=self.carrier.document.sources)

    def _billing(self, situation: Situation) -> Billing | None:
        """Return how the end is billed, where all procedures that end the line say the same."""
        known: list[Billing] = []
        for billing in self._billings(situation):
            if not any(_bills_alike(billing, other) for other in known):
                known.append(billing)
        return known[0] if len(known) == 1 else None

    def _billings(self, situation: Situation) -> Iterator[Billing]:
        for content in self.contents:
            procedure, applies_to = content.procedure, content.procedure.applies_to
            if (
                procedure.goal is Goal.CANCEL_CONTRACT
                and procedure.billing.last_month is not LastMonth.UNKNOWN
                and situation.product in {None, *applies_to.products}
                and situation.contract in {None, *applies_to.contracts}
                and (not applies_to.plans or situation.plan in {None, *applies_to.plans})
            ):
                yield procedure.billing


def _bills_alike(one: Billing, other: Billing) -> bool:
    ignored = {"note", "sources", "price_jpy"}
    return one.model_dump(exclude=ignored) == other.model_dump(exclude=ignored)
