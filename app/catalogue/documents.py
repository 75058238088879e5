"""The format of the catalogue's files, as frozen documents."""

import datetime as dt
import re
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.catalogue.charges import Billing, Fee
from app.catalogue.codes import (
    Actor,
    Applicant,
    Audience,
    CarrierKind,
    Channel,
    ContactTopic,
    Contract,
    Device,
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
from app.catalogue.parts import CatalogueModel, Citations, TimeOfDay, Weekday
from app.catalogue.phone_numbers import Phone, parse_phone
from app.catalogue.timing_rules import TimingRule
from app.i18n import LocalizedText

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""A stable id in addresses: lower-case words joined by hyphens."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
"""An id of the vocabulary: lower-case words joined by underscores."""

SourceId = Annotated[str, Field(pattern=r"^[A-Z]{1,4}[0-9]{1,3}$")]

PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A date as exact as the source gives it: a year, a month, or a day (ISO 8601)."""


_WEB_ADDRESS: Final = re.compile(r"https?://\S*")


def _web_address(url: str) -> str:
    if not _WEB_ADDRESS.fullmatch(url):
        raise ValueError(
            "not a web address: it must begin with https:// or http:// and hold no spaces"
        )
    return url


Url = Annotated[str, Field(max_length=1000), AfterValidator(_web_address)]


class Source(CatalogueModel):
    """Where a fact was read."""

    id: SourceId
    url: Url | None = Field(description="Null only where the source has no public address.")
    title: str = Field(min_length=1)
    kind: SourceKind
    language: str = Field(min_length=2, max_length=35)
    copy_dated: PartialDate | None = Field(
        description="The date of the copy that was read; null: it shows none."
    )


class Claim(CatalogueModel):
    """A statement and the sources that back it."""

    text: LocalizedText
    sources: Citations


class Unknown(CatalogueModel):
    """What was looked for and not found."""

    text: LocalizedText


class Phrase(CatalogueModel):
    """Japanese words on a screen or in a conversation, with their meaning."""

    ja: str = Field(min_length=1)
    meaning: Annotated[dict[str, str], Field(min_length=1)]

    @model_validator(mode="after")
    def _meaning_for_all_others(self) -> Self:
        missing = [tag for tag in ("en", "zh-Hans") if not self.meaning.get(tag, "").strip()]
        if missing:
            raise ValueError(f"the meaning is missing in {', '.join(missing)}")
        return self


class Link(CatalogueModel):
    """A page the step happens on."""

    url: Url
    title: LocalizedText


class Step(CatalogueModel):
    """One action, in order."""

    key: Slug = Field(description="Stable; unique in the procedure. A session's ticks hang on it.")
    phase: Phase
    actor: Actor
    title: LocalizedText
    detail: LocalizedText
    needs: tuple[Code, ...] = ()
    replaced_by: dict[Code, tuple[Annotated[tuple[Code, ...], Field(min_length=1)], ...]] = Field(
        default_factory=dict,
        description="By need: lists of needs; whoever has all of one list can do without it.",
    )
    screen_words: tuple[Phrase, ...] = ()
    say: tuple[Phrase, ...] = ()
    irreversible: bool = False
    loses: tuple[Code, ...] = Field(
        default=(), description="What is gone for good once the step is done."
    )
    requires: tuple[Slug, ...] = Field(
        default=(), description="Keys of steps that must be done first."
    )
    optional: bool = False
    links: tuple[Link, ...] = ()
    sources: Citations


class AppliesTo(CatalogueModel):
    """Which customers a procedure is for."""

    products: tuple[Product, ...] = Field(min_length=1)
    contracts: tuple[Contract, ...] = Field(min_length=1)
    plans: tuple[Slug, ...] = Field(
        default=(), description="Plans of the carrier file; empty: all of them."
    )
    applicants: tuple[Applicant, ...] = Field(
        default=(Applicant.HOLDER,),
        min_length=1,
        description="Who asks for it: the contract holder unless said otherwise.",
    )
    lines: tuple[Line, ...] = Field(
        default=(Line.IN_USE, Line.SUSPENDED),
        min_length=1,
        description="State of the line: one that has not ended unless said otherwise.",
    )
    sales: tuple[Sale, ...] = Field(default=(), description="How it was sold; empty: anyhow.")
    devices: tuple[Device, ...] = Field(
        default=(), description="Whose the phone or router is; empty: whosever."
    )


class Paper(CatalogueModel):
    """A paper to bring, send or show. One that stands alone is written as its code."""

    code: Code
    instead_of: tuple[Code, ...] = Field(
        default=(), description="Papers of the same list that it replaces."
    )
    only_with: tuple[Code, ...] = Field(
        default=(), description="Papers that have to come with it, or it does not count."
    )

    @model_validator(mode="before")
    @classmethod
    def _of_code(cls, value: object) -> object:
        return {"code": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _as_code(self, handler: SerializerFunctionWrapHandler) -> object:
        return handler(self) if self.instead_of or self.only_with else self.code

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return a schema that allows the code alone, for editors."""
        return {"anyOf": [{"type": "string"}, handler(core_schema)]}


class ReturnItems(CatalogueModel):
    """Whether something has to be sent or brought back."""

    required: Requirement
    note: LocalizedText | None = None
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sourced_unless_unknown(self) -> Self:
        if self.required is not Requirement.UNKNOWN and not self.sources:
            raise ValueError("a known return rule needs sources")
        return self


class ProcedureContent(CatalogueModel):
    """One way to reach one goal with one carrier, all but its steps."""

    title: LocalizedText
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesTo
    from_abroad: Possibility = Field(description="Whether it can be done from outside Japan.")
    supporting: bool = Field(
        default=False,
        description="A supporting procedure, such as deleting an eSIM profile: other procedures "
        "and advice link to it, the guide never recommends it.",
    )
    conditional: bool = Field(
        default=False,
        description="Only for customers who meet the conditions listed in its steps, such as a "
        "lost card or a fault: the guide never recommends it.",
    )
    condition: Claim | None = Field(
        default=None, description="With conditional: for whom it is, in one sentence."
    )
    only_lacking: tuple[Code, ...] = Field(
        default=(),
        description="With conditional: needs; the condition is met by whoever lacks one of them.",
    )
    restores: tuple[Code, ...] = Field(
        default=(), description="With goal restore_access: needs that the person has afterwards."
    )
    timing: tuple[TimingRule, ...] = ()
    documents: tuple[Paper, ...] = Field(default=(), description="Papers to bring, send or show.")
    acceptance: Claim | None = Field(
        default=None, description="When requests are taken; null: not known."
    )
    deadline: Claim | None = Field(
        default=None, description="By when, in words; null: none is known."
    )
    takes_effect: Claim | None = Field(
        default=None, description="When it is over; null: not known."
    )
    confirmation: Claim | None = Field(
        default=None, description="How the carrier says it is done; null: not known."
    )
    duration: Claim | None = Field(default=None, description="How long it takes; null: not known.")
    fees: tuple[Fee, ...] = ()
    still_charged: tuple[Claim, ...] = Field(
        default=(), description="What is charged after the end, such as a membership or insurance."
    )
    billing: Billing = Billing(last_month=LastMonth.UNKNOWN)
    return_items: ReturnItems = ReturnItems(required=Requirement.UNKNOWN)
    warnings: tuple[Claim, ...] = ()
    conflicts: tuple[Claim, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    related: tuple[str, ...] = Field(
        default=(),
        description="Other procedures worth knowing, as `procedure` or `carrier/procedure`.",
    )
    compiled_on: dt.date = Field(description="When the facts were written from stored copies.")
    live_checked_on: dt.date | None = Field(
        description="When someone opened the carrier's live page; null: never."
    )


class ProcedureDocument(ProcedureContent):
    """One way to reach one goal with one carrier."""

    steps: tuple[Step, ...] = Field(min_length=1)


class WeeklyHours(CatalogueModel):
    """The same hours on some days of the week; 24 hours: from 00:00 to 24:00."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = Field(
        description="Null: no source tells on which days."
    )
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class OpeningHours(CatalogueModel):
    """When a contact answers, in Asia/Tokyo unless `zone` says otherwise."""

    weekly: tuple[WeeklyHours, ...] = Field(min_length=1)
    public_holidays: Literal["open", "closed", "unknown"] = "unknown"
    closed: tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d/\d\d-\d\d$")], ...] = Field(
        default=(), description="Yearly closed days as MM-DD/MM-DD, both included."
    )
    zone: str = "Asia/Tokyo"


class Contact(CatalogueModel):
    """One way to reach the carrier."""

    channel: Channel
    address: str | None = Field(
        description="One phone number, e-mail or web address; null: not known."
    )
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(
        default="JP",
        description="Where a phone number without + is dialled (ISO 3166-1).",
    )
    label: LocalizedText = Field(description="What it is for.")
    topics: tuple[ContactTopic, ...] = Field(
        default=(ContactTopic.CONTRACTS,), description="Empty: none of the topics."
    )
    languages: tuple[str, ...] = Field(default=(), description="BCP 47 tags; empty: not known.")
    from_abroad: Possibility
    hours: OpeningHours | None = Field(default=None, description="Null: not known.")
    sources: Citations

    @property
    def phone(self) -> Phone | None:
        """The phone number that the address is, if it is one."""
        if self.channel is not Channel.PHONE or self.address is None:
            return None
        return parse_phone(self.address, self.country)


class Designation(CatalogueModel):
    """Whether the law on leaving fees designates the operator."""

    value: bool
    sources: Citations


class CarrierDocument(CatalogueModel):
    """The company the customer must deal with."""

    name: LocalizedText
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field(
        default=(),
        description="Every other name in any script: readings, brands, what marketplaces call it.",
    )
    operator: str | None = Field(description="The legal entity; null: not known.")
    designated_operator: Designation | None = Field(
        default=None,
        description="Whether the law on leaving fees designates it; null: not known.",
    )
    kind: CarrierKind
    networks: tuple[str, ...] = Field(
        default=(), description="Host networks in Japan; empty: not known."
    )
    audience: tuple[Audience, ...] = Field(min_length=1)
    products: tuple[Product, ...] = Field(min_length=1)
    contracts: tuple[Contract, ...] = Field(
        default=(),
        description="How its customers pay, besides what its procedures say; empty: not known.",
    )
    website: Url | None
    scope: LocalizedText = Field(
        description="Which products the entry covers, and which it does not."
    )
    plans: dict[Slug, LocalizedText] = Field(
        default_factory=dict, description="Plans that procedures name."
    )
    contacts: tuple[Contact, ...] = ()
    after_end: Claim | None = Field(
        default=None, description="What of the account stays reachable; null: not known."
    )
    warnings: tuple[Claim, ...] = Field(
        default=(), description="What to mind with the company as a whole."
    )
    conflicts: tuple[Claim, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)


class RetiredDocument(CatalogueModel):
    """What has left the catalogue, and what took its place (null: nothing did)."""

    carriers: dict[Slug, Slug | None] = Field(default_factory=dict)
    procedures: dict[str, str | None] = Field(
        default_factory=dict, description="`carrier/procedure` to its successor."
    )
