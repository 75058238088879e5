"""Conditional reads, HEAD, CORS and the headers every answer carries."""

import httpx
import pytest


def test_content_location_keeps_every_value_of_a_parameter_that_repeats(
    client: httpx.Client,
) -> None:
    at = "2026-11-30T19:00:00+09:00"
    answer = client.get(
        "/v1/guide",
        params={"carrier": "monthly", "lack": ["account_login", "shop_visit"], "at": at},
    )

    assert client.get(answer.headers["content-location"]).json() == answer.json()
    assert answer.headers["content-location"].count("lack=") == 2


def test_two_accept_language_lines_are_one_list(client: httpx.Client) -> None:
    for path in ("/v1", "/v1/guide"):
        answer = client.get(path, headers=[("Accept-Language", "ja"), ("Accept-Language", "zh")])
        assert answer.headers["content-language"] == "ja", path


PATHS = ["/v1", "/v1/carriers?limit=1", "/v1/vocabulary?lang=ja", "/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_a_strong_etag_and_says_how_long_it_keeps(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path)

    assert answer.headers["etag"].startswith('"')
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("form", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_a_client_that_has_the_answer_gets_304_without_a_body(
    client: httpx.Client, path: str, form: str
) -> None:
    etag = client.get(path).headers["etag"]

    answer = client.get(path, headers={"If-None-Match": form.format(etag=etag)})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == etag


def test_another_etag_gets_the_answer(client: httpx.Client) -> None:
    assert client.get("/v1", headers={"If-None-Match": '"other"'}).status_code == 200


def test_languages_have_different_etags(client: httpx.Client) -> None:
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
    assert (
        client.get(path, headers={"Origin": "https://front-end.example"}).headers[
            "access-control-allow-origin"
        ]
        == "*"
    )


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
def test_answers_are_taken_as_what_they_are_and_tell_nothing_of_the_server(
    client: httpx.Client, path: str
) -> None:
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
    for asset in (
        part.split('"')[0]
        for attribute in ('src="', 'href="')
        for part in html.text.split(attribute)[1:]
    ):
        assert client.get(str(html.url.join(asset))).status_code == 200, asset
