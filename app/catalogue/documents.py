"""The format of carrier and procedure files, as frozen models.

The descriptions are also the JSON Schemas for editors: `kaiyaku schema`.
"""

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
"""A stable id used in URLs: lower-case words joined by hyphens."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
"""A code of the vocabulary: lower-case words joined by underscores."""

SourceId = Annotated[str, Field(pattern=r"^[A-Z]{1,4}[0-9]{1,3}$")]

PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A date as exact as the source states it: a year, a month or a day (ISO 8601)."""


_WEB_ADDRESS: Final = re.compile(r"https?://\S*")


def _web_address(url: str) -> str:
    if not _WEB_ADDRESS.fullmatch(url):
        raise ValueError(
            "not a web address: it must begin with https:// or http:// and contain no spaces"
        )
    return url


Url = Annotated[str, Field(max_length=1000), AfterValidator(_web_address)]


class Source(CatalogueModel):
    """A publication in which facts were read."""

    id: SourceId
    url: Url | None = Field(description="Null only if the source has no public address.")
    title: str = Field(min_length=1)
    kind: SourceKind
    language: str = Field(min_length=2, max_length=35)
    copy_dated: PartialDate | None = Field(
        description="Date of the copy that was read. Null if the copy shows none."
    )


class Claim(CatalogueModel):
    """A statement and the sources that support it."""

    text: LocalizedText
    sources: Citations


class Unknown(CatalogueModel):
    """A fact that was searched for and not found."""

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
    """A web page on which a step is done."""

    url: Url
    title: LocalizedText


class Step(CatalogueModel):
    """One action of a procedure. Steps are listed in order."""

    key: Slug = Field(
        description="Stable and unique in the procedure: sessions store ticks by key."
    )
    phase: Phase
    actor: Actor
    title: LocalizedText
    detail: LocalizedText
    needs: tuple[Code, ...] = ()
    replaced_by: dict[Code, tuple[Annotated[tuple[Code, ...], Field(min_length=1)], ...]] = Field(
        default_factory=dict,
        description="For each need: lists of needs. All needs of one list together replace it.",
    )
    screen_words: tuple[Phrase, ...] = ()
    say: tuple[Phrase, ...] = ()
    irreversible: bool = False
    loses: tuple[Code, ...] = Field(
        default=(), description="What is permanently lost once the step is done."
    )
    requires: tuple[Slug, ...] = Field(
        default=(), description="Keys of steps that must be done first."
    )
    optional: bool = False
    links: tuple[Link, ...] = ()
    sources: Citations


class AppliesTo(CatalogueModel):
    """The customers that a procedure is for."""

    products: tuple[Product, ...] = Field(min_length=1)
    contracts: tuple[Contract, ...] = Field(min_length=1)
    plans: tuple[Slug, ...] = Field(
        default=(), description="Ids of plans in carrier.yaml. Empty: all plans."
    )
    applicants: tuple[Applicant, ...] = Field(
        default=(Applicant.HOLDER,),
        min_length=1,
        description="Who makes the request. Default: the contract holder.",
    )
    lines: tuple[Line, ...] = Field(
        default=(Line.IN_USE, Line.SUSPENDED),
        min_length=1,
        description="State of the line. Default: any line that has not ended.",
    )
    sales: tuple[Sale, ...] = Field(
        default=(), description="How the contract was made. Empty: any way."
    )
    devices: tuple[Device, ...] = Field(
        default=(), description="Whether the phone or router is rented or bought. Empty: any."
    )


