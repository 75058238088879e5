"""The response with the contacts of a carrier, for a reader in any zone."""

import datetime as dt

from app.contacts.schemas import ContactsOut
from app.i18n import DEFAULT_LANGUAGE
from tests.support.builders import Content
from tests.support.editions import carrier_view, edition
from tests.support.sample import PHONE

AT = dt.datetime.fromisoformat("2026-11-24T00:30:00+00:00")
"""9:30 in Japan, half an hour before the phone opens."""


def present(*contacts: Content, zone: str = "Asia/Tokyo", at: dt.datetime = AT) -> ContactsOut:
    carrier = carrier_view(contacts=list(contacts))
    return ContactsOut.of(edition(), carrier, at, zone, DEFAULT_LANGUAGE)


def test_openings_are_in_the_readers_zone() -> None:
    """The next opening, and the instant of the request, are instants of the reader's zone."""
    out = present(PHONE, zone="Europe/Berlin")

    (phone,) = out.contacts
    assert phone.open_now is False
    assert phone.next_opening is not None
    assert phone.next_opening.isoformat() == "2026-11-24T02:00:00+01:00"
    assert out.at.isoformat() == "2026-11-24T01:30:00+01:00"
    assert out.zone == "Europe/Berlin"


def test_an_open_contact_says_until_when() -> None:
    """While it is open, a contact has its closing time and no next opening."""
    (phone,) = present(PHONE, at=AT + dt.timedelta(hours=1)).contacts

    assert phone.open_now is True
    assert phone.next_opening is None
    assert phone.closes_at is not None
    assert phone.closes_at.isoformat() == "2026-11-24T18:00:00+09:00"


def test_without_contacts_there_is_a_link_to_help() -> None:
    """`instead` links to bodies that can help, where no contact is known; else it is null."""
    assert present().instead == "/v1/carriers/generic/contacts"
    assert present(PHONE).instead is None


def test_only_cited_sources_are_listed() -> None:
    """`sources` has those that contacts cite."""
    assert [source.id for source in present(PHONE).sources] == ["S1"]
    assert present().sources == []
