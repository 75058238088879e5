"""Whole conversations with the guide about real carriers, over HTTP."""

from typing import Any

import httpx
import pytest

from app.facts.specs import SPECS, Fact
from app.guide.questions import MOST_QUESTIONS
from tests.support.guide import AT
from tests.support.requests import get
from tests.support.situations import LANGUAGES

pytestmark = pytest.mark.own_catalogue

Parameters = list[tuple[str, str]]


@pytest.mark.parametrize("carrier", ["", "airalo", "softbank", "ninja-wifi", "povo2"])
def test_wizard_ends_in_six_questions(own: httpx.Client, carrier: str) -> None:
    """A client that follows all options, and tries two days for a date, is asked six at most."""
    first = get(own, "/v1/guide")
    assert first["question"]["fact"] == "carrier"
    assert first["generic"]
    options = {option["value"] for option in first["question"]["options"]}
    paths: list[Parameters] = [[("carrier", carrier or "generic")]]
    assert carrier in {"", *options}

    while paths:
        path = paths.pop()
        body = ask(own, path)
        question = body["question"]
        if question is None:
            assert body["procedures"] or body["generic"] or body["desks"]
            assert body["why"]
            continue
        assert len(path) <= MOST_QUESTIONS
        assert question["question"]
        assert question["why"]
        known = [option for option in question["options"] if option["parameter"] != "unknown"]
        assert len(known) + 1 == len(question["options"])
        if question["type"] == "date":
            days = SPECS[Fact(question["fact"])].example_values(AT.date())
            assert question["left_at_most"] <= MOST_QUESTIONS - len(path)
            paths.extend([*path, (question["fact"], str(day))] for day in days)
        paths.extend([*path, (option["parameter"], option["value"])] for option in known)


def ask(own: httpx.Client, parameters: Parameters) -> dict[str, Any]:
    answer = own.get("/v1/guide", params=[*parameters, ("at", AT.isoformat())])
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("clues", "carrier"),
    [
        ({"apn": "mineo-d.jp"}, "mineo"),
        ({"iccid_prefix": "8985207"}, "generic"),
        ({"words": ["Rakuten Mobile"]}, "rakuten-mobile"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_requests_identify_and_advise(
    own: httpx.Client, clues: dict[str, Any], carrier: str, language: str
) -> None:
    """A traveller learns in two requests which company it is and what to do, with links."""
    identified = own.post("/v1/identify", params={"lang": language}, json=clues).json()
    assert identified["guide"].endswith(f"={carrier}")
    assert identified["explanation"]

    advice = own.get(identified["guide"], params={"lang": language, "carrier": carrier}).json()

    assert advice["carrier"]["id"] == carrier
    assert advice["procedures"]
    for listed in advice["procedures"]:
        assert listed["reasons"] or listed["blockers"]
        assert listed["procedure"]["outcome"]
        assert own.get(listed["procedure"]["url"]).status_code == 200
        if listed["dates"]:
            assert own.get(listed["dates"]["url"]).status_code == 200
