"""Which legal cap applies to a fee, and whether the fee is above it."""

import datetime as dt
from typing import Any

import httpx
import pytest

from tests.support.requests import get

pytestmark = pytest.mark.own_catalogue


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("2019-09-30", "designated", 10450, None), (None, None)),
        (("2019-10-01", "designated", 1100, None), (1100, False)),
        (("2019-10-01", "designated", 1101, None), (1100, True)),
        (("2022-06-30", "designated", 10450, None), (1100, True)),
        (("2022-06-30", "other", 10450, 3000), (None, None)),
        (("2022-07-01", "designated", 10450, None), (None, True)),
        (("2022-07-01", "designated", 1000, None), (None, None)),
        (("2022-07-01", "designated", 1000, 990), (990, True)),
        (("2022-07-01", "designated", 1000, 3278), (1100, False)),
        (("2022-07-01", "other", 3278, 3278), (3278, False)),
        (("2022-07-01", "other", 3279, 3278), (3278, True)),
        (("2022-07-01", "other", 3279, None), (None, None)),
    ],
)
def test_the_cap_of_the_day_and_the_operator_is_found(
    own: httpx.Client,
    asked: tuple[str, str, int, int | None],
    expected: tuple[int | None, bool | None],
) -> None:
    made_on, operator, quoted, monthly = asked
    params: dict[str, Any] = {
        "contract_started_on": made_on,
        "operator_kind": operator,
        "quoted_jpy": quoted,
    }
    body = get(
        own, "/v1/fee-check", **params, **({"monthly_price_jpy": monthly} if monthly else {})
    )

    assert (body["cap_jpy"], body["above_cap"]) == expected
    assert body["rule"]["sources"]
    assert len(body["limits"]) == 3
    depends_on_the_price = made_on >= "2022-07-01" and expected[1] is None
    assert body["needs_facts"] == (["monthly_price_jpy"] if depends_on_the_price else [])


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_the_verdict_is_a_sentence_with_the_amount(own: httpx.Client, language: str) -> None:
    params = {
        "contract_started_on": "2023-04-01",
        "operator_kind": "designated",
        "quoted_jpy": 10450,
        "lang": language,
    }

    assert "10,450" in get(own, "/v1/fee-check", **params)["verdict"]


@pytest.mark.parametrize(("days", "code"), [(2, "in_the_future"), (-400_000, "too_far_away")])
def test_a_date_out_of_range_is_refused_with_the_range(
    own: httpx.Client, days: int, code: str
) -> None:
    made_on = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()

    answer = own.get(
        "/v1/fee-check",
        params={"contract_started_on": made_on, "operator_kind": "other", "lang": "en"},
    )

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("contract_started_on", code)
    assert "must be between 1979-12-01 and 20" in error["detail"]


def test_the_kind_of_operator_follows_from_the_carrier_with_its_sources(own: httpx.Client) -> None:
    body = get(
        own,
        "/v1/fee-check",
        carrier="mineo",
        contract_started_on="2020-04-01",
        quoted_jpy=1101,
    )

    assert body["carrier"]["id"] == "mineo"
    assert body["operator_kind"] == "designated"
    assert body["designation"]["value"] is True
    assert body["designation"]["sources"]
    assert (body["cap_jpy"], body["above_cap"]) == (1100, True)
    assert len(body["cases"]) == 1


def test_what_the_person_knows_of_the_operator_wins(own: httpx.Client) -> None:
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


# In month 4 of a contract of August 2026; JapaSIM is not known to be designated or not.
JAPASIM = {"carrier": "japasim", "contract_started_on": "2026-08-10", "quoted_jpy": 5000}


@pytest.mark.parametrize(
    ("price", "designated", "other", "above"),
    [
        (None, (None, True), (None, None), None),
        (900, (900, True), (900, True), True),
        (3980, (1100, True), (3980, True), True),
        (5000, (1100, True), (5000, False), None),
    ],
)
def test_an_operator_that_is_not_known_gets_both_answers(
    own: httpx.Client,
    price: int | None,
    designated: tuple[int | None, bool | None],
    other: tuple[int | None, bool | None],
    above: bool | None,  # noqa: FBT001 - an expected value
) -> None:
    prices = {} if price is None else {"monthly_price_jpy": price}

    body = get(own, "/v1/fee-check", **JAPASIM, **prices)

    assert body["operator_kind"] is None
    assert body["designation"] is None
    assert {
        case["operator_kind"]: (case["cap_jpy"], case["above_cap"]) for case in body["cases"]
    } == {"designated": designated, "other": other}
    assert body["above_cap"] is above
    assert body["needs_facts"] == (["monthly_price_jpy"] if price is None else [])


def test_without_the_day_of_the_contract_the_caps_of_all_times_are_answered(
    own: httpx.Client,
) -> None:
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


def test_a_fee_for_leaving_leads_to_the_check_with_carrier_and_amount(own: httpx.Client) -> None:
    fees = get(own, "/v1/carriers/japasim/procedures/cancel-by-returning")["fees"]

    assert [(fee["kind"], fee["check"]) for fee in fees] == [
        ("early_cancellation", "/v1/fee-check?carrier=japasim&quoted_jpy=5000"),
        ("return", None),
    ]
    assert own.get(fees[0]["check"]).json()["quoted_jpy"] == 5000


def test_an_amount_without_tax_or_that_is_not_known_is_left_to_the_person(
    own: httpx.Client,
) -> None:
    fees = get(own, "/v1/carriers/donnatokimo-wifi/procedures/cancel-web-or-phone")["fees"]

    checks = [fee["check"] for fee in fees if fee["kind"] == "early_cancellation"]
    check = "/v1/fee-check?carrier=donnatokimo-wifi"
    assert checks == [check, check, None, check]  # the third costs nothing


def test_a_carrier_that_is_not_there_is_named(own: httpx.Client) -> None:
    answer = own.get("/v1/fee-check", params={"carrier": "nobody"})

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/carrier-not-found")
