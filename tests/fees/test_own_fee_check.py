"""The caps of the law, and fees of real companies, in the project's own catalogue."""

from typing import Any, NamedTuple

import httpx
import pytest

from app.i18n import LANGUAGES
from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue


class Fee(NamedTuple):
    """A fee as a customer states it: amounts in yen, None where it is not known."""

    contracted_on: str
    operator: str
    quoted: int
    monthly: int | None = None


class Expected(NamedTuple):
    """The cap in yen, and whether the fee is above it."""

    cap: int | None
    is_above: bool | None


@pytest.mark.parametrize(
    ("fee", "expected"),
    [
        (Fee("2019-09-30", "designated", 10450), Expected(None, None)),
        (Fee("2019-10-01", "designated", 1100), Expected(1100, is_above=False)),
        (Fee("2019-10-01", "designated", 1101), Expected(1100, is_above=True)),
        (Fee("2022-06-30", "designated", 10450), Expected(1100, is_above=True)),
        (Fee("2022-06-30", "other", 10450, 3000), Expected(None, None)),
        (Fee("2022-07-01", "designated", 10450), Expected(None, is_above=True)),
        (Fee("2022-07-01", "designated", 1000), Expected(None, None)),
        (Fee("2022-07-01", "designated", 1000, 990), Expected(990, is_above=True)),
        (Fee("2022-07-01", "designated", 1000, 3278), Expected(1100, is_above=False)),
        (Fee("2022-07-01", "other", 3278, 3278), Expected(3278, is_above=False)),
        (Fee("2022-07-01", "other", 3279, 3278), Expected(3278, is_above=True)),
        (Fee("2022-07-01", "other", 3279), Expected(None, None)),
    ],
)
def test_the_law_caps_a_fee(own: httpx.Client, fee: Fee, expected: Expected) -> None:
    """The caps of October 2019 and of July 2022, to the yen and to the day."""
    params: dict[str, Any] = {
        "contract_started_on": fee.contracted_on,
        "operator_kind": fee.operator,
        "quoted_jpy": fee.quoted,
    }
    if fee.monthly:
        params["monthly_price_jpy"] = fee.monthly

    body = get(own, "/v1/fee-check", **params)

    assert Expected(body["cap_jpy"], body["above_cap"]) == expected
    assert body["rule"]["sources"]
    assert len(body["limits"]) == 3
    depends_on_the_price = fee.contracted_on >= "2022-07-01" and expected.is_above is None
    assert body["needs_facts"] == (["monthly_price_jpy"] if depends_on_the_price else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_has_the_amount(own: httpx.Client, language: str) -> None:
    """The fee of 10,450 yen is in the verdict of each language."""
    params = {
        "contract_started_on": "2023-04-01",
        "operator_kind": "designated",
        "quoted_jpy": 10450,
        "lang": language,
    }

    assert "10,450" in get(own, "/v1/fee-check", **params)["verdict"]


def test_the_operator_of_mineo_is_designated(own: httpx.Client) -> None:
    """The operator of mineo is designated, with sources, so one cap applies."""
    body = get(
        own, "/v1/fee-check", carrier="mineo", contract_started_on="2020-04-01", quoted_jpy=1101
    )

    assert body["carrier"]["id"] == "mineo"
    assert body["operator_kind"] == "designated"
    assert body["designation"]["value"] is True
    assert body["designation"]["sources"]
    assert (body["cap_jpy"], body["above_cap"]) == (1100, True)
    assert len(body["cases"]) == 1


def test_the_kind_of_operator_given_wins(own: httpx.Client) -> None:
    """`operator_kind` overrules the designation of mineo's operator."""
    body = get(
        own,
        "/v1/fee-check",
        carrier="mineo",
        operator_kind="other",
        contract_started_on="2023-04-01",
        quoted_jpy=2000,
        monthly_price_jpy=2178,
    )

    assert (body["operator_kind"], body["cap_jpy"], body["above_cap"]) == ("other", 2178, False)


@pytest.mark.parametrize(
    ("price", "designated", "other", "is_above"),
    [
        (None, Expected(None, is_above=True), Expected(None, None), None),
        (900, Expected(900, is_above=True), Expected(900, is_above=True), True),
        (3980, Expected(1100, is_above=True), Expected(3980, is_above=True), True),
        (5000, Expected(1100, is_above=True), Expected(5000, is_above=False), None),
    ],
)
def test_the_operator_of_japasim_is_not_known(
    own: httpx.Client,
    price: int | None,
    designated: Expected,
    other: Expected,
    *,
    is_above: bool | None,
) -> None:
    """No source says whether JapaSIM's operator is designated: both cases are answered."""
    prices = {} if price is None else {"monthly_price_jpy": price}

    body = get(
        own,
        "/v1/fee-check",
        carrier="japasim",
        contract_started_on="2026-08-10",
        quoted_jpy=5000,
        **prices,
    )

    assert body["operator_kind"] is None
    assert body["designation"] is None
    assert {
        case["operator_kind"]: Expected(case["cap_jpy"], case["above_cap"])
        for case in body["cases"]
    } == {"designated": designated, "other": other}
    assert body["above_cap"] is is_above
    assert body["needs_facts"] == (["monthly_price_jpy"] if price is None else [])


def test_without_a_day_every_period_is_a_case(own: httpx.Client) -> None:
    """Without the day of the contract, the caps of all three periods are answered."""
    body = get(own, "/v1/fee-check", carrier="mineo", quoted_jpy=5000)

    assert [
        (case["contracted_from"], case["contracted_before"], case["above_cap"])
        for case in body["cases"]
    ] == [
        (None, "2019-10-01", None),
        ("2019-10-01", "2022-07-01", True),
        ("2022-07-01", None, True),
    ]
    assert (body["above_cap"], body["rule"]) == (None, None)
    assert body["needs_facts"] == ["contract_started_on"]


def test_the_fee_of_japasim_links_to_its_check(own: httpx.Client) -> None:
    """The fee for leaving links to the check with carrier and amount; the return fee does not."""
    fees = get(own, "/v1/carriers/japasim/procedures/cancel-by-returning")["fees"]

    assert [(fee["kind"], fee["check"]) for fee in fees] == [
        ("early_cancellation", "/v1/fee-check?carrier=japasim&quoted_jpy=5000"),
        ("return", None),
    ]
    assert own.get(fees[0]["check"]).json()["quoted_jpy"] == 5000


def test_fees_of_donnatokimo_link_without_amount(own: httpx.Client) -> None:
    """Amounts without tax and unknown ones are left out of the link; a fee of 0 has none."""
    fees = get(own, "/v1/carriers/donnatokimo-wifi/procedures/cancel-web-or-phone")["fees"]

    checks = [fee["check"] for fee in fees if fee["kind"] == "early_cancellation"]
    check = "/v1/fee-check?carrier=donnatokimo-wifi"
    assert checks == [check, check, None, check]
