"""Serving below a path: behind proxies that remove it or keep it, and with `--root-path`."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

import httpx
import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

BELOW: Final = "/kaiyaku"
STARTS: Final = (
    "/v1",
    "/v1/carriers?limit=3",
    "/v1/carriers/monthly",
    "/v1/carriers/monthly/procedures/cancel-online",
    "/v1/carriers/monthly/procedures/cancel-online/revisions",
    "/v1/procedures?limit=3",
    "/v1/guide",
    "/v1/guide?carrier=monthly",
    "/v1/advice",
)
ADDRESS: Final = re.compile(r"^/[a-z0-9.-]+(/|\?|$)")


@pytest.fixture(scope="module")
def below(databases: Databases) -> Iterator[httpx.Client]:
    """A client of a server at https://example.org/kaiyaku, whose proxy removes the path."""
    url = databases.with_sample()
    limits = {"changes_per_minute": 1000, "computations_per_minute": 1000}
    with (
        serving(settings_for(url, public_url=f"https://example.org{BELOW}/", **limits)) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def links(part: object) -> Iterator[str]:
    """Yield every address of this service in a response."""
    if isinstance(part, dict):
        for value in part.values():
            yield from links(value)
    elif isinstance(part, list):
        for value in part:
            yield from links(value)
    elif isinstance(part, str) and ADDRESS.match(part):
        yield part


@pytest.mark.parametrize("start", STARTS)
def test_every_link_has_the_path_and_resolves(below: httpx.Client, start: str) -> None:
    """Every link of a response begins with the public path, and can be read without it."""
    answer = below.get(start).raise_for_status()
    found = {*links(answer.json()), *filter(None, [answer.headers.get("content-location")])}

    assert found
    assert {link for link in found if not link.startswith(f"{BELOW}/")} == set()
    for link in sorted(found)[:30]:
        status = below.get(link.removeprefix(BELOW)).status_code
        assert status == (
            405 if link in {f"{BELOW}/v1/identify", f"{BELOW}/v1/sessions"} else 200
        ), link


def test_a_session_is_below_the_path(below: httpx.Client) -> None:
    """The Location and the links of a new session begin with the public path."""
    begun = below.post("/v1/sessions", json={"carrier": "monthly", "procedure": "cancel-online"})

    assert begun.headers["location"].startswith(f"{BELOW}/v1/sessions/")
    assert {
        link for link in links(begun.json()["links"]) if not link.startswith(f"{BELOW}/v1/")
    } == set()


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/v1/carriers/nobody", "carrier-not-found"),
        ("GET", "/nowhere", "not-found"),
        ("GET", "/v1/carriers?colour=red", "invalid-request"),
        ("DELETE", "/v1/carriers", "method-not-allowed"),
    ],
)
def test_the_type_of_a_problem_is_below_the_path(
    below: httpx.Client, method: str, path: str, code: str
) -> None:
    """The `type` of every problem begins with the public path."""
    assert below.request(method, path).json()["type"] == f"{BELOW}/problems/{code}"


def test_a_body_too_large_is_explained_below_the_path(below: httpx.Client) -> None:
    """The problem of the middleware that limits bodies has the public path too."""
    answer = below.post("/v1/identify", content=b"x" * 20_000)

    assert answer.json()["type"] == f"{BELOW}/problems/body-too-large"


def test_the_documentation_loads_from_below_the_path(below: httpx.Client) -> None:
    """Everything that /docs and /redoc load is below the public path, and can be read."""
    for page in ("/docs", "/redoc"):
        named = re.findall(
            r"""(?:src|href|url)\s*[=:]\s*["']([^"'#][^"']*)""",
            below.get(page).raise_for_status().text,
        )
        assert named
        for address in named:
            seen = urljoin(f"{BELOW}{page}", address)
            assert seen.startswith(f"{BELOW}/"), address
            below.get(seen.removeprefix(BELOW)).raise_for_status()
    assert below.get("/openapi.json").json()["servers"][0] == {"url": BELOW}


def test_a_proxy_may_leave_the_path_on(below: httpx.Client) -> None:
    """A proxy may remove the public path or keep it: both give the same response."""
    assert (
        below.get(f"{BELOW}/v1/carriers/monthly").json() == below.get("/v1/carriers/monthly").json()
    )
    assert below.get(f"{BELOW}/v1").status_code == 200
    assert below.get(f"{BELOW}x/v1").status_code == 404


def test_tags_and_limits_are_the_same_below_a_path(
    below: httpx.Client, client: httpx.Client
) -> None:
    """With and without a public path a tag is revalidated; rate limits apply below it too."""
    for asked in (below, client):
        first = asked.get("/v1/carriers/monthly")
        assert "public" in first.headers["cache-control"]
        assert (
            asked.get(
                "/v1/carriers/monthly", headers={"If-None-Match": first.headers["etag"]}
            ).status_code
            == 304
        )
    assert "ratelimit" in below.get("/v1/guide").headers


def test_the_host_that_a_client_names_is_in_no_link(below: httpx.Client) -> None:
    """Neither Host nor X-Forwarded-… of a request appears in a link or a header."""
    named = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
    }

    for path in ("/v1", "/v1/carriers/nobody", "/docs", "/openapi.json"):
        answer = below.get(path, headers=named)
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)


def test_the_servers_root_path_keeps_tags_and_limits(databases: Databases) -> None:
    """With uvicorn's own `--root-path`, entity tags and rate limits work as without."""
    settings = settings_for(databases.with_sample(), computations_per_minute=100)
    with serving(settings, root_path=BELOW) as address, httpx.Client(base_url=address) as asked:
        assert asked.get("/v1/carriers/monthly").headers["etag"]
        assert "ratelimit" in asked.get("/v1/guide").headers


@pytest.mark.parametrize(
    "url",
    [
        "example.org/kaiyaku",
        "/kaiyaku",
        "ftp://example.org",
        "https://",
        "https:///kaiyaku",
        "https://example.org/?a=b",
        "https://example.org/?",
        "https://example.org/#top",
        "https://user:password@example.org/",
        "https://example.org/a b",
        'https://example.org/"onclick',
        "https://example.org//kaiyaku",
        "https://example.org/v1",
    ],
)
def test_an_unusable_public_url_is_refused(url: str) -> None:
    """A public URL without scheme or host, or with a query, a user or `/v1`, is invalid."""
    with pytest.raises(ValidationError):
        Settings(public_url=url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.org", ""),
        ("https://example.org/", ""),
        ("http://localhost:8080/a/b-c/", "/a/b-c"),
        (None, ""),
    ],
)
def test_the_public_path_is_that_of_the_url(url: str | None, path: str) -> None:
    """The public path is the path of the public URL, without a slash at its end."""
    fields: dict[str, Any] = {"public_url": url}
    assert Settings(**fields).public_path == path
