"""The facts that only the person knows. Each has a code in `Fact` and a row in `SPECS`.

The row of a fact determines its query and session fields, its checks, the form of its question,
and the values that the guide tries. Its name in each language is in `catalogue/vocabulary.yaml`
(docs/decisions/0002).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

FactType = Literal["date", "boolean", "integer", "choice"]

FactValue = dt.date | bool | int | str


class Fact(StrEnum):
    """A fact about a contract that only the person knows, such as the day it started."""

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
"""The facts that a person has given. The type of each value is `FactSpec.type`."""

CLOSING_DAYS: Final = (*map(str, range(1, 29)), "last")

_RECENT_OR_LONG_AGO: Final = (0, -400)
_COMING_OR_PAST: Final = (30, -30)


@dataclass(frozen=True)
class FactSpec:
    """One fact: its type, its API description, its limits, and its order among other facts."""

    fact: Fact
    type: FactType
    description: str
    never_after: tuple[Fact, ...] = ()
    """Facts whose dates cannot be before this date."""
    example_days: tuple[int, int] = _RECENT_OR_LONG_AGO
    """For a date: two representative values that the guide tries, in days from today."""
    lowest: int | None = None
    highest: int | None = None
    options: tuple[str, ...] = ()
    asked: bool = True
    """Whether timelines list it in `needs_facts`. A fact that is not asked for changes no date."""

    def example_values(self, today: dt.date) -> tuple[FactValue, ...]:
        """Return representative values that the guide tries, to see what an answer would change.

        Empty for integers and choices: the guide does not ask for them.
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
            "The day the contract documents were received, on paper or electronically.",
        ),
        FactSpec(
            Fact.CONTRACT_STARTED_ON,
            "date",
            "The day the contract started.",
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
            "The day the service started.",
            never_after=(Fact.CHOSEN_END_ON,),
        ),
        FactSpec(
            Fact.CHOSEN_END_ON,
            "date",
            "The day on which the contract is to end.",
            example_days=_COMING_OR_PAST,
        ),
        FactSpec(Fact.ENDED_ON, "date", "The last day of the contract, if it has ended."),
        FactSpec(
            Fact.CLOSING_DAY,
            "choice",
            "The day on which the billing month closes: 1 to 28, or `last` (of the month).",
            options=CLOSING_DAYS,
        ),
        FactSpec(
            Fact.MONTHLY_PRICE_JPY,
            "integer",
            "The monthly price in yen. Never required; used for the cost of delay.",
            lowest=0,
            highest=1_000_000,
            asked=False,
        ),
        FactSpec(Fact.PAYMENT_DUE_ON, "date", "The day the unpaid bill was due."),
        FactSpec(
            Fact.PORTING_NUMBER_ISSUED_ON,
            "date",
            "The day the number-portability reservation number was issued.",
        ),
        # Prepaid products and purchases
        FactSpec(
            Fact.BOUGHT_ON,
            "date",
            "The day the product was bought.",
            never_after=(Fact.ACTIVATED_ON, Fact.LAST_USED_ON),
        ),
        FactSpec(Fact.SHIPPED, "boolean", "Whether the order has been shipped."),
        FactSpec(Fact.QR_SENT, "boolean", "Whether the QR code has been sent."),
        FactSpec(Fact.INSTALLED, "boolean", "Whether the eSIM is installed."),
        FactSpec(Fact.ACTIVATED, "boolean", "Whether the SIM, eSIM or pack is activated."),
        FactSpec(Fact.ACTIVATED_ON, "date", "The day the SIM or eSIM was activated."),
        FactSpec(Fact.USED, "boolean", "Whether the product has been used at all."),
        FactSpec(Fact.LAST_USED_ON, "date", "The day the product was last used."),
        FactSpec(
            Fact.PLAN_DAYS, "integer", "The length of the plan in days.", lowest=1, highest=1100
        ),
        FactSpec(
            Fact.RENEWS_ON,
            "date",
            "The day of the next renewal, when the plan is charged again.",
            example_days=_COMING_OR_PAST,
        ),
        FactSpec(Fact.LAST_TOPUP_ENDED_ON, "date", "The day the last paid top-up ended."),
        FactSpec(Fact.PROBLEM_NOTICED_ON, "date", "The day the problem appeared."),
        # Rentals
        FactSpec(
            Fact.RENTAL_STARTS_ON,
            "date",
            "The first day of the rental.",
            never_after=(Fact.RENTAL_ENDS_ON,),
            example_days=_COMING_OR_PAST,
        ),
        FactSpec(
            Fact.RENTAL_ENDS_ON, "date", "The last day of the rental.", example_days=_COMING_OR_PAST
        ),
    )
}
