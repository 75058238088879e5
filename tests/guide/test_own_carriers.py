"""The guide's answers for real carriers: `own_carriers.yaml`, in three languages."""

from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from tests.support.requests import get
from tests.support.situations import CHECKS, LANGUAGES, Seen, ask

pytestmark = pytest.mark.own_catalogue

CASES: Final = yaml.safe_load(
    (Path(__file__).parent / "own_carriers.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_real_carrier_is_answered(own: httpx.Client, case: dict[str, Any], language: str) -> None:
    """Every request of a case gets the answer that its claim requires."""
    for one in case["requests"]:
        request = {"get": "/v1/guide", **one}
        answer = ask(own, request, language)
        for name, expected in one["expect"].items():
            CHECKS[name](Seen(own, request, answer, language), expected)


@pytest.mark.parametrize(
    "carrier",
    ["ninja-wifi", "wifibox", "jal-abc", "econnect-japan", "imoto-no-wifi-japan", "easygo-japan"],
)
def test_a_router_taken_home_does_not_end_by_itself(own: httpx.Client, carrier: str) -> None:
    """A person abroad with a rented router is offered its return, and never its expiry."""
    body = get(own, "/v1/guide", carrier=carrier, location="abroad", unknown=["plan", "contract"])

    offered = {listed["procedure"]["goal"] for listed in [*body["procedures"], *body["generic"]]}
    assert "let_expire" not in offered
    assert "return_rental" in offered
    assert body["state"] != "blocked" or any(
        desk["from_abroad"] == "possible" for desk in body["desks"]
    )
    assert body["contacts"] == f"/v1/carriers/{carrier}/contacts"


@pytest.mark.parametrize(
    "carrier", ["ntt-docomo", "au", "ymobile", "uq-mobile", "softbank", "linemo", "ahamo"]
)
def test_a_scheme_with_conditions_is_not_recommended(own: httpx.Client, carrier: str) -> None:
    """The eight-day scheme of an operator has conditions, so it is recommended to nobody."""
    body = get(
        own,
        "/v1/guide",
        carrier=carrier,
        keep_number="false",
        at="2026-11-24T10:00:00+09:00",
        service_started_on="2026-11-23",
        contract_received_on="2026-11-23",
        contract_started_on="2026-11-23",
    )

    (scheme,) = [
        listed
        for listed in body["procedures"]
        if listed["procedure"]["goal"] == "initial_contract_cancellation"
    ]
    assert scheme["verdict"] != "recommended"


def test_generic_supporting_procedures_are_not_offered(own: httpx.Client) -> None:
    """Of the generic procedures, those that the guide leaves out are the supporting ones."""
    offered = {
        listed["procedure"]["id"]
        for listed in get(own, "/v1/guide", carrier="generic")["procedures"]
    }
    published = {procedure["id"] for procedure in get(own, "/v1/carriers/generic")["procedures"]}

    supporting = {
        procedure
        for procedure in published
        if get(own, f"/v1/carriers/generic/procedures/{procedure}")["supporting"]
    }
    assert published - offered == supporting
    assert "leave-japan" in supporting
