"""Building blocks of catalogue files: citations, days, times, lengths of time, fee periods."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.facts.specs import Fact

Citations = Annotated[
    tuple[str, ...], Field(min_length=1, description="Ids of the sources that say so.")
]

TimeOfDay = Annotated[
    str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["20:00", "24:00"])
]
"""Local time as HH:MM; 24:00 is the end of the day."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DayOfMonth = Annotated[int, Field(ge=1, le=31)] | Literal["last"]
"""1 to 31, or `last`. A day that the month does not have is its last day."""


class CatalogueModel(BaseModel):
    """A frozen piece of a catalogue file. An unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(CatalogueModel):
    """A length of time."""

    value: int = Field(ge=0, le=3660)
    unit: Literal["hours", "days", "business_days", "months", "years"] = "days"


class Hours(CatalogueModel):
    """From a time of day to a later one of the same day."""

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class MonthlyClosure(CatalogueModel):
    """Hours on one day of each month in which no request is accepted."""

    day: DayOfMonth
    hours: Hours


class Cutoff(CatalogueModel):
    """The last instant of a month at which a request still counts for the earlier end."""

    day: DayOfMonth
    days_before: int = Field(
        default=0,
        ge=0,
        le=27,
        description="This many days before `day`; 1 with `last`: the day before the last.",
    )
    time: TimeOfDay = "24:00"
    february_day: int | None = Field(
        default=None,
        ge=1,
        le=29,
        description="The day in February, where the carrier names another one.",
    )


class FeePeriod(CatalogueModel):
    """For which contracts a fee applies, and for how long."""

    contracted_from: dt.date | None = None
    contracted_before: dt.date | None = None
    plans: tuple[str, ...] = Field(
        default=(), description="Plans of the carrier file that it is for; empty: all of them."
    )
    certainty: Literal["exact", "estimated", "unknown"] = Field(
        default="exact",
        description="`unknown` where the source could be read only in part: no day is told.",
    )
    counted_from: Fact = Fact.CONTRACT_STARTED_ON
    since: Span | None = Field(
        default=None,
        description="Due when the contract has lasted at least this; null: from the first day.",
    )
    until: Span | None = Field(
        default=None, description="Due when the contract ends sooner than this; null: at any time."
    )
    counting: Literal["to_the_day", "start_month_is_first", "next_month_is_first"] = Field(
        default="to_the_day",
        description="Whether months are counted from date to date, or as calendar months, and "
        "which is month 1.",
    )