class Paper(CatalogueModel):
    """A paper to bring, send or show. Without other fields, it is written as its code alone."""

    code: Code
    instead_of: tuple[Code, ...] = Field(
        default=(), description="Papers in the same list that it replaces."
    )
    only_with: tuple[Code, ...] = Field(
        default=(), description="Papers in the same list that are required together with it."
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
        """Return a schema that also allows the code alone."""
        return {"anyOf": [{"type": "string"}, handler(core_schema)]}


class ReturnItems(CatalogueModel):
    """Whether items must be returned to the carrier."""

    required: Requirement
    note: LocalizedText | None = None
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sourced_unless_unknown(self) -> Self:
        if self.required is not Requirement.UNKNOWN and not self.sources:
            raise ValueError("a known return rule needs sources")
        return self


class ProcedureContent(CatalogueModel):
    """A procedure for one goal with one carrier, without its steps."""

    title: LocalizedText
    goal: Goal
    outcome: Outcome
    channel: Channel
    applies_to: AppliesTo
    from_abroad: Possibility = Field(description="Whether it can be done from outside Japan.")
    supporting: bool = Field(
        default=False,
        description="Supporting procedure, such as deleting an eSIM profile. Other procedures and "
        "advice link to it; the guide recommends it only for the goal `restore_access`.",
    )
    conditional: bool = Field(
        default=False,
        description="Only for customers who meet the conditions listed in its steps, such as a "
        "lost card or a fault. The guide never recommends it.",
    )
    condition: Claim | None = Field(
        default=None, description="With conditional: the condition, in one sentence."
    )
    only_lacking: tuple[Code, ...] = Field(
        default=(),
        description="With conditional: needs. Customers who lack one of them meet the condition.",
    )
    restores: tuple[Code, ...] = Field(
        default=(),
        description="With goal restore_access: the needs that the person has again afterwards.",
    )
    timing: tuple[TimingRule, ...] = ()
    documents: tuple[Paper, ...] = Field(default=(), description="Papers to bring, send or show.")
    acceptance: Claim | None = Field(
        default=None, description="When requests are accepted. Null if unknown."
    )
    deadline: Claim | None = Field(
        default=None, description="The deadline, in words. Null if none is known."
    )
    takes_effect: Claim | None = Field(
        default=None, description="When the procedure takes effect. Null if unknown."
    )
    confirmation: Claim | None = Field(
        default=None, description="How the carrier confirms the request. Null if unknown."
    )
    duration: Claim | None = Field(
        default=None, description="How long the procedure takes. Null if unknown."
    )
    fees: tuple[Fee, ...] = ()
    still_charged: tuple[Claim, ...] = Field(
        default=(),
        description="Charges that continue after the end, such as a membership or insurance.",
    )
    billing: Billing = Billing(last_month=LastMonth.UNKNOWN)
    return_items: ReturnItems = ReturnItems(required=Requirement.UNKNOWN)
    warnings: tuple[Claim, ...] = ()
    conflicts: tuple[Claim, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    related: tuple[str, ...] = Field(
        default=(),
        description="Related procedures, as `procedure` or `carrier/procedure`.",
    )
    compiled_on: dt.date = Field(
        description="The day the facts were compiled from stored copies of the sources."
    )
    live_checked_on: dt.date | None = Field(
        description="The day someone last checked the carrier's live page. Null if never."
    )


class ProcedureDocument(ProcedureContent):
    """A procedure for one goal with one carrier."""

    steps: tuple[Step, ...] = Field(min_length=1)


class WeeklyHours(CatalogueModel):
    """Opening hours on some days of the week. Around the clock: from 00:00 to 24:00."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = Field(
        description="Null if no source states the days."
    )
    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class OpeningHours(CatalogueModel):
    """Opening hours of a contact, in the time zone `zone`."""

    weekly: tuple[WeeklyHours, ...] = Field(min_length=1)
    public_holidays: Literal["open", "closed", "unknown"] = "unknown"
    closed: tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d/\d\d-\d\d$")], ...] = Field(
        default=(), description="Periods closed every year, as MM-DD/MM-DD, both days included."
    )
    zone: str = "Asia/Tokyo"


class Contact(CatalogueModel):
    """One way to reach the carrier."""

    channel: Channel
    address: str | None = Field(
        description="One phone number, e-mail address or web address. Null if unknown."
    )
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(
        default="JP",
        description="Country of a phone number without + (ISO 3166-1 alpha-2).",
    )
    label: LocalizedText = Field(description="What the contact is for.")
    topics: tuple[ContactTopic, ...] = Field(
        default=(ContactTopic.CONTRACTS,),
        description="What the contact is for. Empty: no topic fits.",
    )
    languages: tuple[str, ...] = Field(default=(), description="BCP 47 tags. Empty: unknown.")
    from_abroad: Possibility
    hours: OpeningHours | None = Field(default=None, description="Null if unknown.")
    sources: Citations

    @property
    def phone(self) -> Phone | None:
        """The address as a phone number. None for other channels, or if it is not one number."""
        if self.channel is not Channel.PHONE or self.address is None:
            return None
        return parse_phone(self.address, self.country)


class Designation(CatalogueModel):
    """Whether the law on cancellation fees designates the operator."""

    value: bool
    sources: Citations


class CarrierDocument(CatalogueModel):
    """A company that customers have a contract with."""

    name: LocalizedText
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field(
        default=(),
        description="All other names, in any script: readings, brands, names on marketplaces.",
    )
    operator: str | None = Field(description="Name of the legal entity. Null if unknown.")
    designated_operator: Designation | None = Field(
        default=None,
        description="Whether the law on cancellation fees designates the operator. Null if "
        "unknown.",
    )
    kind: CarrierKind
    networks: tuple[str, ...] = Field(
        default=(), description="Host networks in Japan. Empty: unknown."
    )
    audience: tuple[Audience, ...] = Field(min_length=1)
    products: tuple[Product, ...] = Field(min_length=1)
    contracts: tuple[Contract, ...] = Field(
        default=(),
        description="How its customers pay, in addition to `contracts` of its procedures. Empty: "
        "unknown.",
    )
    website: Url | None
    scope: LocalizedText = Field(
        description="Which of its products the entry covers, and which not."
    )
    plans: dict[Slug, LocalizedText] = Field(
        default_factory=dict, description="Names of plans by id. Procedures refer to them."
    )
    contacts: tuple[Contact, ...] = ()
    after_end: Claim | None = Field(
        default=None, description="Which parts of the account stay accessible. Null if unknown."
    )
    warnings: tuple[Claim, ...] = Field(
        default=(), description="Warnings that concern all procedures of the carrier."
    )
    conflicts: tuple[Claim, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)


class RetiredDocument(CatalogueModel):
    """Carriers and procedures removed from the catalogue, each with its successor or null."""

    carriers: dict[Slug, Slug | None] = Field(
        default_factory=dict, description="Id of each removed carrier, with its successor's id."
    )
    procedures: dict[str, str | None] = Field(
        default_factory=dict, description="Each removed `carrier/procedure`, with its successor's."
    )
