"""The kinds of timing rules in procedure files. `app/timeline/rules` computes their events.

Each rule cites its sources. If no source states a date, there is no rule, and the timeline gives
the event as `unknown`. The first paragraph and the example of each class are part of
docs/timing-rules.md. How to add a kind: docs/architecture.md.
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
    """The fields of every timing rule."""

    kind: str
    sources: Citations
    certainty: Literal["exact", "estimated"] = Field(
        default="exact",
        description='`estimated` if the sources disagree, or say "about" or "usually".',
    )
    zone: str = Field(
        default="Asia/Tokyo",
        description="Time zone of the dates and times of the rule (IANA name).",
    )
    note: LocalizedText | None = Field(
        default=None, description="Further information for the reader."
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in zone_names():
            raise ValueError(f"{zone} is not an IANA time zone")
        return zone


class Acceptance(Rule):
    """The hours in which requests are accepted, and the day on which a request is processed.

    Example: requests are accepted at any hour; from 20:00 they are processed on the next day.
    """

    kind: Literal["acceptance"]
    accepted: Hours | None = Field(
        default=None, description="Hours in which a request can be made. Null: at any hour."
    )
    weekdays: tuple[Weekday, ...] = Field(
        default=(), description="Days of the week on which a request can be made. Empty: every day."
    )
    same_day_until: TimeOfDay | None = Field(
        default=None,
        description="A request before this time is processed on the same day. Null: always.",
    )
    same_day_is_certain: bool = Field(
        default=True,
        description="False if the sources say the same day or a later one. Dates are then computed "
        "for the later day, which is safe.",
    )
    later: Literal["next_day", "next_business_day"] = Field(
        default="next_day",
        description="When a request after `same_day_until` is processed. With next_business_day, "
        "no request is processed on other days.",
    )
    resumes_at: TimeOfDay | None = Field(
        default=None, description="Time at which processing starts again on the later day."
    )
    closed_from_day: int | None = Field(
        default=None,
        ge=2,
        le=31,
        description="From this day to the end of the month, no request is accepted.",
    )
    closures: tuple[MonthlyClosure, ...] = Field(
        default=(), description="Other hours of each month in which no request is accepted."
    )


class ContractEnd(Rule):
    """When the contract ends after a request.

    Example: a request by the 25th ends the contract at the end of that month, a later one at the
    end of the next month.
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
        default=0, ge=0, le=3, description="Whole months after the month of the cut-off."
    )
    cutoff: Cutoff | None = Field(
        default=None,
        description="Later requests end the contract one month later. Null: the end of the month.",
    )
    lead: Span | None = Field(
        default=None,
        description="With chosen_date: the notice period. With after: the time from the request.",
    )
    not_before: Span | None = Field(
        default=None, description="Minimum duration, counted from contract_started_on."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.ends == "day_of_month") != (self.day is not None):
            raise ValueError("ends: day_of_month needs day, and no other end has one")
        if self.ends == "after" and self.lead is None:
            raise ValueError("ends: after needs lead, the time from the request")
        if self.cutoff is not None and self.ends not in {"month_end", "day_of_month"}:
            raise ValueError("cutoff needs ends: month_end or day_of_month")
        return self


class Window(Rule):
    """When a right ends: some time after one or more dates, before a date, or with an event.

    Example: 8 days, where day 1 is the later of two dates. To be safe, the deadline is computed
    from the earlier date.
    """

    kind: Literal["window"]
    closes: Literal["window", "refund", "extension", "start", "withdrawal"] = Field(
        description="The right that ends. window: the right of this procedure; refund: to a "
        "refund; extension: to ask for more time; start: to start the service; withdrawal: to "
        "withdraw the request."
    )
    length: Span | None = Field(
        default=None, description="Null: it has no date and ends only with an event of `closed_by`."
    )
    after: tuple[Fact, ...] = Field(
        default=(), description="Counted from this date. If there are several, see `of_several`."
    )
    of_several: Literal["later", "earlier"] = Field(
        default="later",
        description="Which of several dates the sources count from. With `later`, the deadline is "
        "given from the earlier date, which is safe, together with the later deadline.",
    )
    after_request: bool = Field(
        default=False, description="Counted from the request instead of a date."
    )
    after_event: Literal["contract_end", "expiry"] | None = Field(
        default=None, description="Counted from the date of another rule of the procedure."
    )
    before: Fact | None = Field(default=None, description="Counted back from this date.")
    first_day_counts: bool = Field(default=False, description="Whether the date itself is day 1.")
    time: TimeOfDay = "24:00"
    met_by: Literal["request", "dispatch", "arrival"] = Field(
        default="request", description="What must happen by the deadline."
    )
    closed_by: tuple[
        Literal[Fact.INSTALLED, Fact.ACTIVATED, Fact.QR_SENT, Fact.SHIPPED, Fact.USED], ...
    ] = Field(default=(), description="Events that end the right at once.")
    data_limit_mb: int | None = Field(
        default=None,
        ge=1,
        description="The right exists only if no more than this amount of data was used.",
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
                "a window with a length needs exactly one of after, before, after_request, "
                "after_event"
            )
        if self.length is None and not self.closed_by:
            raise ValueError("a window needs length or closed_by")
        return self


class Expiry(Rule):
    """When the service ends by itself.

    Example: it is suspended 180 days after the end of the last paid top-up, and ends 30 days later.
    """

    kind: Literal["expiry"]
    after: Fact
    length: Span | Literal["plan_days"] = Field(
        description="`plan_days`: the length of the plan (fact plan_days)."
    )
    first_day_counts: bool = Field(default=False, description="Whether the date itself is day 1.")
    time: TimeOfDay = "24:00"
    rolling: bool = Field(
        default=False, description="Whether days are periods of 24 hours instead of calendar days."
    )
    suspended_first: Span | None = Field(
        default=None,
        description="The service is suspended at the end of `length`, and ends this much later.",
    )


