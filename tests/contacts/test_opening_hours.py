"""Opening hours: whether a contact is open, and when next, with the public holidays of Japan."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.documents import OpeningHours
from app.contacts.opening_hours import find_opening

WEEKDAYS: Final = ["mon", "tue", "wed", "thu", "fri"]


def hours(holidays: str = "closed", closed: tuple[str, ...] = ()) -> OpeningHours:
    weekly = [{"days": WEEKDAYS, "opens": "10:00", "closes": "18:00"}]
    return OpeningHours.model_validate(
        {"weekly": weekly, "public_holidays": holidays, "closed": closed}
    )


def japan(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("at", "open_now", "next_opening"),
    [
        ("2026-11-24T09:59:59", False, "2026-11-24T10:00:00"),
        ("2026-11-24T10:00:00", True, None),
        ("2026-11-24T17:59:59", True, None),
        ("2026-11-24T18:00:00", False, "2026-11-25T10:00:00"),
        ("2026-11-27T18:00:00", False, "2026-11-30T10:00:00"),
        ("2026-11-20T19:00:00", False, "2026-11-24T10:00:00"),  # the 23rd, a Monday, is a holiday
        ("2026-11-23T12:00:00", False, "2026-11-24T10:00:00"),
    ],
)
def test_hours_are_exact_and_holidays_closed(
    at: str, *, open_now: bool, next_opening: str | None
) -> None:
    """A contact opens and closes to the second, and stays closed on public holidays."""
    opening = find_opening(hours(), japan(at))

    assert opening.open_now is open_now
    assert opening.next_opening == (japan(next_opening) if next_opening else None)


def test_unknown_hours_of_a_holiday_stay_unknown() -> None:
    """On a holiday for which no source gives hours, it is unknown whether the contact is open."""
    opening = find_opening(hours("unknown"), japan("2026-11-23T12:00:00"))

    assert opening.open_now is None
    assert opening.next_opening == japan("2026-11-24T10:00:00")


def test_hours_of_unknown_days_are_uncertain() -> None:
    """Inside hours of unknown days it is unknown whether the contact is open; outside, closed."""
    hours_of_unknown_days = OpeningHours.model_validate(
        {"weekly": [{"days": None, "opens": "09:00", "closes": "20:00"}]}
    )

    assert find_opening(hours_of_unknown_days, japan("2026-11-24T12:00:00")).open_now is None
    assert find_opening(hours_of_unknown_days, japan("2026-11-24T20:00:00")).open_now is False
    assert find_opening(hours_of_unknown_days, japan("2026-11-24T20:00:00")).next_opening is None


def test_hours_that_continue_at_midnight_are_one() -> None:
    """A contact closes when no hours follow at once; one that is always open never closes."""
    always = {
        "weekly": [{"days": [*WEEKDAYS, "sat", "sun"], "opens": "00:00", "closes": "24:00"}],
        "public_holidays": "open",
    }

    assert (
        find_opening(OpeningHours.model_validate(always), japan("2026-11-24T12:00:00")).closes_at
        is None
    )
    workdays = OpeningHours.model_validate(
        {**always, "weekly": [{"days": WEEKDAYS, "opens": "00:00", "closes": "24:00"}]}
    )
    assert find_opening(workdays, japan("2026-11-24T12:00:00")).closes_at == japan(
        "2026-11-28T00:00:00"
    )


def test_a_yearly_closure_can_span_the_new_year() -> None:
    """Days from 29 December to 3 January are closed in both years."""
    opening = find_opening(hours(closed=("12-29/01-03",)), japan("2026-12-28T18:00:00"))

    assert opening.next_opening == japan("2027-01-04T10:00:00")


def test_unknown_hours_stay_unknown() -> None:
    """Without hours, it is unknown whether the contact is open."""
    assert find_opening(None, japan("2026-11-24T12:00:00")).open_now is None


@given(
    st.datetimes(
        min_value=dt.datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is set below
        max_value=dt.datetime(2030, 1, 1),  # noqa: DTZ001 - the same
    ),
    st.sampled_from(["open", "closed", "unknown"]),
)
def test_openings_and_closings_are_exact(moment: dt.datetime, holidays: str) -> None:
    """At its next opening a contact is open and a second before it is not; so for its closing."""
    opening = find_opening(hours(holidays), moment.replace(tzinfo=ZoneInfo("Asia/Tokyo")))

    if opening.next_opening is not None:
        assert find_opening(hours(holidays), opening.next_opening).open_now is True
        assert (
            find_opening(hours(holidays), opening.next_opening - dt.timedelta(seconds=1)).open_now
            is not True
        )
    if opening.closes_at is not None:
        assert (
            find_opening(hours(holidays), opening.closes_at - dt.timedelta(seconds=1)).open_now
            is True
        )
        assert find_opening(hours(holidays), opening.closes_at).open_now is not True
