"""The outputs about procedures, and what all outputs of the catalogue share.

They have no defaults: every field is always present.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from app.catalogue.codes import (
    Actor,
    Applicant,
    BillingCycle,
    Channel,
    Contract,
    Device,
    EffortReason,
    Evidence,
    FeeKind,
    LastMonth,
    Line,
    Outcome,
    Phase,
    Possibility,
    Product,
    Requirement,
    Sale,
    SourceKind,
)
from app.catalogue.goals import Goal
from app.catalogue.parts import FeePeriod
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
