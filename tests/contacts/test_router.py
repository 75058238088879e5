"""Contacts over HTTP."""

import httpx

from tests.support.requests import get


def test_a_reader_abroad_names_the_zone(client: httpx.Client) -> None:
    """`at` and `tz` decide the instant and the zone of the response."""
    body = get(
        client, "/v1/carriers/monthly/contacts", at="2026-11-24T00:30:00Z", tz="Europe/Berlin"
    )

    (phone,) = body["contacts"]
    assert phone["open_now"] is False
    assert phone["next_opening"] == "2026-11-24T02:00:00+01:00"
    assert body["zone"] == "Europe/Berlin"


def test_without_an_instant_nothing_is_stored(client: httpx.Client) -> None:
    """A response that depends on the current time is `no-store`."""
    assert client.get("/v1/carriers/monthly/contacts").headers["cache-control"] == "no-store"


def test_a_phone_contact_has_the_forms_of_its_number(client: httpx.Client) -> None:
    """A phone number is given in the forms that programs use."""
    (contact,) = get(client, "/v1/carriers/monthly/contacts")["contacts"]

    assert contact["topics"] == ["contracts"]
    assert contact["phone"] == {
        "e164": "+81120000000",
        "national": "0120-000-000",
        "kind": "toll_free",
        "tel": "tel:+81-120-000-000",
        "from_abroad": "impossible",
    }
