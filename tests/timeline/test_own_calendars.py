"""Calendar files of real procedures, from the project's own catalogue."""

import datetime as dt
import itertools

import pytest

from app.catalogue.documents import ProcedureContent
from app.i18n import LANGUAGES, Language
from tests.support.calendars import VOCABULARY, alarms, calendar, entries, starts
from tests.support.own_catalogue import own_catalogue
from tests.support.rules import JAPAN

pytestmark = pytest.mark.own_catalogue


def procedure(carrier: str, name: str) -> ProcedureContent:
    return own_catalogue().carriers[carrier].procedures[name].document


def test_bookings_of_genki_keep_their_uids() -> None:
    """The dates of a booking keep their UIDs from day to day; another booking has others."""
    booking = procedure("genki-mobile", "cancel-before-start")
    fetched = [
        starts(
            entries(
                calendar(
                    booking,
                    dt.datetime(2026, 12, day, 10, tzinfo=JAPAN),
                    rental_starts_on="2026-12-10",
                )
            )
        )
        for day in range(1, 9)
    ]
    other = entries(calendar(booking, rental_starts_on="2027-01-10"))

    assert fetched[0]
    for earlier, later in itertools.pairwise(fetched):
        assert later.keys() <= earlier.keys()
        assert all(later[uid] == earlier[uid] for uid in later)
    assert not fetched[0].keys() & other.keys()


def test_the_price_moves_no_date_of_rakuten() -> None:
    """The UIDs and dates of Rakuten Mobile's cancellation are the same with the price."""
    online = procedure("rakuten-mobile", "cancel-online-or-app")

    plain = starts(entries(calendar(online)))

    assert plain
    assert plain == starts(entries(calendar(online, monthly_price_jpy="3278")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_estimates_of_aeon_are_tentative(language: Language) -> None:
    """Cancelling AEON Mobile by phone has estimated dates, and each says so."""
    found = entries(calendar(procedure("aeon-mobile", "cancel-phone"), language=language))

    mark = VOCABULARY.certainties["estimated"].name[language]
    statuses = {str(entry["status"]) for entry in found.values()}
    assert "TENTATIVE" in statuses
    for entry in found.values():
        is_tentative = str(entry["status"]) == "TENTATIVE"
        assert is_tentative == str(entry["summary"]).endswith(f"({mark})")


def test_softbank_air_reminds_of_request_and_return() -> None:
    """Cancelling SoftBank Air has a deadline to apply by and one to return the device by."""
    reminders = alarms(entries(calendar(procedure("softbank-air", "cancel-by-phone"))))

    assert reminders["apply_by"] == [dt.timedelta(days=-2), dt.timedelta(hours=-3)]
    assert reminders["return_by"] == [dt.timedelta(days=-1)]


def test_every_port_out_has_a_last_day_of_use() -> None:
    """Each procedure that moves a number says how many days new carriers want it to have left."""
    without_one = [
        f"{carrier}/{name}"
        for carrier, files in own_catalogue().carriers.items()
        for name, file in files.procedures.items()
        if file.document.goal == "port_out"
        and not any(getattr(rule, "needs_days_left", None) for rule in file.document.timing)
    ]

    assert without_one == []
