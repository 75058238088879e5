"""Schemas of timelines. Response fields have no defaults: every field is always present."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from app.catalogue.codes import Certainty, EventCode, Evidence
from app.catalogue.schemas import CatalogueResponse, SourceOut
from app.facts.query import FactsQuery
from app.facts.specs import Fact, FactType
from app.moment import ReaderZone, RequestInstant
from app.zones import JAPAN


class TimelineQuery(FactsQuery):
    """The instant of the request, the reader's time zone, and the person's facts."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class CostOfDelayOut(BaseModel):
    """The cost of missing a deadline."""

    amount_jpy: int | None = Field(
        description="Amount in yen. Null if unknown, or if `percent` is given."
    )
    percent: int | None = Field(
        description="Percentage of the price. Null if unknown, or if `amount_jpy` is given."
    )
    text: str = Field(description="The cost as one sentence.")


class EventOut(BaseModel):
    """A date in a timeline: an action that is due, or something that happens by itself."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    code: EventCode
    name: str = Field(description="Name of `code` in the response language.")
    certainty: Certainty = Field(
        description="`exact`; `estimated`: it can differ; `unknown`: no date can be given."
    )
    at: dt.datetime | None = Field(
        description="The instant in the reader's time zone. For a deadline: its last second. "
        "Null if no time of day is known."
    )
    at_japan: dt.datetime | None = Field(description="The same instant in Japan's time zone.")
    latest_at: dt.datetime | None = Field(
        description="A later deadline, in the reader's time zone, by a way of counting that some "
        "carriers use. `at` is the safe one. Null if there is only one deadline."
    )
    on: dt.date | None = Field(
        description="The day in the time zone of the rule, normally Japan's. Null if unknown, "
        "or if the event has a period (`from`)."
    )
    begins: dt.date | None = Field(
        alias="from",
        description="First day of a period, such as the month of the last bill; otherwise null.",
    )
    ends: dt.date | None = Field(
        alias="to",
        description="Last day of the period. Null without `from`, or if the period is open.",
    )
    passed: bool = Field(
        description="Whether the event is over at the instant `at` of the timeline."
    )
    why: str = Field(description="Explanation in sentences, with the dates.")
    cost_of_delay: CostOfDelayOut | None = Field(
        description="For `apply_by`: the cost of missing the deadline. Otherwise null."
    )
    note: str | None = Field(
        description="Further information from the sources. Null if there is none."
    )
    needs: list[Fact] = Field(
        description="Missing facts that would make the event known or more exact."
    )
    rule: str = Field(
        description="What the event follows from: the kind of a timing rule, `billing`, `fee`, or "
        "`none` if no source states a rule."
    )
    sources: list[str] = Field(description="Ids of entries in `sources` of the response.")
    evidence: Evidence | None = Field(
        description="How well sources support the rule. Null if no source is cited."
    )


class NeededFactOut(BaseModel):
    """A missing fact that would make the timeline more complete."""

    fact: Fact = Field(description="Name of the query parameter.")
    name: str = Field(description="Name of the fact in the response language.")
    type: FactType
    options: list[str] | None = Field(
        description="The allowed values. Null if any value of `type` is allowed."
    )
    why: str = Field(description="The events whose dates it would add, as a sentence.")


class TimelineOut(CatalogueResponse):
    """The dates that follow from a procedure's timing rules and a person's facts."""

    carrier: str = Field(description="Id of the carrier.")
    procedure: str = Field(description="Id of the procedure.")
    revision: int = Field(description="Number of the procedure's revision.")
    at: dt.datetime = Field(
        description="The instant of the request, from which the dates are computed."
    )
    zone: str = Field(description="The reader's time zone (IANA name).")
    events: list[EventOut] = Field(description="Ordered by time; undated events last.")
    needs_facts: list[NeededFactOut] = Field(
        description="Missing facts that would add to the timeline. They are never assumed."
    )
    sources: list[SourceOut] = Field(description="The sources that the events cite.")
