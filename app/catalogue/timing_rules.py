"""The kinds of timing rules a procedure file can hold. What they lead to is computed in `app/timeline`.

Every rule is read in its `zone`, Asia/Tokyo unless it says otherwise, and cites its sources. A rule that
the research does not give is left out, never filled in: the timeline then says `unknown`.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.facts.specs import Fact
from app.i18n import LocalizedText
from app.zones import zone_names

TimeOfDay = Annotated[
    str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", examples=["20:00", "24:00"])
]
"""Local time as HH:MM; 24:00 is the end of the day."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DayOfMonth = Annotated[int, Field(ge=1, le=31)] | Literal["last"]
"""1 to 31, or `last`. A day that the month does not have is its last day."""

Citations = Annotated[
    tuple[str, ...], Field(min_length=1, description="Ids of the sources that say so.")
]


class Part(BaseModel):
    """A frozen piece of a catalogue file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Part):
    """A length of time."""

    value: int = Field(ge=0, le=3660)
    unit: Literal["hours", "days", "business_days", "months", "years"] = "days"


class Hours(Part):
    """From a time of day to a later one of the same day."""

    opens: TimeOfDay
    closes: TimeOfDay

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class Cutoff(Part):
    """The last instant of a month at which a request still counts for the earlier end."""

    day: DayOfMonth
    days_before: int = Field(
        default=0,
        ge=0,
        le=27,
        description="So many days before `day`; 1 with `last`: the day before the last.",
    )
    time: TimeOfDay = "24:00"
    february_day: int | None = Field(
        default=None,
        ge=1,
        le=29,
        description="The day in February, where the carrier names another one.",
    )


class Rule(Part):
    """What every timing rule has."""

    kind: str
    sources: Citations
    certainty: Literal["exact", "estimated"] = Field(
        default="exact",
        description="`estimated` where the sources say about, in turn, usually, or disagree.",
    )
    zone: str = Field(default="Asia/Tokyo", description="IANA zone the rule is read in.")
    note: LocalizedText | None = Field(
        default=None, description="What a reader must know beside the dates."
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in zone_names():
            raise ValueError(f"{zone} is not an IANA time zone")
        return zone


class MonthlyClosure(Part):
    """A time on one day of each month at which nothing is taken."""

    day: DayOfMonth
    hours: Hours


class Acceptance(Rule):
    """When requests are taken, and which day a late one counts for.

    Example: taken at any hour, from 20:00 on handled the next day.
    """

    kind: Literal["acceptance"]
    accepted: Hours | None = Field(
        default=None, description="When a request can be made each day; null: at any hour."
    )
    weekdays: tuple[Weekday, ...] = Field(
        default=(), description="Days of the week on which one can be made; empty: on each."
    )
    same_day_until: TimeOfDay | None = Field(
        default=None,
        description="A request before this time counts for the same day; null: whenever it is taken.",
    )
    later: Literal["next_day", "next_business_day"] = Field(
        default="next_day",
        description="When a later one is handled; with next_business_day nothing is handled on other days.",
    )
    resumes_at: TimeOfDay | None = Field(
        default=None, description="When handling starts again on that later day."
    )
    closed_from_day: int | None = Field(
        default=None,
        ge=2,
        le=31,
        description="From this day to the end of the month nothing is taken.",
    )
    closures: tuple[MonthlyClosure, ...] = Field(
        default=(), description="Further times of a month at which nothing is taken."
    )


class ContractEnd(Rule):
    """When the contract ends once a request counts.

    Example: asked for by the 25th, it ends on the last day of that month, otherwise of the next.
    """

    kind: Literal["contract_end"]
    ends: Literal[
        "at_once",
        "same_day",
        "month_end",
        "day_of_month",
        "cycle_end",
        "chosen_date",
        "after",
        "device_returned",
        "number_moved",
    ]
    day: int | None = Field(default=None, ge=1, le=31, description="With day_of_month.")
    months_ahead: int = Field(
        default=0, ge=0, le=3, description="Whole months later than the month of the cut-off."
    )
    cutoff: Cutoff | None = Field(
        default=None, description="Later requests end one month later; null: the end of the month."
    )
    lead: Span | None = Field(
        default=None,
        description="With chosen_date: notice needed; with after: how long after the request.",
    )
    not_before: Span | None = Field(
        default=None, description="Earliest end, counted from contract_started_on."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.ends == "day_of_month") != (self.day is not None):
            raise ValueError("day goes with ends: day_of_month, and only with it")
        if self.ends == "after" and self.lead is None:
            raise ValueError("ends: after needs lead, how long after the request")
        if self.cutoff is not None and self.ends not in {"month_end", "day_of_month"}:
            raise ValueError("cutoff goes with ends: month_end or day_of_month")
        return self


class Window(Rule):
    """A right that closes: so long after one or several dates, or so long before one, or with an event.

    Example: 8 days from the later of two dates, that day counted, sending is enough.
    """

    kind: Literal["window"]
    closes: Literal["window", "refund", "extension", "start", "withdrawal"] = Field(
        description="window: the right this procedure uses; refund: money back; extension: asking for more time; "
        "start: the service must have been started; withdrawal: taking the request itself back."
    )
    length: Span | None = Field(
        default=None, description="Null: no date, only the event closes it."
    )
    after: tuple[Fact, ...] = Field(
        default=(), description="Counted from this date; of several, from `of_several`."
    )
    of_several: Literal["later", "earlier"] = "later"
    after_request: bool = Field(
        default=False, description="Counted from the request itself instead of a date."
    )
    after_event: Literal["contract_end", "expiry"] | None = Field(
        default=None, description="Counted from what another rule of the procedure leads to."
    )
    before: Fact | None = Field(default=None, description="Counted back from this date.")
    first_day_counts: bool = Field(default=False, description="The date itself is day 1.")
    time: TimeOfDay = "24:00"
    met_by: Literal["request", "dispatch", "arrival"] = Field(
        default="request", description="What must happen in time."
    )
    closed_by: tuple[Literal["installed", "activated", "qr_sent", "shipped", "used"], ...] = Field(
        default=(), description="Events that close it at once."
    )
    data_limit_mb: int | None = Field(
        default=None, ge=1, description="It holds only while no more data than this was used."
    )

    @model_validator(mode="after")
    def _one_anchor(self) -> Self:
        anchors = (
            bool(self.after)
            + (self.before is not None)
            + self.after_request
            + (self.after_event is not None)
        )
        if self.length is not None and anchors != 1:
            raise ValueError(
                "a window with a length is counted from exactly one of after, before, after_request, after_event"
            )
        if self.length is None and not self.closed_by:
            raise ValueError("a window needs a length or an event that closes it")
        return self


class Expiry(Rule):
    """The service ends by itself.

    Example: 180 days after the last paid top-up ended it is suspended, 30 days later it ends.
    """

    kind: Literal["expiry"]
    after: Fact
    length: Span | Literal["plan_days"] = Field(
        description="`plan_days`: as many days as the plan bought has."
    )
    first_day_counts: bool = False
    time: TimeOfDay = "24:00"
    rolling: bool = Field(
        default=False, description="By the hour: so many times 24 hours, not calendar days."
    )
    suspended_first: Span | None = Field(
        default=None, description="The length leads to a suspension; the end follows so long after."
    )


class ReturnBy(Rule):
    """When a device or card has to be back, or on its way.

    Example: posted by noon of the day after the rental.
    """

    kind: Literal["return_by"]
    after: Literal["rental_ends_on", "contract_end", "request", "expiry", "contract_received_on"]
    length: Span | None = Field(default=None, description="So long after it; 0 days: the same day.")
    day_of_month: DayOfMonth | None = Field(default=None, description="Or on this day of a month …")
    months_ahead: int = Field(default=1, ge=0, le=3, description="… so many months after it.")
    time: TimeOfDay = "24:00"
    counts: Literal["dispatch", "arrival", "hand_over"]
    lost_after: Span | None = Field(
        default=None, description="Counted as lost when it is later than this."
    )

    @model_validator(mode="after")
    def _one_deadline(self) -> Self:
        if (self.length is None) == (self.day_of_month is None):
            raise ValueError("give either length or day_of_month")
        return self


class PortingNumber(Rule):
    """How long a number-portability reservation number is valid.

    Example: 15 days, the day of issue counted.
    """

    kind: Literal["porting_number"]
    days: int = Field(ge=1, le=60)
    first_day_counts: bool = True
    needs_days_left: int | None = Field(
        default=None, ge=1, le=30, description="New carriers can want so many days to be left."
    )


class Renewal(Rule):
    """When the service is paid for again unless it is stopped in time.

    Example: on the 1st of each month; stop it 48 hours before.
    """

    kind: Literal["renewal"]
    on: Literal["renews_on", "first_of_month", "day_of_month", "data_used_up", "plan_end"]
    day: int | None = Field(default=None, ge=1, le=31, description="With day_of_month.")
    notice: Span = Field(default=Span(value=0), description="It must be stopped so long before.")
    notice_time: TimeOfDay | None = Field(
        default=None, description="By this time on the day the notice ends."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.on == "day_of_month") != (self.day is not None):
            raise ValueError("day goes with on: day_of_month, and only with it")
        return self


class AccountPage(Rule):
    """How long the customer's account stays open after the end.

    Example: the member page can be read for 90 days.
    """

    kind: Literal["account_page"]
    open_for: Span


class ChargeTiers(Rule):
    """What cancelling a booking costs, by how long before the start it is cancelled.

    Example: until 4 days before nothing, later the whole price.
    """

    class Tier(Part):
        """Until so many days before, this share of the price."""

        until_days_before: int = Field(ge=0, le=366)
        percent: int | None = Field(default=None, ge=0, le=100)
        amount_jpy: int | None = Field(default=None, ge=0)

    kind: Literal["charge_tiers"]
    before: Literal[Fact.RENTAL_STARTS_ON]
    business_days: bool = False
    time: TimeOfDay = "24:00"
    tiers: tuple[Tier, ...] = Field(
        min_length=1,
        description="From the earliest to the latest; what comes after the last is in the fees.",
    )


class FreeMonths(Rule):
    """Months in which ending costs no early fee, though the term renews itself.

    Example: month 25 and every 24 months after it, the month after the contract month being month 1.
    """

    kind: Literal["free_months"]
    counted_from: Fact = Fact.CONTRACT_STARTED_ON
    first_month: Literal["start_month", "next_month"] = Field(
        default="start_month", description="Which month is month 1."
    )
    month: int = Field(ge=1, le=120, description="The first free month.")
    months: int = Field(default=1, ge=1, le=12, description="How many months in a row are free.")
    every: int | None = Field(
        default=None,
        ge=2,
        le=60,
        description="The free months come back so many months later; null: never.",
    )


class Unpaid(Rule):
    """What happens by itself when a bill is not paid.

    Example: two weeks after the day a payment was due the contract is ended.
    """

    kind: Literal["unpaid"]
    after: Literal[Fact.PAYMENT_DUE_ON] = Fact.PAYMENT_DUE_ON
    length: Span | None = Field(default=None, description="So long after it; 0 days: at once.")
    day_of_month: DayOfMonth | None = Field(default=None, description="Or on this day of a month …")
    months_ahead: int = Field(default=0, ge=0, le=3, description="… so many months after it.")
    leads_to: Literal["suspension", "end"]

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        if (self.length is None) == (self.day_of_month is None):
            raise ValueError("give either length or day_of_month")
        return self


class RefundPaid(Rule):
    """When money that is paid back arrives.

    Example: 7 to 10 business days after the request.
    """

    kind: Literal["refund_paid"]
    after: Literal["request", "contract_end", "rental_ends_on"] = "request"
    earliest: Span | None = Field(
        default=None, description="Not sooner than this; null: not known."
    )
    latest: Span | None = Field(default=None, description="At the latest so long after it.")
    month_end_after: int | None = Field(
        default=None, ge=0, le=6, description="Or by the end of a month so many months after it."
    )

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.latest is None) == (self.month_end_after is None):
            raise ValueError("give either latest or month_end_after")
        if self.earliest and (
            self.latest is None
            or self.earliest.unit != self.latest.unit
            or self.earliest.value > self.latest.value
        ):
            raise ValueError("earliest goes with a latest of the same unit that is not shorter")
        return self


TimingRule = Annotated[
    Acceptance
    | ContractEnd
    | Window
    | Expiry
    | ReturnBy
    | PortingNumber
    | Renewal
    | AccountPage
    | ChargeTiers
    | FreeMonths
    | Unpaid
    | RefundPaid,
    Field(discriminator="kind"),
]


class FeePeriod(Part):
    """For which contracts a fee holds, and how long."""

    contracted_from: dt.date | None = None
    contracted_before: dt.date | None = None
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
        description="Whether months are counted from date to date, or as calendar months, and which is month 1.",
    )
