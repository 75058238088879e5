"""Calendar arithmetic: short months, leap days, business days of Japan."""

import datetime as dt
from typing import Literal

import pytest

from app import dates


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-15", -25, "2023-12-15"),
    ],
)
def test_a_short_month_ends_on_its_last_day(day: str, months: int, expected: str) -> None:
    """A day that the other month does not have is its last day."""
    assert dates.months_later(dt.date.fromisoformat(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("wanted", "expected"), [(5, "2027-02-05"), (31, "2027-02-28"), ("last", "2027-02-28")]
)
def test_a_day_of_a_later_month_exists(wanted: int | Literal["last"], expected: str) -> None:
    """The day with a number is in the later month, on its last day at the latest."""
    assert dates.day_of_month(dt.date(2026, 12, 31), wanted, 2).isoformat() == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-24"),  # a weekend and Labour Thanksgiving Day lie between
        ("2026-11-24", -1, "2026-11-20"),
        ("2026-09-18", 1, "2026-09-24"),  # a bridge day between two holidays is one too
        ("2026-11-21", 0, "2026-11-21"),  # none later is the day itself, a Saturday too
    ],
)
def test_business_days_leave_out_holidays(day: str, count: int, expected: str) -> None:
    """Business days are counted without weekends and the public holidays of Japan."""
    assert dates.business_days_later(dt.date.fromisoformat(day), count).isoformat() == expected
