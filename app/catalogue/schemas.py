"""Response schemas of procedures, and the base classes of all catalogue responses.

Fields have no defaults: every field is always present.
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
    """The fields of every response of the catalogue."""

    edition: int = Field(
        description="Number of the catalogue edition that the response is from.", examples=[1]
    )
    language: Language = Field(description="Language of the texts in the response.")


class Page(CatalogueResponse):
    """The fields of every list."""

    next: str | None = Field(description="Address of the next page. Null on the last page.")


class TermOut(BaseModel):
    """A code of the vocabulary with its name."""

    code: str
    name: str = Field(description="Name in the response language.")


class ClaimOut(BaseModel):
    """A statement with the sources that support it."""

    text: str
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence


class SourceOut(BaseModel):
    """A publication in which facts were read."""

    id: str = Field(description="The id by which other parts of the response cite it.")
    url: str | None = Field(description="Null if it has no public address.")
    title: str
    kind: SourceKind
    language: str = Field(description="Language of the source (BCP 47 tag).")
    copy_dated: str | None = Field(
        description="Date of the copy that was read: a year, month or day (ISO 8601). Null if it "
        "shows none."
    )


class PhraseOut(BaseModel):
    """Japanese words on a screen or in a conversation, with their meaning."""

    ja: str = Field(description="The words in Japanese.")
    meaning: str | None = Field(description="Translation. Null if the response is in Japanese.")


class LinkOut(BaseModel):
    """A web page on which a step is done."""

    url: str
    title: str


class NeedOut(TermOut):
    """Something that the person needs for a step."""

    replaced_by: list[list[TermOut]] = Field(
        description="Lists of needs. All needs of one list together replace this need. Empty: "
        "nothing replaces it."
    )


class PaperOut(TermOut):
    """A paper to bring, send or show."""

    instead_of: list[TermOut] = Field(description="Papers in `documents` that it replaces.")
    only_with: list[TermOut] = Field(
        description="Papers in `documents` that are required together with it."
    )


class StepOut(BaseModel):
    """One action of a procedure."""

    key: str = Field(description="Unique in the procedure, and the same in all its revisions.")
    position: int = Field(description="Position in `steps`, from 1.")
    phase: Phase
    actor: Actor
    title: str
    detail: str = Field(description="Instructions.")
    needs: list[NeedOut] = Field(description="What the person needs for the step.")
    screen_words: list[PhraseOut] = Field(description="Words to look for on the screen.")
    say: list[PhraseOut] = Field(description="Phrases to say or write to the carrier.")
    irreversible: bool = Field(description="Whether the step cannot be undone.")
    loses: list[TermOut] = Field(description="What is permanently lost once the step is done.")
    requires: list[str] = Field(description="Keys of steps that must be done first.")
    optional: bool = Field(description="Whether the step can be left out.")
    links: list[LinkOut]
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence


class PlanOut(BaseModel):
    """A plan of the carrier."""

    id: str
    name: str


class AppliesToOut(BaseModel):
    """The customers that a procedure is for."""

    products: list[Product]
    contracts: list[Contract]
    plans: list[PlanOut] = Field(description="Empty: all plans.")
    applicants: list[Applicant] = Field(description="Who can make the request.")
    lines: list[Line] = Field(description="States of the line.")
    sales: list[Sale] = Field(description="How the contract was made. Empty: any way.")
    devices: list[Device] = Field(
        description="Whether the phone or router is rented or bought. Empty: any."
    )


Number = Annotated[
    Decimal,
    PlainSerializer(
        lambda number: int(number) if number == int(number) else float(number),
        return_type=float | int,
    ),
]


class AmountOut(BaseModel):
    """An amount of money in one form: `exact`, a range, or `percent`. Other fields are null."""

    exact: Number | None = Field(description="The amount, in units of `currency`.")
    min: Number | None = Field(description="Lower limit of a range, if known.")
    max: Number | None = Field(description="Upper limit of a range, if known.")
    percent: Number | None = Field(description="Percentage of the price.")
    currency: str = Field(description="ISO 4217 code.")
    per: Literal["once", "day", "month", "item", "remaining_month"] = Field(
        description="How often, or for what, the amount is charged."
    )
    tax: Literal["included", "excluded", "unknown"]


class FeeOut(BaseModel):
    """A fee that may have to be paid."""

    what: str = Field(description="Name of the fee.")
    kind: FeeKind
    amount: AmountOut | None = Field(description="Null if the amount is unknown.")
    condition: str | None = Field(
        description="When the fee is due, in words. Null if there is no condition."
    )
    period: FeePeriod | None = Field(
        description="The contracts it applies to, and until when. Null if no rule is known."
    )
    check: str | None = Field(
        description="URL that checks the fee against the legal caps. It contains the amount if "
        "that is known with tax. Add `contract_started_on`. Null if the caps do not apply."
    )
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence


class BillingOut(BaseModel):
    """Charges for the last billing period, and when the last bill arrives."""

    last_month: LastMonth
    cycle: BillingCycle
    closing_days: list[int | Literal["last"]] = Field(
        description="With `closing_day`: days on which a billing month can close. Empty: unknown."
    )
    final_bill_months: int | None = Field(
        description="Months from the end until the last bill arrives. Null if unknown."
    )
    late_charges_months: int | None = Field(
        description="Months after the end in which late charges can follow. Null if unknown."
    )
    price_jpy: int | None = Field(
        description="Price of one period in yen. Null if the sources do not state one for all "
        "customers."
    )
    full_within: FeePeriod | None = Field(
        description="With `prorated`: if the contract ends in this time, the last billing period "
        "is charged in full. Null if there is no such rule."
    )
    note: str | None = Field(description="Null if there is none.")
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence | None = Field(description="Null if no source is cited.")


class ReturnItemsOut(BaseModel):
    """Whether items must be returned to the carrier."""

    required: Requirement
    note: str | None = Field(description="What to return, and how. Null if there is no note.")
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence | None = Field(description="Null if no source is cited.")


class RelatedOut(BaseModel):
    """A link to another procedure."""

    carrier: str = Field(description="Id of the carrier.")
    procedure: str = Field(description="Id of the procedure.")
    url: str


class AdviceOut(BaseModel):
    """A precaution, a corrected misconception, or a charge that continues after the end."""

    key: str
    kind: Literal["precaution", "misconception", "still_charged"] = Field(
        description="`still_charged`: something that is still charged after the end."
    )
    title: str = Field(description="For a misconception: the wrong belief.")
    text: str = Field(description="For a misconception: the correct facts.")
    evidence: Evidence
    procedures: list[RelatedOut] = Field(description="Procedures that explain how to do it.")


class EffortReasonOut(BaseModel):
    """A reason for effort, and its points."""

    code: EffortReason
    name: str = Field(description="Name in the response language.")
    weight: int = Field(description="Points that it adds to the score.")


class EffortOut(BaseModel):
    """The effort of a procedure.

    The guide uses it only to choose between procedures that are otherwise equal. The formula is in
    docs/api.md.
    """

    score: int = Field(ge=0, le=100, description="0 is the least effort.")
    reasons: list[EffortReasonOut] = Field(
        description="The score is the sum of their weights, at most 100."
    )


class ProcedureBriefOut(BaseModel):
    """The short form of a procedure."""

    carrier: str = Field(description="Id of the carrier.")
    id: str
    title: str
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesToOut
    from_abroad: Possibility = Field(description="Whether it can be done from outside Japan.")
    evidence: Evidence
    revision: int = Field(description="Number of its newest revision.")
    url: str = Field(description="Address of the procedure in this API.")


class CarrierRef(BaseModel):
    """A link to a carrier."""

    id: str
    name: str
    url: str


class ProcedureLinks(BaseModel):
    """Addresses of related resources."""

    self: str = Field(description="The newest revision of the procedure.")
    carrier: str
    revisions: str = Field(description="All revisions of the procedure.")


class ProcedureOut(CatalogueResponse):
    """A procedure with all its content."""

    carrier: CarrierRef
    id: str
    revision: int = Field(description="Number of this revision.")
    newest_revision: int = Field(
        description="Number of the newest revision; higher than `revision` if this one is old."
    )
    title: str
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesToOut
    from_abroad: Possibility = Field(description="Whether it can be done from outside Japan.")
    supporting: bool = Field(
        description="Supporting procedure, for example deleting an eSIM profile; the guide "
        "recommends it only for the goal `restore_access`."
    )
    conditional: bool = Field(
        description="Only for customers who meet a condition: see `condition` or, if that is null, "
        "the steps."
    )
    condition: ClaimOut | None = Field(
        description="With `conditional`: the condition. Null if only the steps state it."
    )
    only_lacking: list[TermOut] = Field(
        description="With `conditional`: customers who lack one of these needs meet the condition."
    )
    restores: list[TermOut] = Field(
        description="With goal `restore_access`: needs that the person has again afterwards."
    )
    evidence: Evidence
    effort: EffortOut
    steps: list[StepOut]
    documents: list[PaperOut] = Field(description="Papers to bring, send or show.")
    acceptance: ClaimOut | None = Field(description="When requests are accepted. Null if unknown.")
    deadline: ClaimOut | None = Field(description="The deadline, in words. Null if none is known.")
    takes_effect: ClaimOut | None = Field(description="When it takes effect. Null if unknown.")
    confirmation: ClaimOut | None = Field(
        description="How the carrier confirms the request. Null if unknown."
    )
    duration: ClaimOut | None = Field(description="How long it takes. Null if unknown.")
    timing: list[dict[str, Any]] = Field(
        description="The timing rules that the timeline is computed from. Each kind has its own "
        "fields."
    )
    fees: list[FeeOut]
    still_charged: list[ClaimOut] = Field(description="Charges that continue after the end.")
    billing: BillingOut
    return_items: ReturnItemsOut
    warnings: list[ClaimOut]
    conflicts: list[ClaimOut] = Field(description="Points on which sources disagree.")
    unknowns: list[str] = Field(description="Facts that were searched for and not found.")
    advice: list[AdviceOut] = Field(description="General advice that applies to this procedure.")
    related: list[RelatedOut] = Field(description="Related procedures.")
    sources: list[SourceOut] = Field(description="The sources that the procedure cites.")
    compiled_on: dt.date = Field(
        description="The day the facts were compiled from stored copies of the sources."
    )
    live_checked_on: dt.date | None = Field(
        description="The day someone last checked the carrier's live page. Null if never."
    )
    links: ProcedureLinks


class ProceduresOut(Page):
    """A page of procedures."""

    items: list[ProcedureBriefOut]


class RevisionOut(BaseModel):
    """One state of a procedure."""

    number: int = Field(description="1 is the oldest.")
    edition: int = Field(description="Number of the edition that first published it.")
    published_at: dt.datetime = Field(description="When that edition was published.")
    url: str = Field(description="Address of the revision in this API.")


class RevisionsOut(Page):
    """All revisions of a procedure, newest first."""

    carrier: str = Field(description="Id of the carrier.")
    procedure: str = Field(description="Id of the procedure.")
    items: list[RevisionOut]
