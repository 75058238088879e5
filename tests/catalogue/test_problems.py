"""Requests that the catalogue refuses: unknown addresses, bad queries, other methods."""

import httpx
import pytest

from app.i18n import LANGUAGES, Language
from app.messages.loader import problem_text


@pytest.mark.parametrize(
    ("path", "code", "closest"),
    [
        ("/v1/carriers/midro", "carrier-not-found", "midori"),
        ("/v1/carriers/MIDORI", "carrier-not-found", "midori"),
        ("/v1/carriers/xyz", "carrier-not-found", None),
        ("/v1/carriers/midori/procedures/cancl", "procedure-not-found", "cancel"),
        ("/v1/carriers/midro/procedures/cancel", "carrier-not-found", "midori"),
        ("/v1/carriers/midori/procedures/cancel/revisions/9", "revision-not-found", None),
        ("/v1/procedures?carrier=midro", "carrier-not-found", "midori"),
        ("/v1/nothing", "not-found", None),
        ("/nothing", "not-found", None),
    ],
)
def test_an_unknown_address_names_the_closest(
    republished: httpx.Client, path: str, code: str, closest: str | None
) -> None:
    """A 404 is a problem document whose `closest` is the most similar id, if there is one."""
    answer = republished.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{code}"
    assert answer.json().get("closest") == closest


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/v1/carriers/midro", "carrier-not-found"),
        ("/v1?colour=red", "invalid-request"),
        ("/nothing", "not-found"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_is_in_the_readers_language(
    republished: httpx.Client, path: str, slug: str, language: Language
) -> None:
    """The title of a problem is the text of its kind in the language of the request."""
    answer = republished.get(path, headers={"Accept-Language": language})

    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == problem_text(slug, "title")[language]


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
def test_a_bad_query_names_the_allowed_values(
    republished: httpx.Client, query: str, parameter: str, code: str, allowed: str | None
) -> None:
    """A mistake in a query has its parameter, its code, and the values that are allowed."""
    answer = republished.get(f"/v1/carriers?{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert allowed is None or allowed in error["allowed"]


def test_all_mistakes_of_a_query_are_listed(republished: httpx.Client) -> None:
    """Three mistakes give three errors."""
    errors = republished.get("/v1/carriers?limit=0&kind=x&colour=red").json()["errors"]

    assert {error["parameter"] for error in errors} == {"limit", "kind", "colour"}
    assert next(error for error in errors if error["parameter"] == "kind")["allowed"]


def test_a_misspelt_parameter_suggests_the_right_one(republished: httpx.Client) -> None:
    """The detail of an unknown parameter asks for the most similar one."""
    errors = republished.get("/v1/carriers?knd=mno").json()["errors"]

    assert "Did you mean kind?" in errors[0]["detail"]


def test_another_method_is_refused_with_the_allowed(republished: httpx.Client) -> None:
    """A 405 has in `Allow` the methods that the address takes."""
    answer = republished.post("/v1/carriers")

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
def test_a_nul_character_is_no_server_error(republished: httpx.Client, path: str) -> None:
    """PostgreSQL stores no NUL: an id or a query with one is refused or finds nothing."""
    assert republished.get(path).status_code in {200, 404, 422}