class ReturnBy(Rule):
    """When a device or card must be returned.

    Example: posted by noon on the day after the rental.
    """

    kind: Literal["return_by"]
    after: Literal["rental_ends_on", "contract_end", "request", "expiry", "contract_received_on"]
    length: Span | None = Field(
        default=None, description="Time after the date `after`. 0 days: the same day."
    )
    day_of_month: DayOfMonth | None = Field(
        default=None, description="Instead of `length`: this day of a month."
    )
    months_ahead: int = Field(
        default=1,
        ge=0,
        le=3,
        description="With `day_of_month`: months after the month of the date `after`.",
    )
    time: TimeOfDay = "24:00"
    counts: Literal["dispatch", "arrival", "hand_over"] = Field(
        description="What must happen by the deadline."
    )
    lost_after: Span | None = Field(
        default=None, description="Time after the deadline when the item counts as lost."
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
    first_day_counts: bool = Field(default=True, description="Whether the day of issue is day 1.")
    needs_days_left: int | None = Field(
        default=None,
        ge=1,
        le=30,
        description="Remaining days of validity that new carriers can require.",
    )
    new_number_is_free: bool | None = Field(
        default=None, description="Whether a new number is usually free. Null if unknown."
    )


class Renewal(Rule):
    """When the service is renewed and charged again, and until when that can be stopped.

    Example: it renews on the 1st of each month and must be stopped 48 hours before.
    """

    kind: Literal["renewal"]
    on: Literal["renews_on", "first_of_month", "day_of_month", "data_used_up", "plan_end"]
    day: int | None = Field(default=None, ge=1, le=31, description="With day_of_month.")
    notice: Span = Field(
        default=Span(value=0), description="How long before the renewal it must be stopped."
    )
    notice_time: TimeOfDay | None = Field(
        default=None, description="Deadline on the last day, as a time of day."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.on == "day_of_month") != (self.day is not None):
            raise ValueError("on: day_of_month needs day, and no other value has one")
        return self


class AccountPage(Rule):
    """How long the account page stays open after the contract has ended.

    Example: the member page stays open for 90 days.
    """

    kind: Literal["account_page"]
    open_for: Span


class ChargeTiers(Rule):
    """What cancelling a booking costs, by the time before its start.

    Example: free until 4 days before, then 50% of the price.
    """

    class Tier(CatalogueModel):
        """The cost until this many days before the start: `percent` of the price, or an amount."""

        until_days_before: int = Field(ge=0, le=366)
        percent: int | None = Field(default=None, ge=0, le=100)
        amount_jpy: int | None = Field(default=None, ge=0)

    kind: Literal["charge_tiers"]
    before: Literal[Fact.RENTAL_STARTS_ON]
    business_days: bool = Field(
        default=False, description="Whether `until_days_before` counts business days."
    )
    time: TimeOfDay = "24:00"
    tiers: tuple[Tier, ...] = Field(
        min_length=1,
        description="Ordered by deadline, earliest first. `fees` has the cost after the last one.",
    )


class FreeMonths(Rule):
    """The months in which ending a contract that renews itself costs no early fee.

    Example: month 25, then every 24 months. Month 1 is the month after the contract started.
    """

    kind: Literal["free_months"]
    contracted_from: dt.date | None = Field(
        default=None, description="Only contracts that started on or after this day. Null: any."
    )
    contracted_before: dt.date | None = Field(
        default=None, description="Only contracts that started before this day. Null: any."
    )
    plans: tuple[str, ...] = Field(
        default=(), description="Ids of the carrier's plans that it applies to. Empty: all plans."
    )
    counted_from: Fact = Fact.CONTRACT_STARTED_ON
    first_month: Literal["start_month", "next_month"] = Field(
        default="start_month", description="Which month is month 1."
    )
    month: int = Field(ge=1, le=120, description="The first free month.")
    months: int = Field(default=1, ge=1, le=12, description="Number of consecutive free months.")
    every: int | None = Field(
        default=None,
        ge=2,
        le=60,
        description="Months from one free period to the next. Null: there is only one.",
    )


class Unpaid(Rule):
    """When the carrier suspends the service or ends the contract because of an unpaid bill.

    Example: the contract is ended two weeks after the due date of the bill.
    """

    kind: Literal["unpaid"]
    after: Literal[Fact.PAYMENT_DUE_ON] = Fact.PAYMENT_DUE_ON
    length: Span | None = Field(
        default=None, description="Time after the date `after`. 0 days: the same day."
    )
    day_of_month: DayOfMonth | None = Field(
        default=None, description="Instead of `length`: this day of a month."
    )
    months_ahead: int = Field(
        default=0,
        ge=0,
        le=3,
        description="With `day_of_month`: months after the month of the date `after`.",
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
    earliest: Span | None = Field(default=None, description="Earliest arrival. Null if unknown.")
    latest: Span | None = Field(default=None, description="Latest arrival.")
    month_end_after: int | None = Field(
        default=None,
        ge=0,
        le=6,
        description="Instead of `latest`: by the end of the month this many months later.",
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
            raise ValueError("earliest needs a latest with the same unit that is not shorter")
        return self


class AfterEnd(Rule):
    """Until when a contract that has ended is charged, according to the procedure's `billing`.

    Example: the contract ended on 25 August. The last month is charged in full, so charges end on
    31 August.
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
