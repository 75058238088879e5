"""Fee periods: the first day on which a fee is no longer due."""

import datetime as dt

import pytest

from app.catalogue.parts import FeePeriod
from app.timeline.fee_period import first_free_day


@pytest.mark.parametrize(
    ("counting", "first_free"),
    [
        ("to_the_day", "2027-03-10"),
        ("start_month_is_first", "2027-03-01"),
        ("next_month_is_first", "2027-04-01"),
    ],
)
def test_a_period_is_counted_from_its_first_month(counting: str, first_free: str) -> None:
    """A year is counted from the day, from the month of the start, or from the month after it."""
    period = FeePeriod.model_validate(
        {"until": {"value": 12, "unit": "months"}, "counting": counting}
    )

    assert first_free_day(period, dt.date(2026, 3, 10)) == dt.date.fromisoformat(first_free)


def test_a_period_without_an_end_stays_due() -> None:
    """A fee without an end has no free day."""
    assert first_free_day(FeePeriod(), dt.date(2026, 3, 10)) == dt.date.max
