"""Charges after the end of a contract, with dates worked out by hand."""

import datetime as dt

import pytest

from app.catalogue.codes import EventCode
from app.facts.specs import Fact, FactValue
from app.timeline.build import build_timeline
from tests.support.rules import JAPAN, procedure_of

AT = dt.datetime(2026, 10, 5, 12, tzinfo=JAPAN)


def _events(
    billing: dict[str, object], facts: dict[Fact, FactValue]
) -> dict[EventCode, dt.date | None]:
    procedure = procedure_of(
        goal="still_charged",
        outcome="charges_explained",
        timing=[{"kind": "after_end", "sources": ["S1"]}],
        billing={**billing, "sources": ["S1"]},
    )
    return {event.code: event.day for event in build_timeline(procedure, facts, AT).events}


@pytest.mark.parametrize(
    ("ended_on", "closing_day", "charged_until"),
    [
        ("2026-08-25", 20, "2026-09-20"),
        ("2026-08-20", 20, "2026-08-20"),
        ("2026-08-25", "last", "2026-08-31"),
    ],
)
def test_a_full_billing_month_is_charged_until_it_closes(
    ended_on: str, closing_day: int | str, charged_until: str
) -> None:
    """A contract that ended is charged to the closing day of its last billing month."""
    events = _events(
        {"last_month": "full", "cycle": "closing_day"},
        {Fact.ENDED_ON: dt.date.fromisoformat(ended_on), Fact.CLOSING_DAY: closing_day},
    )

    assert events[EventCode.CHARGED_UNTIL] == dt.date.fromisoformat(charged_until)


def test_the_last_bill_comes_months_after_the_end() -> None:
    """The last bill and late charges follow the stated number of months later."""
    events = _events(
        {
            "last_month": "full",
            "cycle": "calendar_month",
            "final_bill_months": 1,
            "late_charges_months": 3,
        },
        {Fact.ENDED_ON: dt.date(2026, 8, 25)},
    )

    assert events[EventCode.CHARGED_UNTIL] == dt.date(2026, 8, 31)
    assert events[EventCode.FINAL_BILL] == dt.date(2026, 9, 1)
    assert events[EventCode.LATE_CHARGES_UNTIL] == dt.date(2026, 11, 30)


def test_without_a_source_the_charges_are_unknown() -> None:
    """Where the sources do not say what is charged, no date is given."""
    events = _events({"last_month": "unknown"}, {Fact.ENDED_ON: dt.date(2026, 8, 25)})

    assert events[EventCode.CHARGED_UNTIL] is None
    assert events[EventCode.FINAL_BILL] is None
