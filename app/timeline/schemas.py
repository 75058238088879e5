"""Schemas of the timeline. Output has no defaults: every field is always there."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from app.catalogue.codes import Certainty, EventCode, Evidence
from app.catalogue.schemas import CatalogueResponse, SourceOut
from app.facts.query import FactsQuery
from app.facts.specs import Fact, FactType
from app.moment import ReaderZone, RequestInstant
from app.zones import JAPAN


class TimelineQuery(FactsQuery):
    """When the request is made, the reader's zone, and the person's facts."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class CostOfDelayOut(BaseModel):
    """What being late costs."""

    amount_jpy: int | None = Field(description="In yen; null: not known, or a share of the price.")
    percent: int | None = Field(description="Of the price; null: not known, or an amount.")
    text: str


class EventOut(BaseModel):
    """Something that happens or must be done."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    code: EventCode
    name: str
    certainty: Certainty
    at: dt.datetime | None = Field(
        description="The instant in the reader's zone. A deadline is the last second in time."
    )
    at_japan: dt.datetime | None = Field(description="The same instant in Japan.")
    latest_at: dt.datetime | None = Field(
        description="Of a deadline: a later one by another way of counting, which some companies "
        "use, in the reader's zone. `at` is the safe one; null: there is only one."
    )
    on: dt.date | None = Field(
        description="The day on the calendar of the rule: Japan's, unless the rule names a zone."
    )
    begins: dt.date | None = Field(alias="from", description="First day of several.")
    ends: dt.date | None = Field(alias="to", description="Last day of several; null: open.")
    passed: bool = Field(description="Whether it is over at the timeline's `at`.")
    why: str = Field(description="One sentence with the actual dates.")
    cost_of_delay: CostOfDelayOut | None = Field(
        description="With apply_by: what being late costs."
    )
    note: str | None = Field(description="What else the sources say about it.")
    needs: list[Fact] = Field(description="Facts without which it is unknown or less exact.")
    rule: str = Field(
        description="Kind of the rule that gives the event; `none` where no source has one."
    )
    sources: list[str] = Field(description="Ids in `sources` of the same answer.")
    evidence: Evidence | None = Field(
        description="How well the rule is backed; null where there is none."
    )


class NeededFactOut(BaseModel):
    """A fact that would add to the timeline."""

    fact: Fact
    name: str
    type: FactType
    options: list[str] | None = Field(
        description="The values to choose from; null: any of the type."
    )
    why: str = Field(description="Which events it would date.")


class TimelineOut(CatalogueResponse):
    """The dates that follow from a procedure's rules and a person's facts."""

    carrier: str
    procedure: str
    revision: int
    at: dt.datetime = Field(description="The instant at which the request is taken to be made.")
    zone: str = Field(description="The reader's zone.")
    events: list[EventOut] = Field(description="In order of time; undated events are last.")
    needs_facts: list[NeededFactOut] = Field(
        description="Facts that are missing. None is ever assumed."
    )
    sources: list[SourceOut]
