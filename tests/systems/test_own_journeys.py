"""Whole conversations with the guide about real carriers, over HTTP."""

from typing import Any

import httpx
import pytest

from tests.support.requests import get
from tests.support.situations import LANGUAGES
from tests.support.wizard import check_every_path

pytestmark = pytest.mark.own_catalogue


@pytest.mark.parametrize("carrier", ["", "airalo", "softbank", "ninja-wifi", "povo2"])
def test_wizard_ends_in_six_questions(own: httpx.Client, carrier: str) -> None:
    """A client that follows all options, and tries two days for a date, is asked six at most."""
    first = get(own, "/v1/guide")
    assert first["question"]["fact"] == "carrier"
    assert first["generic"]
    options = {option["value"] for option in first["question"]["options"]}
    assert carrier in {"", *options}

    check_every_path(own, carrier or "generic")


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
