"""Conditional reads, HEAD, CORS and the headers every answer carries."""

import httpx
import pytest

PATHS = ["/v1", "/v1/carriers?limit=1", "/v1/vocabulary?lang=ja", "/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_a_strong_etag_and_says_how_long_it_keeps(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.headers["etag"].startswith('"')
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_a_client_that_has_the_answer_gets_304_without_a_body(client: httpx.Client, path: str, form: str) -> None:
    etag = client.get(path).headers["etag"]

    answer = client.get(path, headers={"If-None-Match": form.format(etag=etag)})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag


def test_another_etag_gets_the_answer(client: httpx.Client) -> None:
    assert client.get("/v1", headers={"If-None-Match": '"other"'}).status_code == 200


def test_languages_have_different_etags(client: httpx.Client) -> None:
    assert len({client.get("/v1", params={"lang": language}).headers["etag"] for language in ("en", "ja", "zh-Hans")}) == 3


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/v1/carriers/nobody", "/docs"])
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_a_problem_is_not_cached(client: httpx.Client) -> None:
    answer = client.get("/v1/carriers/nobody")

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("path", ["/v1", "/v1/carriers/nobody", "/v1?colour=red"])
def test_any_origin_may_read(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Origin": "https://front-end.example"}).headers["access-control-allow-origin"] == "*"


def test_a_preflight_is_answered(client: httpx.Client) -> None:
    answer = client.options(
        "/v1",
        headers={
            "Origin": "https://front-end.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )

    assert answer.status_code == 204
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("path", ["/v1", "/docs", "/nothing"])
def test_answers_are_taken_as_what_they_are_and_tell_nothing_of_the_server(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_documentation_pages_load_nothing_from_other_hosts(client: httpx.Client, page: str) -> None:
    html = client.get(page)

    assert html.status_code == 200
    assert "http://" not in html.text
    assert "https://" not in html.text
    assert "default-src 'self'" in html.headers["content-security-policy"]
    for asset in (part.split('"')[0] for attribute in ('src="', 'href="') for part in html.text.split(attribute)[1:]):
        assert client.get(asset).status_code == 200, asset
