"""Phone numbers of contacts: forms, kinds, and whether they can be dialled from abroad."""

from typing import Final, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.codes import Possibility
from app.catalogue.phone_numbers import effective_from_abroad, parse_phone

POSSIBLE, IMPOSSIBLE, UNKNOWN = Possibility.POSSIBLE, Possibility.IMPOSSIBLE, Possibility.UNKNOWN


class Forms(NamedTuple):
    """An address as a source prints it, and the forms of its number."""

    address: str
    e164: str | None
    national: str
    link: str


FORMS: Final = [
    Forms("0120-025-260", "+81120025260", "0120-025-260", "tel:+81-120-025-260"),
    Forms("0800-1111-820", "+818001111820", "0800-111-1820", "tel:+81-800-111-1820"),
    Forms("0570-09-4400", "+81570094400", "0570-094-400", "tel:+81-570-094-400"),
    Forms("0276-613858", "+81276613858", "0276-61-3858", "tel:+81-276-61-3858"),
    Forms("+81-3-6670-6944", "+81366706944", "03-6670-6944", "tel:+81-3-6670-6944"),
    Forms("+1 212-785-5800", "+12127855800", "(212) 785-5800", "tel:+1-212-785-5800"),
    Forms("0077-7-111", None, "0077-7111", "tel:00777111;phone-context=+81"),
    Forms("188", None, "188", "tel:188;phone-context=+81"),
    Forms("*5533", None, "*5533", "tel:*5533;phone-context=+81"),
]


@pytest.mark.parametrize("forms", FORMS)
def test_a_number_has_its_forms(forms: Forms) -> None:
    """A number is given in E.164, as it is dialled at home, and as a link; short codes locally."""
    phone = parse_phone(forms.address)

    assert phone is not None
    assert (phone.e164, phone.national, phone.tel) == (forms.e164, forms.national, forms.link)


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
def test_the_numbering_plan_gives_kind_and_reach(
    address: str, kind: str, from_abroad: Possibility
) -> None:
    """The first digits decide the kind of number, and whether it can be dialled from abroad."""
    phone = parse_phone(address)

    assert phone is not None
    assert (phone.kind, phone.from_abroad) == (kind, from_abroad)


def test_a_short_code_belongs_to_its_country() -> None:
    """A short code of China is dialled in China, and its reach from abroad is unknown."""
    phone = parse_phone("10086", "CN")

    assert phone is not None
    assert (phone.kind, phone.tel) == ("short_code", "tel:10086;phone-context=+86")
    assert phone.from_abroad is UNKNOWN


def test_a_national_number_is_read_in_its_country() -> None:
    """A number without a country code is one of the contact's country."""
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
def test_other_text_is_no_number(address: str) -> None:
    """Several numbers, other words, missing digits and full-width digits give no number."""
    assert parse_phone(address) is None


@given(st.text(alphabet="0123456789+-*# ()/a０", max_size=18), st.sampled_from(["JP", "CN", "US"]))
def test_every_number_has_a_link_without_spaces(address: str, country: str) -> None:
    """Of any text, a number that is parsed has a `tel:` link, with a context if it is local."""
    phone = parse_phone(address, country)

    if phone is not None:
        assert phone.tel.startswith("tel:")
        assert " " not in phone.tel
        assert (phone.e164 is None) == ("phone-context" in phone.tel)


@pytest.mark.parametrize("stated", list(Possibility))
def test_a_source_outranks_the_numbering_plan(stated: Possibility) -> None:
    """The numbering plan decides only where the sources state nothing."""
    free_number = parse_phone("0120-025-260")

    expected = IMPOSSIBLE if stated is UNKNOWN else stated
    assert effective_from_abroad(stated, free_number) is expected
    assert effective_from_abroad(stated, None) is stated
