"""The catalogue's responses.

They have no defaults: every field is always present.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from app.catalogue.codes import (
    Actor,
    Applicant,
    Audience,
    BillingCycle,
    CarrierKind,
    Channel,
    ContactTopic,
    Contract,
    Device,
    EffortReason,
    Evidence,
    FeeKind,
    LastMonth,
    Line,
    MatchKind,
    NotCoveredKind,
    Outcome,
    Phase,
    Possibility,
    Product,
    Requirement,
    Sale,
    SourceKind,
)
from app.catalogue.documents import OpeningHours
from app.catalogue.goals import Goal
from app.catalogue.parts import FeePeriod
from app.catalogue.phone_numbers import PhoneKind
from app.i18n import Language


class CatalogueResponse(BaseModel):
    """What every response of the catalogue has."""

    edition: int = Field(
        description="Number of the published edition the answer is from.", examples=[1]
    )
    language: Language = Field(description="Language of the texts.")


class Page(CatalogueResponse):
    """What every list has."""

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
    """Japanese words on a screen or in a conversation, with their meaning."""

    ja: str
    meaning: str | None = Field(description="Null when the answer is in Japanese.")


class LinkOut(BaseModel):
    """A page the step happens on."""

    url: str
    title: str


class NeedOut(TermOut):
    """What a step needs."""

    replaced_by: list[list[TermOut]] = Field(
        description="Whoever has all of one list can do without it; empty: nothing replaces it."
    )


class PaperOut(TermOut):
    """A paper to bring, send or show."""

    instead_of: list[TermOut] = Field(description="Papers of the list that it replaces.")
    only_with: list[TermOut] = Field(
        description="Papers of the list that have to come with it, or it does not count."
    )


class StepOut(BaseModel):
    """One action, in order."""

    key: str = Field(description="Stable over revisions; unique in the procedure.")
    position: int
    phase: Phase
    actor: Actor
    title: str
    detail: str
    needs: list[NeedOut] = Field(description="What the person needs for it.")
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
    lines: list[Line] = Field(description="The state of the line.")
    sales: list[Sale] = Field(description="How it was sold; empty: anyhow.")
    devices: list[Device] = Field(description="Whose the phone or router is; empty: whosever.")


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
    kind: FeeKind
    amount: AmountOut | None = Field(description="Null: the fee exists, its amount is not known.")
    condition: str | None
    period: FeePeriod | None = Field(
        description="For which contracts it is due, and how long; null: no rule is known."
    )
    check: str | None = Field(
        description="Address of the check against the caps of the law, with the amount where it "
        "is known with tax; add `contract_started_on`. Null: the caps are not about this fee."
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


class AdviceOut(BaseModel):
    """A precaution, or a misconception put right."""

    key: str
    kind: Literal["precaution", "misconception", "still_charged"] = Field(
        description="`still_charged`: what goes on being charged after the end."
    )
    title: str = Field(description="Of a misconception: the wrong belief.")
    text: str
    evidence: Evidence
    procedures: list[RelatedOut] = Field(description="Procedures that tell how.")


class EffortReasonOut(BaseModel):
    """What adds to the effort, and how much."""

    code: EffortReason
    name: str
    weight: int


class EffortOut(BaseModel):
    """The effort of a procedure, from 0 to 100.

    It breaks ties in the guide, and orders nothing else. The formula is in docs/api.md.
    """

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
        description="Supporting procedure, for example deleting an eSIM profile; the guide never "
        "recommends it."
    )
    conditional: bool = Field(
        description="Only for customers who meet a condition: see `condition`, else its steps."
    )
    condition: ClaimOut | None = Field(
        description="With `conditional`: for whom it is; null: its steps say so."
    )
    only_lacking: list[TermOut] = Field(
        description="With `conditional`: needs; whoever lacks one of them meets the condition."
    )
    restores: list[TermOut] = Field(
        description="Of access recovery: needs that the person has afterwards."
    )
    evidence: Evidence
    effort: EffortOut
    steps: list[StepOut]
    documents: list[PaperOut] = Field(description="Papers to bring, send or show.")
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
    still_charged: list[ClaimOut] = Field(description="What is charged after the end.")
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


class MatchOut(BaseModel):
    """What the search found a carrier by."""

    kind: MatchKind
    text: str = Field(description="The name or word that matched.")
    weak: bool = Field(
        description="True: another company can be meant. The words are only a part of the name, or "
        "the name is only a part of the words; ask before you go on."
    )
    note: str | None = Field(
        description="What to know of this product, variant or brand before you go on."
    )


class CarrierBriefOut(BaseModel):
    """A carrier as lists show it."""

    id: str
    name: str
    kind: CarrierKind
    audience: list[Audience]
    products: list[Product]
    match: MatchOut | None = Field(description="Null without `q`.")
    url: str


class PhoneOut(BaseModel):
    """A phone number in the forms that programs use."""

    e164: str | None = Field(
        description="With its country code (E.164); null: it has none, as short codes."
    )
    national: str = Field(description="As it is dialled inside its country.")
    kind: PhoneKind
    tel: str = Field(description="Link that dials it (RFC 3966).")
    from_abroad: Possibility = Field(
        description="Whether the numbering plan lets it be dialled from outside Japan."
    )


class ContactOut(BaseModel):
    """One way to reach the carrier."""

    channel: Channel
    address: str | None = Field(description="Phone number, e-mail or web address; null: not known.")
    phone: PhoneOut | None = Field(description="Null: not a phone number, or not known.")
    label: str
    topics: list[ContactTopic] = Field(description="What it is for; empty: none of the topics.")
    languages: list[str] = Field(description="BCP 47 tags; empty: not known.")
    from_abroad: Possibility = Field(
        description="What the sources state. Of a phone number of which they state nothing, what "
        "the numbering plan says."
    )
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
    designated_operator: bool | None = Field(
        description="Whether the law on leaving fees designates it; null: not known."
    )
    kind: CarrierKind
    networks: list[str] = Field(description="Host networks in Japan; empty: not known.")
    audience: list[Audience]
    products: list[Product]
    contracts: list[Contract] = Field(description="How its customers pay; empty: not known.")
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


class KnownBrandOut(BaseModel):
    """A brand that is known from network data or packages only: it has no procedures here."""

    name: str
    weak: bool = Field(description="True: the words are only a part of the name.")
    note: str


class NotCoveredOut(BaseModel):
    """A kind of contract that is not covered here, and where to turn instead."""

    kind: NotCoveredKind
    name: str
    note: str


class SearchHelpOut(BaseModel):
    """What to do where the search has found no company for sure."""

    hint: str
    not_covered: list[NotCoveredOut] = Field(
        description="Contracts that the words name and that this service does not cover."
    )
    identify: str = Field(description="Finds the company by clues on the phone; takes a POST.")
    guide: str = Field(description="What holds for any company.")


class CarriersOut(Page):
    """A page of carriers."""

    items: list[CarrierBriefOut]
    brands: list[KnownBrandOut] = Field(
        description="Brands that the words of `q` name and that have no entry here; the same on "
        "every page. Empty without `q`."
    )
    help: SearchHelpOut | None = Field(
        description="Null without `q`, and where the list has more than weak matches."
    )


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
