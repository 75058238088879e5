"""The fee check over HTTP, with the sample catalogue and without caps."""

import datetime as dt

import httpx
import pytest

from tests.support.requests import get


@pytest.mark.parametrize(("days", "code"), [(2, "in_the_future"), (-400_000, "too_far_away")])
def test_a_date_out_of_range_is_refused(client: httpx.Client, days: int, code: str) -> None:
    """A contract of the future, or of before 1979, is refused with the range of dates."""
    made_on = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()

    answer = client.get(
        "/v1/fee-check",
        params={"contract_started_on": made_on, "operator_kind": "other", "lang": "en"},
    )

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("contract_started_on", code)
    assert "must be between 1979-12-01 and 20" in error["detail"]


def test_the_carrier_names_the_kind_of_operator(client: httpx.Client) -> None:
    """Without `operator_kind`, the carrier's file decides."""
    body = get(client, "/v1/fee-check", carrier="monthly", contract_started_on="2020-04-01")

    assert body["carrier"]["id"] == "monthly"
    assert body["operator_kind"] == "designated"
    assert body["designation"]["value"] is True
    assert len(body["cases"]) == 1


def test_the_kind_of_operator_given_wins(client: httpx.Client) -> None:
    """`operator_kind` overrules the carrier's file."""
    body = get(
        client,
        "/v1/fee-check",
        carrier="monthly",
        operator_kind="other",
        contract_started_on="2020-04-01",
    )

    assert body["operator_kind"] == "other"


def test_an_unknown_operator_gets_both_cases(client: httpx.Client) -> None:
    """A carrier whose file says nothing of the operator is assessed as both kinds."""
    body = get(client, "/v1/fee-check", carrier="travel", contract_started_on="2020-04-01")

    assert body["operator_kind"] is None
    assert {case["operator_kind"] for case in body["cases"]} == {"designated", "other"}


def test_an_unknown_carrier_is_not_found(client: httpx.Client) -> None:
    """A carrier that the catalogue does not have is a 404."""
    answer = client.get("/v1/fee-check", params={"carrier": "nobody"})

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/carrier-not-found")
