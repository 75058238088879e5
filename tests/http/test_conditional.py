"""Entity tags, conditional requests and HEAD of the catalogue (RFC 9110 section 13)."""

import httpx
import pytest

PATHS = ["/v1", "/v1/carriers?limit=1", "/v1/vocabulary?lang=ja", "/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_a_response_has_a_strong_etag_and_a_lifetime(client: httpx.Client, path: str) -> None:
    """A 200 has a strong entity tag, a public max-age, and varies by Accept-Language."""
    answer = client.get(path)

    assert answer.headers["etag"].startswith('"')
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_a_known_etag_gets_304_without_a_body(client: httpx.Client, path: str, form: str) -> None:
    """If-None-Match with the tag, in any form that names it, gives a 304 with the same tag."""
    etag = client.get(path).headers["etag"]

    answer = client.get(path, headers={"If-None-Match": form.format(etag=etag)})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag


def test_another_etag_gets_the_response(client: httpx.Client) -> None:
    """If-None-Match with another tag gives a 200."""
    assert client.get("/v1", headers={"If-None-Match": '"other"'}).status_code == 200


def test_languages_have_different_etags(client: httpx.Client) -> None:
    """The same address has another entity tag in each language."""
    assert (
        len(
            {
                client.get("/v1", params={"lang": language}).headers["etag"]
                for language in ("en", "ja", "zh-Hans")
            }
        )
        == 3
    )


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/v1/carriers/nobody", "/docs"])
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    """HEAD gives the status and the headers of GET, whatever the status, and no body."""
    get, head = client.get(path), client.head(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_a_problem_is_not_cached(client: httpx.Client) -> None:
    """A problem has `no-store` and no entity tag."""
    answer = client.get("/v1/carriers/nobody")

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
