"""Entries of calendar files: UIDs, how certain they are, when they remind, and their links."""

import datetime as dt
import itertools
from typing import Final

import pytest

from app.i18n import LANGUAGES, Language
from app.timeline import ical
from tests.support.calendars import VOCABULARY, alarms, calendar, entries, starts
from tests.support.rules import JAPAN, procedure_of
from tests.support.sample import FULL_MONTH, rule

BOOKING: Final = procedure_of(
    goal="cancel_booking",
    outcome="money_back",
    timing=[
        rule(
            "charge_tiers",
            before="rental_starts_on",
            tiers=[
                {"until_days_before": 4, "percent": 0},
                {"until_days_before": 2, "percent": 30},
                {"until_days_before": 1, "percent": 50},
            ],
        )
    ],
)
"""A rental that costs more to cancel the closer it is."""

MONTH_END: Final = procedure_of(timing=[rule("contract_end", ends="month_end")], billing=FULL_MONTH)


def test_an_entry_keeps_its_uid_while_time_passes() -> None:
    """Files fetched on later days have the same UIDs and dates, without those that have passed."""
    fetched = [
        starts(entries(calendar(BOOKING, at, rental_starts_on="2026-12-10")))
        for at in (dt.datetime(2026, 12, day, 10, tzinfo=JAPAN) for day in range(1, 9))
    ]

    for earlier, later in itertools.pairwise(fetched):
        assert later.keys() <= earlier.keys()
        assert all(later[uid] == earlier[uid] for uid in later)
    assert [len(found) for found in fetched] == [3, 3, 3, 3, 3, 3, 2, 2]


def test_entries_of_other_bookings_have_other_uids() -> None:
    """The facts that an entry rests on are part of its UID."""
    one = entries(calendar(BOOKING, rental_starts_on="2026-12-10"))
    other = entries(calendar(BOOKING, rental_starts_on="2027-01-10"))

    assert one
    assert not one.keys() & other.keys()


def test_a_fact_that_moves_no_date_leaves_the_uids() -> None:
    """The price of a month is in the text of an entry, but not in its UID."""
    plain = entries(calendar(MONTH_END))
    with_price = entries(calendar(MONTH_END, monthly_price_jpy="3278"))

    assert plain
    assert starts(plain) == starts(with_price)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_estimate_is_tentative_and_says_so(language: Language) -> None:
    """The status and the title of an entry say that its date is an estimate."""
    procedure = procedure_of(
        timing=[
            rule("contract_end", ends="month_end"),
            rule(
                "return_by",
                after="contract_end",
                length={"value": 5},
                counts="arrival",
                certainty="estimated",
            ),
        ],
        billing=FULL_MONTH,
    )
    found = entries(calendar(procedure, language=language))

    mark = VOCABULARY.certainties["estimated"].name[language]
    statuses = {
        str(entry["status"]): str(entry["summary"]).endswith(f"({mark})")
        for entry in found.values()
    }
    assert statuses == {"CONFIRMED": False, "TENTATIVE": True}


def test_reminders_come_before_the_last_moment() -> None:
    """A deadline is announced two days and three hours before, a return one day before."""
    procedure = procedure_of(
        timing=[
            rule("contract_end", ends="month_end"),
            rule("return_by", after="contract_end", length={"value": 5}, counts="arrival"),
        ],
        billing=FULL_MONTH,
    )

    assert alarms(entries(calendar(procedure))) == {
        "apply_by": [dt.timedelta(days=-2), dt.timedelta(hours=-3)],
        "return_by": [dt.timedelta(days=-1)],
        "charged_until": [],
        "takes_effect": [],
    }


def test_a_file_has_its_instant_and_no_method() -> None:
    """DTSTAMP is the instant of the request in UTC; METHOD would make the file an invitation."""
    file = calendar(BOOKING, rental_starts_on="2026-12-10")

    assert b"METHOD" not in file
    assert b"DTSTAMP:20261120T010000Z" in file
    assert b"DTSTAMP" not in ical.without_stamps(file)


@pytest.mark.parametrize("url", [None, "https://example.org/v1/carriers/example"])
def test_an_entry_has_a_link_only_with_a_public_address(url: str | None) -> None:
    """Without a public address the service does not know its host, so it gives no link."""
    found = entries(calendar(BOOKING, url=url, rental_starts_on="2026-12-10"))

    assert {entry.get("url") for entry in found.values()} == {url}


def test_the_sequence_stays_a_32_bit_integer() -> None:
    """RFC 5545 section 3.3.8: a session changed a million times has the largest INTEGER."""
    now = dt.datetime.now(dt.UTC)
    calendar_of = ical.CalendarOf(
        uid="session", title="Session", url=None, written=now, changed=now, version=10**6
    )

    assert ical.entry(calendar_of, "deleted", now.date(), "Deleted", ())["sequence"] == 2**31 - 1
