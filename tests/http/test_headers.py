"""Headers of every response: security, Content-Location, and the language asked for."""

import httpx
import pytest


def test_content_location_keeps_repeated_parameters(
    client: httpx.Client,
) -> None:
    """Content-Location names every value of a repeated parameter, and gives the same response."""
    at = "2026-11-30T19:00:00+09:00"
    answer = client.get(
        "/v1/guide",
        params={"carrier": "monthly", "lack": ["account_login", "shop_visit"], "at": at},
    )

    assert client.get(answer.headers["content-location"]).json() == answer.json()
    assert answer.headers["content-location"].count("lack=") == 2


def test_two_accept_language_lines_are_one_list(client: httpx.Client) -> None:
    """Two Accept-Language lines count as one list, with the response cache and without."""
    for path in ("/v1", "/v1/guide"):
        answer = client.get(path, headers=[("Accept-Language", "ja"), ("Accept-Language", "zh")])
        assert answer.headers["content-language"] == "ja", path


@pytest.mark.parametrize("path", ["/v1", "/docs", "/nothing"])
def test_security_headers_are_on_every_response(client: httpx.Client, path: str) -> None:
    """Browsers may not guess the type or frame the response, and no header names the server."""
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers
