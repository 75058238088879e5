"""The catalogue as clients read it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

LANGUAGES = ("en", "ja", "zh-Hans")


def _sample() -> dict[str, dict[str, Any]]:
    """Return seven carriers; of `rakuten` one procedure changes later and one is retired."""
    rakuten = builders.carrier(
        name=builders.text("Rakuten Mobile", "楽天モバイル", "乐天移动"),
        aliases=["らくてん", "樂天"],
        products=["physical_sim", "esim"],
    )
    turbo = builders.carrier(
        name=builders.text("Rakuten Turbo", "楽天ターボ", "乐天Turbo"),
        products=["home_router"],
        kind="mno",
    )
    others = {f"other-{number}": {"cancel": builders.procedure()} for number in range(1, 6)}
    turbo_cancel = builders.procedure(
        applies_to={"products": ["home_router"], "contracts": ["postpaid"]}
    )
    return {
        "rakuten": {
            "carrier": rakuten,
            "cancel": builders.procedure(title=builders.text("Cancel", "解約", "解约")),
            "old": builders.procedure(),
        },
        "rakuten-turbo": {"carrier": turbo, "cancel": turbo_cancel},
        **others,
    }


@pytest.fixture(scope="module")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the sample, published twice: one procedure changed, one retired."""
    folder, url, sample = tmp_path_factory.mktemp("sample"), databases.migrated(), _sample()
    database = Database(url)
    publish(database, builders.read(builders.write(folder, sample)))
    del sample["rakuten"]["old"]
    sample["rakuten"]["cancel"] = builders.procedure(
        title=builders.text("Cancel now", "今すぐ解約", "立即解约")
    )
    retired = {"procedures": {"rakuten/old": "rakuten/cancel"}}
    publish(database, builders.read(builders.write(folder, sample, retired)))
    database.close()
    with serving(settings_for(url)) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server) as client:
        yield client


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


# Finding a carrier


@pytest.mark.parametrize(
    "q",
    [
        "楽天",
        "らくてん",
        "ラクテン",
        "ﾗｸﾃﾝ",
        "乐天",
        "樂天",
        "rakuten",
        "RAKUTEN",
        "Rakuten mobile",
        "ｒａｋｕｔｅｎ",
        "mobile rakuten",
        "raku-ten",
    ],
)
def test_a_carrier_is_found_by_any_of_its_names(http: httpx.Client, q: str) -> None:
    assert ids(http.get("/v1/carriers", params={"q": q}))[0] == "rakuten"


def test_the_better_match_comes_first(http: httpx.Client) -> None:
    assert ids(http.get("/v1/carriers", params={"q": "rakuten"})) == ["rakuten", "rakuten-turbo"]
    assert ids(http.get("/v1/carriers", params={"q": "turbo"})) == ["rakuten-turbo"]


@pytest.mark.parametrize("q", ["nothing", "%", "_", "。"])
def test_what_no_carrier_is_called_finds_none(http: httpx.Client, q: str) -> None:
    assert ids(http.get("/v1/carriers", params={"q": q})) == []


def test_carriers_are_filtered(http: httpx.Client) -> None:
    assert ids(http.get("/v1/carriers", params={"product": "esim"})) == ["rakuten"]
    assert ids(http.get("/v1/carriers", params={"kind": "mno", "audience": "residents"})) == [
        "rakuten-turbo"
    ]
    assert ids(http.get("/v1/carriers", params={"audience": "tourists"})) == []


# Procedures


def test_procedures_are_filtered(http: httpx.Client) -> None:
    found = http.get(
        "/v1/procedures",
        params={"product": "home_router", "goal": "cancel_contract", "evidence": "official"},
    ).json()["items"]

    assert [(item["carrier"], item["id"]) for item in found] == [("rakuten-turbo", "cancel")]
    assert http.get("/v1/procedures", params={"goal": "port_out"}).json()["items"] == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Cancel now"), ("ja", "今すぐ解約"), ("zh-Hans", "立即解约")]
)
def test_a_procedure_is_answered_in_each_language(
    http: httpx.Client, language: str, title: str
) -> None:
    answer = http.get("/v1/carriers/rakuten/procedures/cancel", params={"lang": language})

    assert answer.json()["title"] == title
    assert answer.json()["language"] == answer.headers["content-language"] == language
    assert (
        answer.headers["content-location"]
        == f"/v1/carriers/rakuten/procedures/cancel?lang={language}"
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW", "zh-Hans"),
        ("zh-HK,en;q=0.5", "zh-Hans"),
        ("fr, ja;q=0.5, en;q=0.4", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("ja;q=0, zh", "zh-Hans"),
        (";;q=,,", "en"),
    ],
)
def test_accept_language_is_understood(http: httpx.Client, header: str, language: str) -> None:
    assert http.get("/v1", headers={"Accept-Language": header}).json()["language"] == language


def test_lang_wins_over_accept_language(http: httpx.Client) -> None:
    assert (
        http.get("/v1?lang=zh-TW", headers={"Accept-Language": "ja"}).json()["language"]
        == "zh-Hans"
    )


def test_revisions_tell_the_history_and_the_old_state(http: httpx.Client) -> None:
    history = http.get("/v1/carriers/rakuten/procedures/cancel/revisions").json()["items"]

    assert [(item["number"], item["edition"]) for item in history] == [(2, 2), (1, 1)]
    old = http.get(history[1]["url"]).json()
    assert (old["title"], old["revision"], old["newest_revision"], old["edition"]) == (
        "Cancel",
        1,
        2,
        2,
    )


