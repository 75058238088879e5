"""Contacts of the project's own catalogue: bodies that hear complaints, and phone numbers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue


def test_bodies_that_hear_complaints_are_listed(own: httpx.Client) -> None:
    """The generic contacts have the consumer hotline, and one for tourists in their languages."""
    body = get(own, "/v1/carriers/generic/contacts", at="2026-11-24T11:00:00+09:00")

    complaints = [item for item in body["contacts"] if "complaints" in item["topics"]]
    by_number = {item["address"]: item for item in complaints}
    assert by_number["188"]["from_abroad"] == "impossible"
    tourists = by_number["03-5449-0906"]
    assert (tourists["open_now"], tourists["from_abroad"]) == (True, "possible")
    assert {"en", "zh"} <= set(tourists["languages"])
    assert tourists["evidence"] == "official"


def test_without_contacts_there_is_a_link_to_help(own: httpx.Client) -> None:
    """No contact of i-nextia is known: `instead` links to bodies that can help."""
    body = get(own, "/v1/carriers/i-nextia/contacts")

    assert body["contacts"] == []
    assert get(own, body["instead"])["contacts"]
    assert get(own, "/v1/carriers/softbank/contacts")["instead"] is None


def test_the_numbering_plan_decides_where_no_source_does(own: httpx.Client) -> None:
    """No source says whether Brastel's numbers work from abroad: the toll-free one does not."""
    contacts = get(own, "/v1/carriers/brastel-card")["contacts"]

    assert {contact["address"]: contact["from_abroad"] for contact in contacts} == {
        "0120-659-534": "impossible",
        "03-5637-5904": "possible",
    }


def test_every_phone_contact_can_be_dialled(own: httpx.Client) -> None:
    """Each phone contact with an address has a link; none claims what its number cannot do."""
    contacts = list(_contacts(own))

    phones = [contact for contact in contacts if contact["channel"] == "phone"]
    assert len(phones) > 60
    for contact in phones:
        phone = contact["phone"]
        if contact["address"] is None:
            assert phone is None
            continue
        assert " " not in phone["tel"]
        if phone["from_abroad"] == "impossible":
            assert contact["from_abroad"] == "impossible", contact["address"]
    assert all(contact["phone"] is None for contact in contacts if contact["channel"] != "phone")


def _contacts(own: httpx.Client) -> Iterator[dict[str, Any]]:
    page: str | None = "/v1/carriers?limit=200"
    while page:
        listed = own.get(page).json()
        for brief in listed["items"]:
            yield from own.get(brief["url"]).json()["contacts"]
        page = listed["next"]
