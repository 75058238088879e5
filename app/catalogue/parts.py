"""Types that several catalogue files use: citations, days, times, spans, fee periods."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.facts.specs import Fact

Citations = Annotated[
    tuple[str, ...], Field(min_length=1, description="Ids of the sources that state it.")
]

TimeOfDay = Annotated[
    str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["20:00", "24:00"])
]
"""Local time as HH:MM. 24:00 is the end of the day."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DayOfMonth = Annotated[int, Field(ge=1, le=31)] | Literal["last"]
"""1 to 31, or `last`. A day that a month does not have means its last day."""


class CatalogueModel(BaseModel):
    """Base of the models of catalogue files: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(CatalogueModel):
    """A length of time."""

    value: int = Field(ge=0, le=3660)
    unit: Literal["hours", "days", "business_days", "months", "years"] = "days"


class Hours(CatalogueModel):
    """A period within one day."""

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class MonthlyClosure(CatalogueModel):
    """Hours on one day of each month during which no request is accepted."""

    day: DayOfMonth
    hours: Hours


class Cutoff(CatalogueModel):
    """The monthly deadline for requests; after it, the contract ends one month later."""

    day: DayOfMonth
    days_before: int = Field(
        default=0,
        ge=0,
        le=27,
        description="Days before `day`. With `last`, 1 is the day before the month's last day.",
    )
    time: TimeOfDay = "24:00"
    february_day: int | None = Field(
        default=None,
        ge=1,
        le=29,
        description="The day to use in February, if the carrier states a different one.",
    )


class FeePeriod(CatalogueModel):
    """The contracts that a fee applies to, and for how long."""

    contracted_from: dt.date | None = Field(
        default=None, description="Only contracts that started on or after this day. Null: any."
    )
    contracted_before: dt.date | None = Field(
        default=None, description="Only contracts that started before this day. Null: any."
    )
    plans: tuple[str, ...] = Field(
        default=(), description="Ids of the carrier's plans that it applies to. Empty: all plans."
    )
    certainty: Literal["exact", "estimated", "unknown"] = Field(
        default="exact",
        description="`unknown` if the source could be read only in part. No day is then given.",
    )
    counted_from: Fact = Field(
        default=Fact.CONTRACT_STARTED_ON,
        description="The date from which `since` and `until` are counted.",
    )
    since: Span | None = Field(
        default=None,
        description="Due if the contract has lasted at least this long. Null: from the first day.",
    )
    until: Span | None = Field(
        default=None,
        description="Due only if the contract ends sooner than this. Null: whenever it ends.",
    )
    counting: Literal["to_the_day", "start_month_is_first", "next_month_is_first"] = Field(
        default="to_the_day",
        description="How months are counted: from date to date, or as calendar months with the "
        "month of the start or the next month as month 1.",
    )