def test_a_retired_procedure_is_gone_with_its_successor_and_its_last_state_stays(
    http: httpx.Client,
) -> None:
    gone = http.get("/v1/carriers/rakuten/procedures/old")

    assert gone.status_code == 410
    assert gone.json()["code"] == "procedure-retired"
    assert gone.json()["successor"] == "/v1/carriers/rakuten/procedures/cancel"
    assert http.get("/v1/carriers/rakuten/procedures/old/revisions/1").status_code == 200


# Problems


@pytest.mark.parametrize(
    ("path", "code", "closest"),
    [
        ("/v1/carriers/rakutn", "carrier-not-found", "rakuten"),
        ("/v1/carriers/RAKUTEN", "carrier-not-found", "rakuten"),
        ("/v1/carriers/xyz", "carrier-not-found", None),
        ("/v1/carriers/rakuten/procedures/cancl", "procedure-not-found", "cancel"),
        ("/v1/carriers/rakutn/procedures/cancel", "carrier-not-found", "rakuten"),
        ("/v1/carriers/rakuten/procedures/cancel/revisions/9", "revision-not-found", None),
        ("/v1/procedures?carrier=rakutn", "carrier-not-found", "rakuten"),
        ("/v1/nothing", "not-found", None),
        ("/nothing", "not-found", None),
    ],
)
def test_what_is_not_there_is_a_problem_that_names_the_closest(
    http: httpx.Client, path: str, code: str, closest: str | None
) -> None:
    answer = http.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{code}"
    assert answer.json().get("closest") == closest


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_speak_the_readers_language(http: httpx.Client, language: str) -> None:
    answers = [
        http.get(path, headers={"Accept-Language": language})
        for path in ("/v1/carriers/rakutn", "/v1?colour=red", "/nothing")
    ]

    for answer in answers:
        assert answer.headers["content-language"] == language
        assert (
            "Not found" in answer.text or "not found" in answer.text or "Invalid" in answer.text
        ) == (language == "en")


@pytest.mark.parametrize(
    ("query", "parameter", "code", "allowed"),
    [
        ("kinds=mno", "kinds", "unknown", "kind"),
        ("kind=operator", "kind", "not_allowed", "mno"),
        ("lang=fr", "lang", "not_allowed", "ja"),
        ("limit=0", "limit", "out_of_range", None),
        ("limit=many", "limit", "wrong_type", None),
        ("q=" + "x" * 81, "q", "too_long", None),
        ("q=", "q", "too_short", None),
    ],
)
def test_a_bad_query_names_the_parameter_and_what_is_allowed(
    http: httpx.Client, query: str, parameter: str, code: str, allowed: str | None
) -> None:
    answer = http.get(f"/v1/carriers?{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert allowed is None or allowed in error["allowed"]


def test_all_mistakes_of_a_query_are_listed(http: httpx.Client) -> None:
    errors = http.get("/v1/carriers?limit=0&kind=x&colour=red").json()["errors"]

    assert {error["parameter"] for error in errors} == {"limit", "kind", "colour"}
    assert next(error for error in errors if error["parameter"] == "kind")["allowed"]


def test_a_misspelt_parameter_is_met_with_the_right_one(http: httpx.Client) -> None:
    assert "Did you mean kind?" in http.get("/v1/carriers?knd=mno").json()["errors"][0]["detail"]


def test_another_method_is_refused_and_told_which_are_allowed(http: httpx.Client) -> None:
    answer = http.post("/v1/carriers")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.json()["code"] == "method-not-allowed"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/carriers/%00",
        "/v1/carriers/a%00b/procedures/x",
        "/v1/carriers?q=%00",
        "/v1/procedures?carrier=%00",
    ],
)
def test_a_nul_character_harms_nothing(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code in {200, 404, 422}


# Paging


def test_pages_follow_each_other_without_gap_or_repetition(http: httpx.Client) -> None:
    whole = ids(http.get("/v1/carriers"))

    seen: list[str] = []
    url: str | None = "/v1/carriers?limit=2&lang=ja"
    while url:
        page = http.get(url).json()
        assert page["language"] == "ja"
        seen += [item["id"] for item in page["items"]]
        url = page["next"]

    assert seen == whole == sorted(whole)
    assert len(seen) == 7


def test_pages_of_a_search_keep_its_order(http: httpx.Client) -> None:
    first = http.get("/v1/carriers?q=rakuten&limit=1").json()

    assert [item["id"] for item in first["items"]] == ["rakuten"]
    assert ids(http.get(first["next"])) == ["rakuten-turbo"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WzFd",
        "WyJhIiwgWzEsICJiIl1d",
        "WyI4ZmVjNzZlZGQyNGYiLCBbOTIyMzM3MjAzNjg1NDc3NTgwOCwgImEiXV0=",
        "%F0%9F%98%80",
        "",
    ],
)
def test_a_made_up_cursor_is_a_bad_cursor(http: httpx.Client, cursor: str) -> None:
    answer = http.get(f"/v1/carriers?cursor={cursor}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-cursor"


def test_a_cursor_of_other_filters_is_a_bad_cursor(http: httpx.Client) -> None:
    following = http.get("/v1/carriers?limit=1").json()["next"]

    assert http.get(f"{following}&product=esim").json()["code"] == "bad-cursor"
    assert http.get(following.replace("/carriers", "/procedures")).json()["code"] == "bad-cursor"


# Vocabulary and advice


def test_the_vocabulary_names_the_codes_that_answers_use(http: httpx.Client) -> None:
    terms = http.get("/v1/vocabulary?lang=ja").json()["terms"]

    assert {term["code"]: term["name"] for term in terms["channels"]}["web"] == "ウェブサイト"
    assert {"goals", "outcomes", "needs", "documents", "losses", "evidence"} <= terms.keys()
