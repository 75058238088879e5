"""Whether a contact is open, and when next: hours of Japan and its public holidays."""

import datetime as dt
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.documents import OpeningHours
from app.contacts.opening_hours import find_opening
from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]


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
def test_hours_hold_to_the_second_and_holidays_are_closed(
    at: str, *, open_now: bool, next_opening: str | None
) -> None:
    opening = find_opening(hours(), japan(at))

    assert opening.open_now is open_now
    assert opening.next_opening == (japan(next_opening) if next_opening else None)


def test_on_a_holiday_whose_hours_no_source_tells_nothing_is_claimed() -> None:
    opening = find_opening(hours("unknown"), japan("2026-11-23T12:00:00"))

    assert opening.open_now is None
    assert opening.next_opening == japan("2026-11-24T10:00:00")


def test_hours_of_unknown_days_are_uncertain_and_outside_it_is_closed() -> None:
    known = OpeningHours.model_validate(
        {"weekly": [{"days": None, "opens": "09:00", "closes": "20:00"}]}
    )

    assert find_opening(known, japan("2026-11-24T12:00:00")).open_now is None
    assert find_opening(known, japan("2026-11-24T20:00:00")).open_now is False
    assert find_opening(known, japan("2026-11-24T20:00:00")).next_opening is None


def test_hours_that_go_on_at_midnight_close_when_they_really_do() -> None:
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


def test_a_yearly_closure_reaches_over_the_end_of_the_year() -> None:
    opening = find_opening(hours(closed=("12-29/01-03",)), japan("2026-12-28T18:00:00"))

    assert opening.next_opening == japan("2027-01-04T10:00:00")


def test_unknown_hours_stay_unknown() -> None:
    assert find_opening(None, japan("2026-11-24T12:00:00")).open_now is None


@given(
    st.datetimes(
        min_value=dt.datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is set below
        max_value=dt.datetime(2030, 1, 1),  # noqa: DTZ001 - the same
    ),
    st.sampled_from(["open", "closed", "unknown"]),
)
def test_at_the_next_opening_it_is_open_and_one_second_before_it_is_not(
    moment: dt.datetime, holidays: str
) -> None:
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


def test_a_reader_abroad_is_told_in_their_own_zone(client: httpx.Client) -> None:
    body = get(
        client, "/v1/carriers/monthly/contacts", at="2026-11-24T00:30:00Z", tz="Europe/Berlin"
    )

    (phone,) = body["contacts"]
    assert phone["open_now"] is False
    assert phone["next_opening"] == "2026-11-24T02:00:00+01:00"
    assert body["zone"] == "Europe/Berlin"


def test_without_an_instant_the_answer_is_kept_by_nobody(client: httpx.Client) -> None:
    assert client.get("/v1/carriers/monthly/contacts").headers["cache-control"] == "no-store"


def test_whoever_is_refused_finds_bodies_that_hear_complaints(own: httpx.Client) -> None:
    body = get(own, "/v1/carriers/generic/contacts", at="2026-11-24T11:00:00+09:00")

    complaints = [item for item in body["contacts"] if "complaints" in item["topics"]]
    by_number = {item["address"]: item for item in complaints}
    assert by_number["188"]["from_abroad"] == "impossible"
    tourists = by_number["03-5449-0906"]
    assert (tourists["open_now"], tourists["from_abroad"]) == (True, "possible")
    assert {"en", "zh"} <= set(tourists["languages"])
    assert tourists["evidence"] == "official"


def test_where_no_contact_is_known_it_leads_to_bodies_that_can_help(own: httpx.Client) -> None:
    body = own.get("/v1/carriers/i-nextia/contacts").json()

    assert body["contacts"] == []
    assert own.get(body["instead"]).json()["contacts"]
    assert own.get("/v1/carriers/softbank/contacts").json()["instead"] is None
