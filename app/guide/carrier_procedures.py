"""A carrier's own procedures, and the generic ones that are compared with them.

Generic procedures belong to the carrier `generic` and are written for any carrier. `usable` drops
those that contradict what the catalogue knows of this carrier: procedures for products or contracts
it does not have, procedures in a shop if it has none, and the generic early cancellation if it has
its own. Why both kinds are compared from the beginning: docs/decisions/0019.
"""

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
    """Return the relations between the needs of the edition's vocabulary."""
    return NeedRelations(edition.vocabulary.needs)


@lru_cache(maxsize=1024)
def procedures_of(published: PublishedCarrier, edition: EditionView) -> "CarrierProcedures":
    """Return the procedures of a carrier in the form that the guide uses."""
    return CarrierProcedures(published.carrier, published.contents, need_relations(edition))


@dataclass(frozen=True, eq=False)
class CarrierProcedures:
    """A carrier and the newest revisions of its procedures.

    A process holds one object per carrier and edition, so its properties are computed once.
    """

    carrier: CarrierView
    contents: Sequence[RevisionContent]
    relations: NeedRelations

    @property
    def is_generic(self) -> bool:
        """Whether these are the procedures for any carrier."""
        return self.carrier.slug == GENERIC_CARRIER

    @cached_property
    def candidates(self) -> list[Candidate]:
        """All procedures except supporting ones (docs/decisions/0009). See also `recoveries`."""
        return [
            candidate_of(content, self.relations)
            for content in self.contents
            if not content.procedure.supporting
        ]

    @cached_property
    def supporting(self) -> list[RevisionContent]:
        """The supporting procedures, such as recovering a sign-in."""
        return [content for content in self.contents if content.procedure.supporting]

    @cached_property
    def recoveries(self) -> list[Candidate]:
        """Supporting procedures that restore access; candidates if that is the stated goal."""
        return [
            candidate_of(content, self.relations)
            for content in self.supporting
            if content.procedure.goal is Goal.RESTORE_ACCESS
        ]

    def usable_recoveries(self, generic: "CarrierProcedures") -> list[Candidate]:
        """Return the generic procedures that restore access, limited to what the carrier sells."""
        if self.is_generic:
            return []
        candidates = [
            generic_candidate(content, self.relations, self.products, self.contracts)
            for content in generic.supporting
            if content.procedure.goal is Goal.RESTORE_ACCESS
        ]
        return [candidate for candidate in candidates if candidate is not None]

    def content_of(self, candidate: Candidate) -> RevisionContent:
        """Return the revision of the candidate."""
        return next(content for content in self.contents if content.slug == candidate.slug)

    @cached_property
    def products(self) -> frozenset[Product]:
        """The products that its procedures apply to; without any, those of the carrier file."""
        of_procedures = {
            product
            for content in self.contents
            for product in content.procedure.applies_to.products
        }
        return frozenset(of_procedures or self.carrier.document.products)

    @cached_property
    def contracts(self) -> frozenset[Contract]:
        """The kinds of contract that the carrier has; all kinds if none is known."""
        of_procedures = {
            contract
            for content in self.contents
            for contract in content.procedure.applies_to.contracts
        }
        return frozenset({*self.carrier.document.contracts, *of_procedures} or Contract)

    @cached_property
    def has_shops(self) -> bool:
        """Whether any procedure or contact of the carrier is in a shop."""
        return any(content.procedure.channel is Channel.STORE for content in self.contents) or any(
            contact.channel is Channel.STORE for contact in self.carrier.document.contacts
        )

    @lru_cache(maxsize=1024)  # noqa: B019 - there is one object per carrier and edition
    def usable(self, generic: "CarrierProcedures") -> list[Candidate]:
        """Return the generic procedures that agree with what is known of the carrier."""
        if self.is_generic:
            return []
        has_early_cancellation = any(
            content.procedure.goal is Goal.INITIAL_CONTRACT_CANCELLATION
            for content in self.contents
        )
        candidates = []
        for content in generic.contents:
            procedure = content.procedure
            if (
                procedure.supporting
                or (procedure.channel is Channel.STORE and not self.has_shops)
                or (has_early_cancellation and procedure.goal is Goal.INITIAL_CONTRACT_CANCELLATION)
            ):
                continue
            candidate = generic_candidate(content, self.relations, self.products, self.contracts)
            if candidate is not None:
                candidates.append(candidate)
        return candidates

    def with_own_billing(self, content: RevisionContent, situation: Situation) -> RevisionContent:
        """Return a generic procedure with the carrier's billing if its dates depend on billing.

        Without such a date, or if the carrier's billing is unknown, it is returned unchanged.
        """
        if not any(isinstance(rule, AfterEnd) for rule in content.procedure.timing):
            return content
        billing = self._billing(situation)
        if billing is None:
            return content
        procedure = content.procedure.model_copy(update={"billing": billing})
        return replace(content, procedure=procedure, sources=self.carrier.document.sources)

    def _billing(self, situation: Situation) -> Billing | None:
        """Return the billing of the carrier's cancellations; None if unknown or not the same."""
        distinct: list[Billing] = []
        for billing in self._billings(situation):
            if not any(_bills_alike(billing, other) for other in distinct):
                distinct.append(billing)
        return distinct[0] if len(distinct) == 1 else None

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


def _bills_alike(billing: Billing, other: Billing) -> bool:
    ignored = {"note", "sources", "price_jpy"}
    return billing.model_dump(exclude=ignored) == other.model_dump(exclude=ignored)
