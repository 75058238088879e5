"""Entries of calendar files: what identifies them, how certain they are, when they remind."""

import datetime as dt
import itertools
from typing import Any

import httpx
import icalendar
import pytest

from app.timeline import ical

pytestmark = pytest.mark.own_catalogue

BOOKING = "/v1/carriers/genki-mobile/procedures/cancel-before-start/timeline.ics"


def entries(own: httpx.Client, path: str, **query: str) -> dict[str, icalendar.Component]:
    answer = own.get(path, params=query)
    assert answer.status_code == 200, answer.text
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    found = {str(entry["uid"]): entry for entry in events}
    assert len(found) == len(events)
    return found


def days(found: dict[str, icalendar.Component]) -> dict[str, Any]:
    return {uid: entry.decoded("dtstart") for uid, entry in found.items()}


def test_an_entry_keeps_its_uid_while_time_passes(own: httpx.Client) -> None:
    fetched = [
        days(
            entries(
                own, BOOKING, at=f"2026-12-{day:02}T10:00:00+09:00", rental_starts_on="2026-12-10"
            )
        )
        for day in range(1, 9)
    ]

    for earlier, later in itertools.pairwise(fetched):
        assert later.keys() <= earlier.keys()
        assert all(later[uid] == earlier[uid] for uid in later)


def test_entries_of_other_bookings_have_other_uids(own: httpx.Client) -> None:
    at = "2026-12-01T10:00:00+09:00"
    one = entries(own, BOOKING, at=at, rental_starts_on="2026-12-10")
    other = entries(own, BOOKING, at=at, rental_starts_on="2027-01-10")

    assert not one.keys() & other.keys()


def test_a_fact_that_changes_nothing_of_an_entry_leaves_its_uid(own: httpx.Client) -> None:
    path = "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app/timeline.ics"
    at = "2026-11-20T10:00:00+09:00"
    plain = entries(own, path, at=at)
    with_price = entries(own, path, at=at, monthly_price_jpy="3278")

    assert days(plain) == days(with_price)


def test_an_estimate_says_so_and_is_tentative(own: httpx.Client) -> None:
    path = "/v1/carriers/aeon-mobile/procedures/cancel-phone/timeline.ics"
    found = entries(own, path, at="2026-11-20T10:00:00+09:00", lang="ja")

    statuses = {str(entry["status"]) for entry in found.values()}
    assert "TENTATIVE" in statuses
    for entry in found.values():
        assert (str(entry["status"]) == "TENTATIVE") == str(entry["summary"]).endswith("(目安)")


def test_reminders_come_before_the_last_moment(own: httpx.Client) -> None:
    path = "/v1/carriers/softbank-air/procedures/cancel-by-phone/timeline.ics"
    found = entries(own, path, at="2026-11-20T10:00:00+09:00")
    alarms = {
        uid.split("/")[3].partition("@")[0]: [
            alarm.decoded("trigger") for alarm in entry.walk("VALARM")
        ]
        for uid, entry in found.items()
    }

    assert alarms["apply_by"] == [dt.timedelta(days=-2), dt.timedelta(hours=-3)]
    assert alarms["return_by"] == [dt.timedelta(days=-1)]


def test_the_file_says_when_it_was_written_and_invites_nobody(own: httpx.Client) -> None:
    answer = own.get(
        BOOKING, params={"at": "2026-12-01T10:00:00+09:00", "rental_starts_on": "2026-12-10"}
    )

    assert "METHOD" not in answer.text
    assert "DTSTAMP:20261201T010000Z" in answer.text


def test_a_procedure_without_dates_has_no_file(own: httpx.Client) -> None:
    answer = own.get(BOOKING, params={"at": "2026-12-01T10:00:00+09:00"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no-dates")


def test_entries_link_to_the_procedure_of_a_public_service(own: httpx.Client) -> None:
    """Without a public address there is no link: nobody knows the host."""
    found = entries(own, BOOKING, at="2026-12-01T10:00:00+09:00", rental_starts_on="2026-12-10")

    assert all("url" not in entry for entry in found.values())


def test_the_sequence_of_a_session_changed_without_end_stays_an_integer() -> None:
    """RFC 5545 section 3.3.8: an INTEGER has 32 bits, with its sign."""
    now = dt.datetime.now(dt.UTC)
    calendar_of = ical.CalendarOf(
        uid="session", title="Session", url=None, written=now, changed=now, version=10**6
    )

    assert ical.entry(calendar_of, "deleted", now.date(), "Deleted", ())["sequence"] == 2**31 - 1
