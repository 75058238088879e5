"""Response schemas of carriers: lists, search results, and contacts."""

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
    """The name or word by which the search found a carrier."""

    kind: MatchKind
    text: str = Field(description="The name or word that matched.")
    weak: bool = Field(
        description="Whether another company can be meant, because `q` is only a part of the "
        "name, or the name is only a part of `q`. Ask the person before you continue."
    )
    note: str | None = Field(
        description="Important information about the product, variant or brand. Null if there "
        "is none."
    )


class CarrierBriefOut(BaseModel):
    """A carrier in a list."""

    id: str
    name: str
    kind: CarrierKind
    audience: list[Audience] = Field(description="The groups of customers it sells to.")
    products: list[Product]
    match: MatchOut | None = Field(description="How `q` matched. Null without `q`.")
    url: str = Field(description="Address of the carrier in this API.")


class PhoneOut(BaseModel):
    """A phone number in several formats."""

    e164: str | None = Field(
        description="With country code (E.164). Null for numbers without one, such as short codes."
    )
    national: str = Field(description="As dialled inside its country.")
    kind: PhoneKind
    tel: str = Field(description="`tel:` URI to dial it (RFC 3966).")
    from_abroad: Possibility = Field(
        description="Whether it can be dialled from outside Japan, by the numbering plan."
    )


class ContactOut(BaseModel):
    """One way to reach the carrier."""

    channel: Channel
    address: str | None = Field(
        description="Phone number, e-mail address or web address. Null if unknown."
    )
    phone: PhoneOut | None = Field(
        description="The phone number in several formats. Null for other channels, or if unknown."
    )
    label: str = Field(description="What the contact is for, in words.")
    topics: list[ContactTopic] = Field(
        description="What the contact is for. Empty if no topic fits."
    )
    languages: list[str] = Field(
        description="Languages spoken or written (BCP 47 tags). Empty if unknown."
    )
    from_abroad: Possibility = Field(
        description="Whether it can be reached from outside Japan, by the sources. If they state "
        "nothing about a phone number, by the numbering plan."
    )
    hours: OpeningHours | None = Field(description="Null if unknown.")
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence


class CarrierOut(CatalogueResponse):
    """A carrier, its contacts, and a short form of its procedures."""

    id: str
    name: str = Field(description="The name in the response language.")
    names: dict[Language, str] = Field(description="The name in each language.")
    aliases: list[str] = Field(description="Other names that the search finds it by.")
    operator: str | None = Field(description="Name of the legal entity. Null if unknown.")
    designated_operator: bool | None = Field(
        description="Whether the operator is a large one that the law on cancellation fees "
        "designates. Null if unknown."
    )
    kind: CarrierKind
    networks: list[str] = Field(description="Host networks in Japan. Empty if unknown.")
    audience: list[Audience] = Field(description="The groups of customers it sells to.")
    products: list[Product]
    contracts: list[Contract] = Field(description="How its customers pay. Empty if unknown.")
    website: str | None = Field(description="Null if unknown.")
    scope: str = Field(description="Which of its products the entry covers, and which not.")
    plans: list[PlanOut] = Field(description="The plans that its procedures refer to.")
    contacts: list[ContactOut]
    after_end: ClaimOut | None = Field(
        description="Which parts of the account stay accessible after the end. Null if unknown."
    )
    warnings: list[ClaimOut] = Field(description="Warnings that concern all its procedures.")
    conflicts: list[ClaimOut] = Field(description="Points on which sources disagree.")
    unknowns: list[str] = Field(description="Facts that were searched for and not found.")
    procedures: list[ProcedureBriefOut]
    sources: list[SourceOut] = Field(description="All sources of the carrier and its procedures.")
    url: str = Field(description="Address of the carrier in this API.")


class KnownBrandOut(BaseModel):
    """A brand known only from network data or packaging. The catalogue has no procedures for it."""

    name: str
    weak: bool = Field(description="Whether `q` is only a part of the name.")
    note: str = Field(description="What is known about the brand.")


class NotCoveredOut(BaseModel):
    """A kind of contract that this service does not cover, and where to get help instead."""

    kind: NotCoveredKind
    name: str = Field(description="Name of `kind` in the response language.")
    note: str = Field(description="Where to get help.")


class SearchHelpOut(BaseModel):
    """Next steps if the search has found no company for certain."""

    hint: str = Field(description="What to try next, in words.")
    not_covered: list[NotCoveredOut] = Field(
        description="Kinds of contracts named in `q` that this service does not cover."
    )
    identify: str = Field(
        description="Address that identifies the company by clues on the phone or order (POST)."
    )
    guide: str = Field(description="Address of the guide for customers of any carrier.")


class CarriersOut(Page):
    """A page of carriers."""

    items: list[CarrierBriefOut]
    brands: list[KnownBrandOut] = Field(
        description="Brands named in `q` that the catalogue has no entry for; the same on every "
        "page. Empty without `q`."
    )
    help: SearchHelpOut | None = Field(
        description="Next steps if no company, or only weak matches, were found. Otherwise null."
    )
