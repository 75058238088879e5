"""The outputs about carriers: what a search finds, and how to reach a company."""

from pydantic import BaseModel, Field

from app.catalogue.codes import (
    Audience,
    CarrierKind,
    Channel,
    ContactTopic,
    Contract,
    Evidence,
    MatchKind,
    NotCoveredKind,
    Possibility,
    Product,
)
from app.catalogue.documents import OpeningHours
from app.catalogue.phone_numbers import PhoneKind
from app.catalogue.schemas import (
    CatalogueResponse,
    ClaimOut,
    Page,
    PlanOut,
    ProcedureBriefOut,
    SourceOut,
)
from app.i18n import Language


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
