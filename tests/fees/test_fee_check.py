"""Which legal cap applies to a fee, and whether the fee is above it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.requests import get


@pytest.fixture
def own(own_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_server) as client:
        yield client


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
