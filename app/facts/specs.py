"""The facts that only the person knows. Each is one code and one row of `SPECS`.

Everything else about a fact is derived from its row: the field of a query and of a session, its
checks, the form of the question, and the values that the guide tries out. Its name in each
language is in `catalogue/vocabulary.yaml`, as for every closed code (docs/decisions/0002).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

FactType = Literal["date", "boolean", "integer", "choice"]

FactValue = dt.date | bool | int | str


class Fact(StrEnum):
    """What only the person knows: dates, and a few closed answers."""

    # In the order of the query parameters in openapi.json.
    CONTRACT_RECEIVED_ON = "contract_received_on"
    SERVICE_STARTED_ON = "service_started_on"
    CONTRACT_STARTED_ON = "contract_started_on"
    CHOSEN_END_ON = "chosen_end_on"
    RENEWS_ON = "renews_on"
    CLOSING_DAY = "closing_day"
    LAST_TOPUP_ENDED_ON = "last_topup_ended_on"
    ACTIVATED_ON = "activated_on"
    INSTALLED = "installed"
    ACTIVATED = "activated"
    PLAN_DAYS = "plan_days"
    RENTAL_STARTS_ON = "rental_starts_on"
    RENTAL_ENDS_ON = "rental_ends_on"
    PORTING_NUMBER_ISSUED_ON = "porting_number_issued_on"
    BOUGHT_ON = "bought_on"
    LAST_USED_ON = "last_used_on"
    PAYMENT_DUE_ON = "payment_due_on"
    PROBLEM_NOTICED_ON = "problem_noticed_on"
    QR_SENT = "qr_sent"
    SHIPPED = "shipped"
    USED = "used"
    MONTHLY_PRICE_JPY = "monthly_price_jpy"
    ENDED_ON = "ended_on"


GivenFacts = Mapping[Fact, FactValue]
"""The facts that a person has given, each with a value of its type."""

CLOSING_DAYS: Final = (*map(str, range(1, 29)), "last")

_RECENT_OR_LONG_AGO: Final = (0, -400)
_COMING_OR_PAST: Final = (30, -30)


@dataclass(frozen=True)
class FactSpec:
    """One fact: its type, its words in the contract, its limits, and how it relates to others."""

    fact: Fact
    type: FactType
    description: str
    never_after: tuple[Fact, ...] = ()
    """Dates that this date cannot be after; checked in the order of the rows."""
    example_days: tuple[int, int] = _RECENT_OR_LONG_AGO
    """Of a date: two days that represent all others, counted from today."""
    lowest: int | None = None
    highest: int | None = None
    options: tuple[str, ...] = ()
    asked: bool = True
    """Whether a timeline can need it; otherwise it only adds to what an event says."""

    def example_values(self, today: dt.date) -> tuple[FactValue, ...]:
        """Return values that represent all others, for a question that the guide tries out.

        Empty for types that the guide does not ask for.
        """
        match self.type:
            case "boolean":
                return (True, False)
            case "date":
                return tuple(today + dt.timedelta(days=days) for days in self.example_days)
            case _:
                return ()


SPECS: Final[Mapping[Fact, FactSpec]] = {
    spec.fact: spec
    for spec in (
        # The contract
        FactSpec(
            Fact.CONTRACT_RECEIVED_ON,
            "date",
            "When the contract papers were received, on paper or electronically.",
        ),
        FactSpec(
            Fact.CONTRACT_STARTED_ON,
            "date",
            "When the contract started.",
            never_after=(
                Fact.SERVICE_STARTED_ON,
                Fact.CHOSEN_END_ON,
                Fact.RENEWS_ON,
                Fact.PORTING_NUMBER_ISSUED_ON,
                Fact.ENDED_ON,
            ),
        ),
        FactSpec(
            Fact.SERVICE_STARTED_ON,
            "date",
            "When the service started.",
            never_after=(Fact.CHOSEN_END_ON,),
        ),
        FactSpec(Fact.CHOSEN_END_ON, "date", "The day it is to end.", example_days=_COMING_OR_PAST),
        FactSpec(Fact.ENDED_ON, "date", "The last day of a contract that has ended."),
        FactSpec(
            Fact.CLOSING_DAY,
            "choice",
            "Day on which the billing month closes: 1 to 28, or `last`.",
            options=CLOSING_DAYS,
        ),
        FactSpec(
            Fact.MONTHLY_PRICE_JPY,
            "integer",
            "The price of a month. Never needed: it only gives the cost of delay.",
            lowest=0,
            highest=1_000_000,
            asked=False,
        ),
        FactSpec(Fact.PAYMENT_DUE_ON, "date", "When the unpaid bill was due."),
        FactSpec(
            Fact.PORTING_NUMBER_ISSUED_ON, "date", "When the porting reservation number was issued."
        ),
        # What is paid in advance
        FactSpec(
            Fact.BOUGHT_ON,
            "date",
            "When it was bought.",
            never_after=(Fact.ACTIVATED_ON, Fact.LAST_USED_ON),
        ),
        FactSpec(Fact.SHIPPED, "boolean", "Whether the order has been shipped."),
        FactSpec(Fact.QR_SENT, "boolean", "Whether the QR code has been sent."),
        FactSpec(Fact.INSTALLED, "boolean", "Whether the eSIM is installed."),
        FactSpec(Fact.ACTIVATED, "boolean", "Whether the SIM, eSIM or pack is activated."),
        FactSpec(Fact.ACTIVATED_ON, "date", "When the SIM or eSIM was activated."),
        FactSpec(Fact.USED, "boolean", "Whether any of it was used."),
        FactSpec(Fact.LAST_USED_ON, "date", "When it was last used."),
        FactSpec(
            Fact.PLAN_DAYS, "integer", "How many days the plan lasts.", lowest=1, highest=1100
        ),
        FactSpec(
            Fact.RENEWS_ON,
            "date",
            "The next day it is paid for again.",
            example_days=_COMING_OR_PAST,
        ),
        FactSpec(Fact.LAST_TOPUP_ENDED_ON, "date", "When the last paid top-up ended."),
        FactSpec(Fact.PROBLEM_NOTICED_ON, "date", "When the problem appeared."),
        # Rentals
        FactSpec(
            Fact.RENTAL_STARTS_ON,
            "date",
            "First day of the rental.",
            never_after=(Fact.RENTAL_ENDS_ON,),
            example_days=_COMING_OR_PAST,
        ),
        FactSpec(
            Fact.RENTAL_ENDS_ON, "date", "Last day of the rental.", example_days=_COMING_OR_PAST
        ),
    )
}
