"""The guide over HTTP."""

import httpx
import pytest

from tests.support.guide import AT
from tests.support.situations import LANGUAGES
from tests.support.wizard import ask, check_every_path


@pytest.mark.parametrize("carrier", ["generic", "monthly", "travel", "rental"])
def test_wizard_ends_in_six_questions(client: httpx.Client, carrier: str) -> None:
    """A client that follows all options, and tries two days for a date, is asked six at most."""
    check_every_path(client, carrier)


def test_first_question_is_the_carrier(client: httpx.Client) -> None:
    """Without a query, the answer lists generic procedures and asks for the carrier."""
    body = ask(client, [])

    assert body["question"]["fact"] == "carrier"
    assert {option["value"] for option in body["question"]["options"]} == {
        "generic",
        "monthly",
        "travel",
        "rental",
    }
    assert body["generic"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_identification_links_to_the_guide(client: httpx.Client, language: str) -> None:
    """Two requests identify a carrier and advise on it, with links that work."""
    clues = {"words": ["Example Travel"]}
    identified = client.post("/v1/identify", params={"lang": language}, json=clues).json()
    assert identified["guide"].endswith("=travel")
    assert identified["explanation"]

    advice = client.get(identified["guide"], params={"lang": language, "carrier": "travel"}).json()

    assert advice["carrier"]["id"] == "travel"
    assert advice["procedures"]
    for listed in advice["procedures"]:
        assert listed["reasons"] or listed["blockers"]
        assert listed["procedure"]["outcome"]
        assert client.get(listed["procedure"]["url"]).status_code == 200
        if listed["dates"]:
            assert client.get(listed["dates"]["url"]).status_code == 200


def test_unknown_carrier_is_not_found(client: httpx.Client) -> None:
    """An id that no carrier has is a 404 with the closest id."""
    answer = client.get("/v1/guide", params={"carrier": "monthl"})

    assert answer.status_code == 404
    assert answer.json()["closest"] == "monthly"


def test_only_answers_with_an_instant_are_cached(client: httpx.Client) -> None:
    """An answer that depends on the current time is not stored; one with `at` can be."""
    now = client.get("/v1/guide")
    fixed = client.get("/v1/guide", params={"at": AT.isoformat()})

    assert now.headers["cache-control"] == "no-store"
    assert fixed.headers.get("cache-control") != "no-store"


def test_unused_facts_are_listed(client: httpx.Client) -> None:
    """A fact that no procedure of the carrier depends on is accepted and listed."""
    body = ask(client, [("carrier", "monthly"), ("bought_on", "2026-11-20")])

    assert [each["parameter"] for each in body["not_used"]] == ["bought_on"]
