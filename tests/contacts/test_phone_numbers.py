"""Phone numbers of contacts: forms, kinds, and whether they can be dialled from abroad."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.codes import Possibility
from app.catalogue.phone_numbers import effective_from_abroad, parse_phone
from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue

POSSIBLE, IMPOSSIBLE, UNKNOWN = Possibility.POSSIBLE, Possibility.IMPOSSIBLE, Possibility.UNKNOWN

FORMS: list[tuple[str, str | None, str, str]] = [
    ("0120-025-260", "+81120025260", "0120-025-260", "tel:+81-120-025-260"),
    ("0800-1111-820", "+818001111820", "0800-111-1820", "tel:+81-800-111-1820"),
    ("0570-09-4400", "+81570094400", "0570-094-400", "tel:+81-570-094-400"),
    ("0276-613858", "+81276613858", "0276-61-3858", "tel:+81-276-61-3858"),
    ("+81-3-6670-6944", "+81366706944", "03-6670-6944", "tel:+81-3-6670-6944"),
    ("+1 212-785-5800", "+12127855800", "(212) 785-5800", "tel:+1-212-785-5800"),
    ("0077-7-111", None, "0077-7111", "tel:00777111;phone-context=+81"),
    ("188", None, "188", "tel:188;phone-context=+81"),
    ("*5533", None, "*5533", "tel:*5533;phone-context=+81"),
]


@pytest.mark.parametrize(("address", "e164", "national", "link"), FORMS)
def test_a_number_has_its_forms(address: str, e164: str | None, national: str, link: str) -> None:
    phone = parse_phone(address)

    assert phone is not None
    assert (phone.e164, phone.national, phone.tel) == (e164, national, link)


@pytest.mark.parametrize(
    ("address", "kind", "from_abroad"),
    [
        ("0120-025-260", "toll_free", IMPOSSIBLE),
        ("0800-222-5090", "toll_free", IMPOSSIBLE),
        ("0077-75470", "toll_free", IMPOSSIBLE),
        ("0088-210-051", "toll_free", IMPOSSIBLE),
        ("0570-045-109", "shared_cost", IMPOSSIBLE),
        ("0180-99-5511", "other", IMPOSSIBLE),
        ("0990-123-456", "premium", IMPOSSIBLE),
        ("157", "short_code", IMPOSSIBLE),
        ("#9110", "short_code", IMPOSSIBLE),
        ("03-6327-1632", "fixed_line", POSSIBLE),
        ("050-3144-9935", "ip_phone", POSSIBLE),
        ("080-4087-7905", "mobile", POSSIBLE),
        ("+81-92-687-0025", "fixed_line", POSSIBLE),
        ("+44 1543 426 999", "fixed_line", POSSIBLE),
        ("+86 13800100186", "mobile", POSSIBLE),
        ("+1 212-785-5800", "other", POSSIBLE),
        ("+1 800-275-2273", "toll_free", UNKNOWN),
        ("+81-120-025-260", "toll_free", UNKNOWN),  # a source prints it for callers abroad
    ],
)
def test_the_numbering_plan_tells_the_kind_and_the_reach(
    address: str, kind: str, from_abroad: Possibility
) -> None:
    phone = parse_phone(address)

    assert phone is not None
    assert (phone.kind, phone.from_abroad) == (kind, from_abroad)


def test_a_short_code_of_another_country_belongs_to_that_country() -> None:
    phone = parse_phone("10086", "CN")

    assert phone is not None
    assert (phone.kind, phone.tel) == ("short_code", "tel:10086;phone-context=+86")
    assert phone.from_abroad is UNKNOWN


def test_a_number_of_another_country_is_read_as_it_is_dialled_there() -> None:
    phone = parse_phone("01543 426999", "GB")

    assert phone is not None
    assert phone.e164 == "+441543426999"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "0120-025-260 / 0570-045-109",
        "0120-025-260 (free)",
        "call 03-6327-1632",
        "03-6327-1632 ext. 5",
        "6327-1632",  # the area code is missing
        "632716",
        "0120-025-26",
        "+81 188",
        "+81-99999",
        "０３-６３２７-１６３２",
    ],
)
def test_what_is_not_exactly_one_number_is_none(address: str) -> None:
    assert parse_phone(address) is None


@given(st.text(alphabet="0123456789+-*# ()/a０", max_size=18), st.sampled_from(["JP", "CN", "US"]))
def test_whatever_is_parsed_has_a_link_without_spaces(address: str, country: str) -> None:
    phone = parse_phone(address, country)

    if phone is not None:
        assert phone.tel.startswith("tel:")
        assert " " not in phone.tel
        assert (phone.e164 is None) == ("phone-context" in phone.tel)


@pytest.mark.parametrize("stated", list(Possibility))
def test_the_statement_of_a_source_stands_before_the_numbering_plan(stated: Possibility) -> None:
    free_number = parse_phone("0120-025-260")

    expected = IMPOSSIBLE if stated is UNKNOWN else stated
    assert effective_from_abroad(stated, free_number) is expected
    assert effective_from_abroad(stated, None) is stated


def test_a_phone_contact_is_answered_with_its_number(client: httpx.Client) -> None:
    (contact,) = get(client, "/v1/carriers/monthly/contacts")["contacts"]

    assert contact["topics"] == ["contracts"]
    assert contact["phone"] == {
        "e164": "+81120000000",
        "national": "0120-000-000",
        "kind": "toll_free",
        "tel": "tel:+81-120-000-000",
        "from_abroad": "impossible",
    }


def test_where_no_source_tells_the_numbering_plan_does(own: httpx.Client) -> None:
    contacts = get(own, "/v1/carriers/brastel-card")["contacts"]

    assert {contact["address"]: contact["from_abroad"] for contact in contacts} == {
        "0120-659-534": "impossible",
        "03-5637-5904": "possible",
    }


def test_every_phone_contact_of_the_catalogue_can_be_dialled(own: httpx.Client) -> None:
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
