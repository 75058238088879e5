"""What the catalogue's addresses take and give. Output has no defaults: every field is always there."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from app.catalogue import documents, evidence, store
from app.catalogue.codes import (
    Actor,
    Applicant,
    Audience,
    BillingCycle,
    CarrierKind,
    Channel,
    Contract,
    EffortReason,
    Evidence,
    Goal,
    LastMonth,
    Outcome,
    Phase,
    Possibility,
    Product,
    Requirement,
    SourceKind,
)
from app.catalogue.documents import (
    Claim,
    OpeningHours,
    ProcedureContent,
    Source,
    Term,
    VocabularyDocument,
)
from app.catalogue.effort import Effort, effort
from app.catalogue.example_words import EXAMPLE_WORDS
from app.catalogue.naming import name_of
from app.catalogue.parts import FeePeriod
from app.catalogue.timing_rules import TimingRule
from app.i18n import Language, LocalizedText
from app.links import carrier_url, procedure_url
from app.pagination import PageQuery


class CarriersQuery(PageQuery):
    """Which carriers to list."""

    q: str | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        description="A name in any script, or a part of one: spacing, case, width and kana do not matter.",
        examples=EXAMPLE_WORDS["searches"],
    )
    kind: CarrierKind | None = Field(default=None, description="Kind of company.")
    audience: Audience | None = Field(default=None, description="Whom it sells to.")
    product: Product | None = Field(
        default=None, description="What the customer holds in the hand."
    )


class ProceduresQuery(PageQuery):
    """Which procedures to list."""

    carrier: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00]*$",
        description="Id of a carrier.",
        examples=["rakuten-mobile"],
    )
    goal: Goal | None = Field(default=None, description="What the person wants.")
    outcome: Outcome | None = Field(default=None, description="What is the case afterwards.")
    channel: Channel | None = Field(default=None, description="How the carrier is reached.")
    product: Product | None = Field(default=None, description="A product it applies to.")
    contract: Contract | None = Field(default=None, description="A kind of contract it applies to.")
    from_abroad: Possibility | None = Field(
        default=None, description="Whether it can be done from outside Japan."
    )
    evidence: Evidence | None = Field(default=None, description="How well it is backed.")


class CatalogueResponse(BaseModel):
    """What every answer of the catalogue tells about itself."""

    edition: int = Field(
        description="Number of the published edition the answer is from.", examples=[1]
    )
    language: Language = Field(description="Language of the texts.")


class Page(CatalogueResponse):
    """What every list tells."""

    next: str | None = Field(description="Address of the next page; null on the last.")


class TermOut(BaseModel):
    """A code of the vocabulary with its name."""

    code: str
    name: str


class ClaimOut(BaseModel):
    """A statement with the sources that back it."""

    text: str
    sources: list[str] = Field(description="Ids in `sources` of the same answer.")
    evidence: Evidence

    @classmethod
    def of(cls, claim: Claim, context: "Context") -> "ClaimOut":
        """Return the claim in the language."""
        return cls(
            text=claim.text[context.language],
            sources=claim.sources,
            evidence=context.grade(claim.sources),
        )


class SourceOut(BaseModel):
    """Where facts were read."""

    id: str
    url: str | None
    title: str
    kind: SourceKind
    language: str
    copy_dated: str | None = Field(
        description="Date of the copy that was read (year, month or day); null: it shows none."
    )


class PhraseOut(BaseModel):
    """Japanese words as they stand on a screen or are said, with their meaning."""

    ja: str
    meaning: str | None = Field(description="Null when the answer is in Japanese.")


class LinkOut(BaseModel):
    """A page the step happens on."""

    url: str
    title: str


class StepOut(BaseModel):
    """One action, in order."""

    key: str = Field(description="Stable over revisions; unique in the procedure.")
    position: int
    phase: Phase
    actor: Actor
    title: str
    detail: str
    needs: list[TermOut] = Field(description="What must be at hand.")
    screen_words: list[PhraseOut]
    say: list[PhraseOut]
    irreversible: bool
    loses: list[TermOut] = Field(description="What is gone for good once the step is done.")
    requires: list[str] = Field(description="Keys of steps that must be done first.")
    optional: bool
    links: list[LinkOut]
    sources: list[str]
    evidence: Evidence


class PlanOut(BaseModel):
    """A plan of the carrier."""

    id: str
    name: str


class AppliesToOut(BaseModel):
    """Which customers a procedure is for."""

    products: list[Product]
    contracts: list[Contract]
    plans: list[PlanOut] = Field(description="Empty: all plans.")
    applicants: list[Applicant] = Field(description="Who asks for it.")


Number = Annotated[
    Decimal,
    PlainSerializer(
        lambda number: int(number) if number == int(number) else float(number),
        return_type=float | int,
    ),
]


class AmountOut(BaseModel):
    """How much: exact, or between min and max, or a share of the price."""

    exact: Number | None
    min: Number | None
    max: Number | None
    percent: Number | None
    currency: str
    per: Literal["once", "day", "month", "item", "remaining_month"]
    tax: Literal["included", "excluded", "unknown"]


class FeeOut(BaseModel):
    """What may have to be paid."""

    what: str
    amount: AmountOut | None = Field(description="Null: the fee exists, its amount is not known.")
    condition: str | None
    period: FeePeriod | None = Field(
        description="For which contracts it is due, and how long; null: no rule is known."
    )
    sources: list[str]
    evidence: Evidence


class BillingOut(BaseModel):
    """How the end is billed."""

    last_month: LastMonth
    cycle: BillingCycle
    closing_days: list[int | Literal["last"]]
    final_bill_months: int | None
    late_charges_months: int | None
    price_jpy: int | None = Field(
        description="What one period costs, where the sources name one amount for all."
    )
    full_within: FeePeriod | None = Field(
        description="With prorated: charged in full when it ends within this period."
    )
    note: str | None
    sources: list[str]
    evidence: Evidence | None = Field(description="Null where nothing is known.")


class ReturnItemsOut(BaseModel):
    """Whether something has to be sent or brought back."""

    required: Requirement
    note: str | None
    sources: list[str]
    evidence: Evidence | None = Field(description="Null where nothing is known.")


class RelatedOut(BaseModel):
    """Another procedure worth knowing."""

    carrier: str
    procedure: str
    url: str

    @classmethod
    def of(cls, related: str, carrier: str = "") -> "RelatedOut":
        """Return what `carrier/procedure` names, or `procedure` alone of this carrier."""
        owner, _, procedure = related.rpartition("/")
        return cls(
            carrier=owner or carrier,
            procedure=procedure,
            url=procedure_url(owner or carrier, procedure),
        )


class AdviceOut(BaseModel):
    """A precaution, or a misconception put right."""

    key: str
    kind: Literal["precaution", "misconception"]
    title: str = Field(description="Of a misconception: the wrong belief.")
    text: str
    evidence: Evidence
    procedures: list[RelatedOut] = Field(description="Procedures that tell how.")

    @classmethod
    def of(cls, advice: documents.Advice, context: "Context") -> "AdviceOut":
        """Return the advice in the language; the context is that of all advice."""
        return cls(
            key=advice.key,
            kind=advice.kind,
            title=advice.title[context.language],
            text=advice.text[context.language],
            evidence=context.grade(advice.sources),
            procedures=[RelatedOut.of(address) for address in advice.procedures],
        )


class EffortReasonOut(BaseModel):
    """What adds to the effort, and how much."""

    code: EffortReason
    name: str
    weight: int


class EffortOut(BaseModel):
    """How laborious a procedure is, from 0 to 100. It orders nothing by itself; docs/api.md publishes the formula."""

    score: int = Field(ge=0, le=100)
    reasons: list[EffortReasonOut] = Field(description="The score is their sum, at most 100.")


class ProcedureBriefOut(BaseModel):
    """A procedure as lists show it."""

    carrier: str
    id: str
    title: str
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesToOut
    from_abroad: Possibility
    evidence: Evidence
    revision: int
    url: str

    @classmethod
    def of(cls, brief: store.ProcedureBrief, language: Language) -> "ProcedureBriefOut":
        """Return the procedure in brief, in the language."""
        facts = brief.procedure
        return cls(
            carrier=brief.carrier.slug,
            id=brief.slug,
            title=facts.title[language],
            goal=facts.goal,
            outcome=facts.outcome,
            channel=facts.channel,
            applies_to=_applies_to(facts, brief.carrier, language),
            from_abroad=facts.from_abroad,
            evidence=brief.evidence,
            revision=brief.number,
            url=procedure_url(brief.carrier.slug, brief.slug),
        )


class CarrierRef(BaseModel):
    """The carrier of a procedure."""

    id: str
    name: str
    url: str


class ProcedureLinks(BaseModel):
    """Where more about a procedure is."""

    self: str
    carrier: str
    revisions: str


class ProcedureOut(CatalogueResponse):
    """One procedure with everything that is known of it."""

    carrier: CarrierRef
    id: str
    revision: int
    newest_revision: int = Field(description="Higher than `revision` when this is an old state.")
    title: str
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesToOut
    from_abroad: Possibility
    supporting: bool = Field(
        description="Supporting procedure, for example deleting an eSIM profile; the guide never recommends it."
    )
    conditional: bool = Field(
        description="Only for customers who meet the conditions listed in its steps."
    )
    evidence: Evidence
    effort: EffortOut
    steps: list[StepOut]
    documents: list[TermOut] = Field(description="Papers to bring, send or show.")
    acceptance: ClaimOut | None = Field(description="When requests are taken; null: not known.")
    deadline: ClaimOut | None = Field(description="By when, in words; null: none is known.")
    takes_effect: ClaimOut | None = Field(description="When it is over; null: not known.")
    confirmation: ClaimOut | None = Field(
        description="How the carrier says it is done; null: not known."
    )
    duration: ClaimOut | None = Field(description="How long it takes; null: not known.")
    timing: list[dict[str, Any]] = Field(
        description="The typed rules that the timeline is computed from."
    )
    fees: list[FeeOut]
    billing: BillingOut
    return_items: ReturnItemsOut
    warnings: list[ClaimOut]
    conflicts: list[ClaimOut] = Field(description="Where sources disagree.")
    unknowns: list[str] = Field(description="What was looked for and not found.")
    advice: list[AdviceOut] = Field(description="What to mind, whatever the carrier.")
    related: list[RelatedOut]
    sources: list[SourceOut]
    compiled_on: dt.date = Field(description="When the facts were written from stored copies.")
    live_checked_on: dt.date | None = Field(
        description="When someone opened the carrier's live page; null: not checked live."
    )
    links: ProcedureLinks

    @classmethod
    def of(cls, view: store.ProcedureView, language: Language) -> "ProcedureOut":
        """Return the procedure in the language."""
        content, carrier = view.content, view.carrier
        facts = content.procedure
        context = Context(language, content.sources, view.edition.vocabulary)
        address = procedure_url(carrier.slug, content.slug)
        return cls(
            edition=view.edition.number,
            language=language,
            carrier=CarrierRef(
                id=carrier.slug, name=carrier.document.name[language], url=carrier_url(carrier.slug)
            ),
            id=content.slug,
            revision=content.number,
            newest_revision=view.newest_revision,
            title=facts.title[language],
            goal=facts.goal,
            outcome=facts.outcome,
            channel=facts.channel,
            applies_to=_applies_to(facts, carrier, language),
            from_abroad=facts.from_abroad,
            supporting=facts.supporting,
            conditional=facts.conditional,
            evidence=content.evidence,
            effort=context.effort(effort(facts, content.steps)),
            steps=[context.step(position, step) for position, step in enumerate(content.steps, 1)],
            documents=context.terms(facts.documents, context.vocabulary.documents),
            acceptance=context.claim(facts.acceptance),
            deadline=context.claim(facts.deadline),
            takes_effect=context.claim(facts.takes_effect),
            confirmation=context.claim(facts.confirmation),
            duration=context.claim(facts.duration),
            timing=[context.rule(rule) for rule in facts.timing],
            fees=[context.fee(fee) for fee in facts.fees],
            billing=BillingOut(**context.noted(facts.billing)),
            return_items=ReturnItemsOut(**context.noted(facts.return_items)),
            warnings=context.claims(facts.warnings),
            conflicts=context.claims(facts.conflicts),
            unknowns=[unknown.text[language] for unknown in facts.unknowns],
            advice=advice_for(facts, carrier.kind, view.edition, language),
            related=[RelatedOut.of(related, carrier.slug) for related in facts.related],
            sources=[SourceOut(**vars(source)) for source in content.sources],
            compiled_on=facts.compiled_on,
            live_checked_on=facts.live_checked_on,
            links=ProcedureLinks(
                self=address, carrier=carrier_url(carrier.slug), revisions=f"{address}/revisions"
            ),
        )


class CarrierBriefOut(BaseModel):
    """A carrier as lists show it."""

    id: str
    name: str
    kind: CarrierKind
    audience: list[Audience]
    products: list[Product]
    url: str

    @classmethod
    def of(cls, carrier: store.CarrierView, language: Language) -> "CarrierBriefOut":
        """Return the carrier in brief, in the language."""
        document = carrier.document
        return cls(
            id=carrier.slug,
            name=document.name[language],
            kind=document.kind,
            audience=document.audience,
            products=document.products,
            url=carrier_url(carrier.slug),
        )


class ContactOut(BaseModel):
    """One way to reach the carrier."""

    channel: Channel
    address: str | None = Field(description="Phone number, e-mail or web address; null: not known.")
    label: str
    languages: list[str] = Field(description="BCP 47 tags; empty: not known.")
    from_abroad: Possibility
    hours: OpeningHours | None = Field(description="Null: not known.")
    sources: list[str]
    evidence: Evidence


class CarrierOut(CatalogueResponse):
    """One carrier, its contacts, and its procedures in brief."""

    id: str
    name: str
    names: dict[Language, str]
    aliases: list[str]
    operator: str | None = Field(description="The legal entity; null: not known.")
    kind: CarrierKind
    networks: list[str] = Field(description="Host networks in Japan; empty: not known.")
    audience: list[Audience]
    products: list[Product]
    website: str | None
    scope: str = Field(description="Which products the entry covers, and which it does not.")
    plans: list[PlanOut]
    contacts: list[ContactOut]
    after_end: ClaimOut | None = Field(
        description="What of the account stays reachable; null: not known."
    )
    warnings: list[ClaimOut] = Field(description="What to mind with the company as a whole.")
    conflicts: list[ClaimOut]
    unknowns: list[str]
    procedures: list[ProcedureBriefOut]
    sources: list[SourceOut] = Field(description="All sources of the carrier and its procedures.")
    url: str

    @classmethod
    def of(
        cls,
        edition: store.EditionView,
        carrier: store.CarrierView,
        briefs: Iterable[store.ProcedureBrief],
        language: Language,
    ) -> "CarrierOut":
        """Return the carrier in the language."""
        document = carrier.document
        context = Context(language, document.sources, edition.vocabulary)
        return cls(
            edition=edition.number,
            language=language,
            id=carrier.slug,
            name=document.name[language],
            names={
                "en": document.name["en"],
                "ja": document.name["ja"],
                "zh-Hans": document.name["zh-Hans"],
            },
            aliases=document.aliases,
            operator=document.operator,
            kind=document.kind,
            networks=document.networks,
            audience=document.audience,
            products=document.products,
            website=document.website,
            scope=document.scope[language],
            plans=[PlanOut(id=plan, name=name[language]) for plan, name in document.plans.items()],
            contacts=[context.contact(contact) for contact in document.contacts],
            after_end=context.claim(document.after_end),
            warnings=context.claims(document.warnings),
            conflicts=context.claims(document.conflicts),
            unknowns=[unknown.text[language] for unknown in document.unknowns],
            procedures=[ProcedureBriefOut.of(brief, language) for brief in briefs],
            sources=[SourceOut(**vars(source)) for source in document.sources],
            url=carrier_url(carrier.slug),
        )


class CarriersOut(Page):
    """A page of carriers."""

    items: list[CarrierBriefOut]


class ProceduresOut(Page):
    """A page of procedures."""

    items: list[ProcedureBriefOut]


class RevisionOut(BaseModel):
    """One state of a procedure."""

    number: int
    edition: int = Field(description="The edition it was first published in.")
    published_at: dt.datetime
    url: str


class RevisionsOut(Page):
    """The history of a procedure, newest first."""

    carrier: str
    procedure: str
    items: list[RevisionOut]


class Context:
    """Turns content into output: in one language, with the sources and the vocabulary it refers to."""

    def __init__(
        self, language: Language, sources: Iterable[Source], vocabulary: VocabularyDocument
    ) -> None:
        """Keep what all parts of an answer share."""
        self.language: Language = language
        self.vocabulary = vocabulary
        self._sources = {source.id: source for source in sources}

    def grade(self, ids: Iterable[str]) -> Evidence:
        """Return how well a claim that cites these ids is backed."""
        return evidence.grade(self._sources[source] for source in ids)

    def noted(self, part: documents.Billing | documents.ReturnItems) -> dict[str, Any]:
        """Return the fields of a part with its note in the language, and how well it is backed."""
        return {
            **vars(part),
            "note": self.text(part.note),
            "evidence": self.grade(part.sources) if part.sources else None,
        }

    def text(self, text: LocalizedText | None) -> str | None:
        """Return the text in the language, if there is one."""
        return text[self.language] if text else None

    def claim(self, claim: Claim | None) -> ClaimOut | None:
        """Return the claim in the language, if there is one."""
        return ClaimOut.of(claim, self) if claim else None

    def claims(self, claims: Iterable[Claim]) -> list[ClaimOut]:
        """Return the claims in the language."""
        return [ClaimOut.of(claim, self) for claim in claims]

    def terms(self, codes: Iterable[str], named: Mapping[str, Term]) -> list[TermOut]:
        """Return the codes with their names; a code that has left the vocabulary since is its own name."""
        return [TermOut(code=code, name=name_of(code, named, self.language)) for code in codes]

    def step(self, position: int, step: documents.Step) -> StepOut:
        """Return the step in the language."""
        return StepOut(
            key=step.key,
            position=position,
            phase=step.phase,
            actor=step.actor,
            title=step.title[self.language],
            detail=step.detail[self.language],
            needs=self.terms(step.needs, self.vocabulary.needs),
            screen_words=[self._phrase(phrase) for phrase in step.screen_words],
            say=[self._phrase(phrase) for phrase in step.say],
            irreversible=step.irreversible,
            loses=self.terms(step.loses, self.vocabulary.losses),
            requires=step.requires,
            optional=step.optional,
            links=[LinkOut(url=link.url, title=link.title[self.language]) for link in step.links],
            sources=step.sources,
            evidence=self.grade(step.sources),
        )

    def fee(self, fee: documents.Fee) -> FeeOut:
        """Return the fee in the language."""
        return FeeOut(
            what=fee.what[self.language],
            amount=AmountOut(**vars(fee.amount)) if fee.amount else None,
            condition=self.text(fee.condition),
            period=fee.period,
            sources=fee.sources,
            evidence=self.grade(fee.sources),
        )

    def rule(self, rule: TimingRule) -> dict[str, Any]:
        """Return the timing rule with its note in the language, and how well it is backed."""
        return {
            **rule.model_dump(mode="json"),
            "note": self.text(rule.note),
            "evidence": self.grade(rule.sources),
        }

    def effort(self, effort: Effort) -> EffortOut:
        """Return the effort with its reasons named."""
        named = self.vocabulary.effort_reasons
        return EffortOut(
            score=effort.score,
            reasons=[
                EffortReasonOut(code=code, name=named[code].name[self.language], weight=weight)
                for code, weight in effort.reasons.items()
            ],
        )

    def contact(self, contact: documents.Contact) -> ContactOut:
        """Return the contact in the language."""
        return ContactOut(
            channel=contact.channel,
            address=contact.address,
            label=contact.label[self.language],
            languages=contact.languages,
            from_abroad=contact.from_abroad,
            hours=contact.hours,
            sources=contact.sources,
            evidence=self.grade(contact.sources),
        )

    def _phrase(self, phrase: documents.Phrase) -> PhraseOut:
        return PhraseOut(ja=phrase.ja, meaning=phrase.meaning.get(self.language))


def advice_for(
    facts: ProcedureContent, kind: CarrierKind, edition: store.EditionView, language: Language
) -> list[AdviceOut]:
    """Return the advice that attaches to a procedure: it matches every list that is not empty."""

    def attaches(to: documents.AttachesTo) -> bool:
        pairs: Sequence[tuple[Sequence[Any], Iterable[Any]]] = (
            (to.goals, [facts.goal]),
            (to.outcomes, [facts.outcome]),
            (to.products, facts.applies_to.products),
            (to.contracts, facts.applies_to.contracts),
            (to.channels, [facts.channel]),
            (to.kinds, [kind]),
            (to.applicants, facts.applies_to.applicants),
        )
        return all(not wanted or set(wanted) & set(given) for wanted, given in pairs)

    context = Context(language, edition.advice.sources, edition.vocabulary)
    return [
        AdviceOut.of(item, context) for item in edition.advice.advice if attaches(item.attaches_to)
    ]


def _applies_to(
    facts: ProcedureContent, carrier: store.CarrierView, language: Language
) -> AppliesToOut:
    names = carrier.document.plans
    plans = [
        PlanOut(id=plan, name=names[plan][language] if plan in names else plan)
        for plan in facts.applies_to.plans
    ]
    to = facts.applies_to
    return AppliesToOut(
        products=to.products, contracts=to.contracts, plans=plans, applicants=to.applicants
    )
