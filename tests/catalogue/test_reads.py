"""The catalogue over HTTP: carriers, procedures, revisions, and the vocabulary."""

import httpx
import pytest

from tests.support import builders
from tests.support.requests import get

CANCEL = "/v1/carriers/midori/procedures/cancel"


def ids(http: httpx.Client, path: str, **params: str) -> list[str]:
    return [item["id"] for item in get(http, path, **params)["items"]]


# Carriers


@pytest.mark.parametrize(
    "query",
    [
        "緑丘",
        "みどり",
        "ミドリ",
        "ﾐﾄﾞﾘ",
        "绿丘",
        "綠丘",
        "midori",
        "MIDORI",
        "Midori mobile",
        "ｍｉｄｏｒｉ",
        "mobile midori",
        "mid-ori",
    ],
)
def test_a_carrier_is_found_by_any_of_its_names(republished: httpx.Client, query: str) -> None:
    """Script, width, case, hyphens and the order of words do not matter."""
    assert ids(republished, "/v1/carriers", q=query)[0] == "midori"


def test_the_better_match_comes_first(republished: httpx.Client) -> None:
    """A company whose id is the query comes before one that begins with it."""
    assert ids(republished, "/v1/carriers", q="midori") == ["midori", "midori-turbo"]
    assert ids(republished, "/v1/carriers", q="turbo") == ["midori-turbo"]


@pytest.mark.parametrize("query", ["nothing", "%", "_", "。"])
def test_a_name_of_no_carrier_finds_none(republished: httpx.Client, query: str) -> None:
    """Wildcards of SQL and punctuation are no names."""
    assert ids(republished, "/v1/carriers", q=query) == []


def test_carriers_are_filtered(republished: httpx.Client) -> None:
    """A list holds the carriers that match every filter."""
    assert ids(republished, "/v1/carriers", product="esim") == ["midori"]
    assert ids(republished, "/v1/carriers", kind="mno", audience="residents") == ["midori-turbo"]
    assert ids(republished, "/v1/carriers", audience="tourists") == []


# Procedures


def test_procedures_are_filtered(republished: httpx.Client) -> None:
    """A list holds the procedures that match every filter."""
    found = get(
        republished,
        "/v1/procedures",
        product="home_router",
        goal="cancel_contract",
        evidence="official",
    )["items"]

    assert [(item["carrier"], item["id"]) for item in found] == [("midori-turbo", "cancel")]
    assert ids(republished, "/v1/procedures", goal="port_out") == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Cancel now"), ("ja", "今すぐ解約"), ("zh-Hans", "立即解约")]
)
def test_a_procedure_is_given_in_each_language(
    republished: httpx.Client, language: str, title: str
) -> None:
    """The texts, the language headers and the canonical address are those of the language."""
    answer = republished.get(CANCEL, params={"lang": language})

    assert answer.json()["title"] == title
    assert answer.json()["language"] == answer.headers["content-language"] == language
    assert answer.headers["content-location"] == f"{CANCEL}?lang={language}"


def test_old_revisions_stay_readable(republished: httpx.Client) -> None:
    """The history lists every revision with its edition, and links to its content."""
    history = get(republished, f"{CANCEL}/revisions")["items"]

    assert [(item["number"], item["edition"]) for item in history] == [(2, 2), (1, 1)]
    old = get(republished, history[1]["url"])
    assert (old["title"], old["revision"]) == ("Cancel", 1)
    assert (old["newest_revision"], old["edition"]) == (2, 2)


def test_a_retired_procedure_names_its_successor(republished: httpx.Client) -> None:
    """A retired procedure is 410 with its successor; its last revision stays readable."""
    gone = republished.get("/v1/carriers/midori/procedures/old")

    assert gone.status_code == 410
    assert gone.json()["code"] == "procedure-retired"
    assert gone.json()["successor"] == CANCEL
    assert get(republished, "/v1/carriers/midori/procedures/old/revisions/1")


# Vocabulary


def test_the_vocabulary_names_the_codes(republished: httpx.Client) -> None:
    """Each group of codes is listed with the names of the vocabulary's file."""
    terms = get(republished, "/v1/vocabulary", lang="ja")["terms"]

    names = {code: str(term.name["ja"]) for code, term in builders.vocabulary().channels.items()}
    assert {term["code"]: term["name"] for term in terms["channels"]} == names
    assert {"goals", "outcomes", "needs", "documents", "losses", "evidence"} <= terms.keys()
