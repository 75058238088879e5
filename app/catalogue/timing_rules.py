"""The kinds of timing rules in a procedure file. `app/timeline/rules` computes their events.

A rule cites its sources and is read in its `zone`, by default Asia/Tokyo. What the research does
not give is left out, never guessed: the timeline then says `unknown`. How to add a kind:
docs/architecture.md.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from app.catalogue.parts import (
    CatalogueModel,
    Citations,
    Cutoff,
    DayOfMonth,
    Hours,
    MonthlyClosure,
    Span,
    TimeOfDay,
    Weekday,
)
from app.facts.specs import Fact
from app.i18n import LocalizedText
from app.zones import zone_names


class Rule(CatalogueModel):
    """What every timing rule has."""

    kind: str
    sources: Citations
    certainty: Literal["exact", "estimated"] = Field(
        default="exact",
        description="`estimated` where the sources say about, in turn, usually, or disagree.",
    )
    zone: str = Field(default="Asia/Tokyo", description="IANA zone the rule is read in.")
    note: LocalizedText | None = Field(
        default=None, description="What a reader must know besides the dates."
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in zone_names():
            raise ValueError(f"{zone} is not an IANA time zone")
        return zone


class Acceptance(Rule):
    """When requests are accepted, and for which day a late request counts.

    Example: accepted at any hour; from 20:00 on processed the next day.
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
        description="A request before this time counts for the same day; null: at any time.",
    )
    same_day_is_certain: bool = Field(
        default=True,
        description="False where sources say the same day or a later one: dates are then told for "
        "the later one, which is safe.",
    )
    later: Literal["next_day", "next_business_day"] = Field(
        default="next_day",
        description="When a later request is processed. With next_business_day, no request is "
        "processed on other days.",
    )
    resumes_at: TimeOfDay | None = Field(
        default=None, description="When processing starts again on that later day."
    )
    closed_from_day: int | None = Field(
        default=None,
        ge=2,
        le=31,
        description="From this day to the end of the month no request is accepted.",
    )
    closures: tuple[MonthlyClosure, ...] = Field(
        default=(), description="Further hours of a month in which no request is accepted."
    )


class ContractEnd(Rule):
    """When the contract ends once a request counts.

    Example: requested by the 25th, it ends on the last day of that month, otherwise of the next.
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
        description="With chosen_date: the notice; with after: the time from the request.",
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
    """A right that closes: some time after one or more dates, before a date, or with an event.

    Example: 8 days from the later of two dates, told from the earlier to be safe; day 1 included.
    """

    kind: Literal["window"]
    closes: Literal["window", "refund", "extension", "start", "withdrawal"] = Field(
        description="window: the right this procedure uses; refund: a refund; extension: asking "
        "for more time; start: starting the service; withdrawal: withdrawing the request itself."
    )
    length: Span | None = Field(
        default=None, description="Null: no date, only the event closes it."
    )
    after: tuple[Fact, ...] = Field(
        default=(), description="Counted from this date; of several, from `of_several`."
    )
    of_several: Literal["later", "earlier"] = Field(
        default="later",
        description="Which of several dates the sources count from. With `later` the deadline is "
        "told from the earlier date, which is safe, and the later deadline beside it.",
    )
    after_request: bool = Field(
        default=False, description="Counted from the request itself instead of a date."
    )
    after_event: Literal["contract_end", "expiry"] | None = Field(
        default=None, description="Counted from the date that another rule of the procedure gives."
    )
    before: Fact | None = Field(default=None, description="Counted back from this date.")
    first_day_counts: bool = Field(default=False, description="The date itself is day 1.")
    time: TimeOfDay = "24:00"
    met_by: Literal["request", "dispatch", "arrival"] = Field(
        default="request", description="What must happen in time."
    )
    closed_by: tuple[
        Literal[Fact.INSTALLED, Fact.ACTIVATED, Fact.QR_SENT, Fact.SHIPPED, Fact.USED], ...
    ] = Field(default=(), description="Events that close it at once.")
    data_limit_mb: int | None = Field(
        default=None, ge=1, description="Only valid while no more data than this was used."
    )

    @model_validator(mode="after")
    def _one_anchor(self) -> Self:
        anchors = [
            bool(self.after),
            self.before is not None,
            self.after_request,
            self.after_event is not None,
        ]
        if self.length is not None and anchors.count(True) != 1:
            raise ValueError(
                "a window with a length is counted from exactly one of "
                "after, before, after_request, after_event"
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
        description="`plan_days`: as many days as the plan has."
    )
    first_day_counts: bool = False
    time: TimeOfDay = "24:00"
    rolling: bool = Field(
        default=False, description="Counted by the hour, 24 hours a day, not by calendar days."
    )
    suspended_first: Span | None = Field(
        default=None,
        description="The length ends in a suspension; the service ends this much later.",
    )


class ReturnBy(Rule):
    """When a device or card has to be back, or on its way.

    Example: posted by noon of the day after the rental.
    """

    kind: Literal["return_by"]
    after: Literal["rental_ends_on", "contract_end", "request", "expiry", "contract_received_on"]
    length: Span | None = Field(
        default=None, description="This long after it; 0 days: the same day."
    )
    day_of_month: DayOfMonth | None = Field(default=None, description="Or on this day of a month.")
    months_ahead: int = Field(
        default=1, ge=0, le=3, description="With `day_of_month`: so many months after that date."
    )
    time: TimeOfDay = "24:00"
    counts: Literal["dispatch", "arrival", "hand_over"]
    lost_after: Span | None = Field(
        default=None, description="Counted as lost when it is later than this."
    )

    @model_validator(mode="after")
    def _one_deadline(self) -> Self:
        _require_one_day(self.length, self.day_of_month)
        return self


class PortingNumber(Rule):
    """How long a number-portability reservation number is valid.

    Example: 15 days, including the day of issue.
    """

    kind: Literal["porting_number"]
    days: int = Field(ge=1, le=60)
    first_day_counts: bool = True
    needs_days_left: int | None = Field(
        default=None,
        ge=1,
        le=30,
        description="Days that the new carrier can require the number to be valid for.",
    )
    new_number_is_free: bool | None = Field(
        default=None, description="As a rule; null: not known what a new number costs."
    )


class Renewal(Rule):
    """When the service is charged again unless the renewal is stopped in time.

    Example: on the 1st of each month; stop it 48 hours before.
    """

    kind: Literal["renewal"]
    on: Literal["renews_on", "first_of_month", "day_of_month", "data_used_up", "plan_end"]
    day: int | None = Field(default=None, ge=1, le=31, description="With day_of_month.")
    notice: Span = Field(default=Span(value=0), description="How long before it must be stopped.")
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
    """What cancelling a booking costs, depending on how long before the start it is cancelled.

    Example: free until 4 days before, then the whole price.
    """

    class Tier(CatalogueModel):
        """Until this many days before the start, this share of the price."""

        until_days_before: int = Field(ge=0, le=366)
        percent: int | None = Field(default=None, ge=0, le=100)
        amount_jpy: int | None = Field(default=None, ge=0)

    kind: Literal["charge_tiers"]
    before: Literal[Fact.RENTAL_STARTS_ON]
    business_days: bool = False
    time: TimeOfDay = "24:00"
    tiers: tuple[Tier, ...] = Field(
        min_length=1,
        description="From the earliest to the latest; what follows the last is in `fees`.",
    )


class FreeMonths(Rule):
    """Months in which ending costs no early fee, though the term renews itself.

    Example: month 25 and every 24 months after it; month 1 follows the month of the contract.
    """

    kind: Literal["free_months"]
    contracted_from: dt.date | None = None
    contracted_before: dt.date | None = None
    plans: tuple[str, ...] = Field(
        default=(), description="Plans of the carrier file that it is for; empty: all of them."
    )
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
        description="Months from one free period to the next; null: there is only one.",
    )


class Unpaid(Rule):
    """What happens by itself when a bill is not paid.

    Example: the contract is ended two weeks after the day a payment was due.
    """

    kind: Literal["unpaid"]
    after: Literal[Fact.PAYMENT_DUE_ON] = Fact.PAYMENT_DUE_ON
    length: Span | None = Field(default=None, description="This long after it; 0 days: at once.")
    day_of_month: DayOfMonth | None = Field(default=None, description="Or on this day of a month.")
    months_ahead: int = Field(
        default=0, ge=0, le=3, description="With `day_of_month`: so many months after that date."
    )
    leads_to: Literal["suspension", "end"]

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        _require_one_day(self.length, self.day_of_month)
        return self


class RefundPaid(Rule):
    """When a refund arrives.

    Example: 7 to 10 business days after the request.
    """

    kind: Literal["refund_paid"]
    after: Literal["request", "contract_end", "rental_ends_on"] = "request"
    earliest: Span | None = Field(
        default=None, description="Not sooner than this; null: not known."
    )
    latest: Span | None = Field(default=None, description="No later than this.")
    month_end_after: int | None = Field(
        default=None, ge=0, le=6, description="Or by the end of a month, this many months later."
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


class AfterEnd(Rule):
    """What is still charged after a contract that has ended, by the procedure's `billing`.

    Example: it ended on 25 August, the billing month closes on the 20th and is charged in full:
    charged until 20 September.
    """

    kind: Literal["after_end"]


def _require_one_day(length: Span | None, day_of_month: DayOfMonth | None) -> None:
    if (length is None) == (day_of_month is None):
        raise ValueError("give either length or day_of_month")


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
    | RefundPaid
    | AfterEnd,
    Field(discriminator="kind"),
]
