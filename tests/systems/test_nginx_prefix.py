"""Under a path prefix of nginx, every address in a response goes through nginx."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.support.databases import Databases
from tests.support.ports import free_port
from tests.support.server import serving, settings_for
from tests.systems import nginx, programs

PREFIX: Final = "/kaiyaku"
LOCATION: Final = """
        gzip on;
        gzip_types application/json text/calendar;
        gzip_proxied any;
        location {prefix}/ {{
            proxy_pass {target};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
"""
BODIES: Final[dict[str, dict[str, Any]]] = {
    "/v1/identify": {"apn": "example.jp"},
    "/v1/sessions": {"carrier": "monthly", "procedure": "cancel-online"},
}
QUERIES: Final = {"/v1/fee-check": "contract_started_on=2023-04-01&operator_kind=designated"}
"""The queries that these addresses need, since responses link them without."""

PROCEDURE: Final = "/v1/carriers/monthly/procedures/cancel-online"
OF_ONE_KIND: Final = 3
"""How many links at the same place of the same kind of response are followed."""


@dataclass(frozen=True)
class Site:
    """The public address, and the path under which clients reach it."""

    address: str

    def inside(self, link: str) -> bool:
        """Return whether a link is under the prefix."""
        url = urlsplit(urljoin(f"{self.address}/", link))
        return f"{url.scheme}://{url.netloc}{url.path}/".startswith(f"{self.address}/")


@pytest.fixture(scope="module", params=["stripped", "kept"])
def site(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The service behind nginx, which strips the prefix, or keeps it."""
    binary, port = programs.find("nginx"), free_port()
    settings = settings_for(
        databases.with_sample(),
        public_url=f"http://127.0.0.1:{port}{PREFIX}",
        trusted_proxies=["127.0.0.1/32"],
        changes_per_minute=1000,
        computations_per_minute=1000,
    )
    folder: Path = tmp_path_factory.mktemp("nginx")
    with serving(settings) as service:
        target = f"{service}/" if request.param == "stripped" else service
        directives = LOCATION.format(prefix=PREFIX, target=target)
        with nginx.running(binary, folder, port, directives) as address:
            yield Site(f"{address}{PREFIX}")


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client that accepts gzip."""
    with httpx.Client(headers={"Accept-Encoding": "gzip"}, timeout=30) as client:
        yield client


def links(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each address of the service in JSON, with its place."""
    match value:
        case dict():
            for name, member in value.items():
                yield from links(member, f"{place}/{name}")
        case list():
            for member in value:
                yield from links(member, f"{place}/*")
        case str() if value.startswith(("/", "http://127.0.0.1")):
            yield place, value


def kind(path: str) -> str:
    """Return the path with each id replaced."""
    ids = r"(?<=/carriers/)[^/]+|(?<=/procedures/)[^/]+|(?<=/revisions/)[^/]+|(?<=/sessions/)[^/]+"
    return re.sub(ids, "*", path)


def visit(http: httpx.Client, site: Site, address: str, owner: dict[str, str]) -> httpx.Response:
    """Read an address; where only POST is allowed, send the body of `BODIES`."""
    path = urlsplit(address).path.removeprefix(urlsplit(site.address).path)
    if path in QUERIES and "?" not in address:
        address = f"{address}?{QUERIES[path]}"
    answer = http.get(address, headers=owner)
    if answer.status_code == httpx.codes.METHOD_NOT_ALLOWED:
        return http.post(address, json=BODIES[path])
    return answer


def test_every_link_stays_under_the_prefix(site: Site, http: httpx.Client) -> None:
    """Every address found by following all links is under the prefix, and works."""
    owner: dict[str, str] = {}
    queue = deque([f"{site.address}/v1", f"{site.address}/v1/guide?carrier=monthly"])
    seen, places = set(queue), Counter[tuple[str, str]]()
    outside: list[str] = []
    failed: list[str] = []

    while queue:
        address = queue.popleft()
        answer = visit(http, site, address, owner)
        if not answer.is_success:
            failed.append(f"{answer.status_code} {address}")
        is_json = answer.headers["content-type"] == "application/json"
        if not is_json or address.endswith("/openapi.json"):
            continue
        found = answer.json()
        if "token" in found:
            owner["Authorization"] = f"Bearer {found['token']}"
        named = {name: answer.headers.get(name) for name in ("location", "content-location")}
        for place, link in links({"headers": named, "body": found}):
            outside += [] if site.inside(link) else [f"{address} {place}: {link}"]
            target = urljoin(address, link)
            places[kind(urlsplit(address).path), place] += 1
            if target not in seen and places[kind(urlsplit(address).path), place] <= OF_ONE_KIND:
                seen.add(target)
                queue.append(target)

    assert not outside
    assert not failed
    assert len(seen) > 30


def test_the_next_page_is_reached(site: Site, http: httpx.Client) -> None:
    """The `next` of a list is under the prefix, and gives the next page."""
    first = http.get(f"{site.address}/v1/carriers", params={"limit": 2}).json()

    second = http.get(urljoin(f"{site.address}/", first["next"]))

    assert site.inside(first["next"])
    assert second.status_code == 200
    assert second.json()["items"][0]["id"] > first["items"][-1]["id"]


def test_the_type_of_a_problem_has_the_prefix(site: Site, http: httpx.Client) -> None:
    """The `type` of a problem is under the prefix."""
    problem = http.get(f"{site.address}/v1/carriers/nobody").json()

    assert site.inside(problem["type"])


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_tag_is_revalidated(site: Site, http: httpx.Client, encoding: str) -> None:
    """A response gets a 304 to its tag, compressed or not."""
    address, accept = f"{site.address}{PROCEDURE}", {"Accept-Encoding": encoding}
    first = http.get(address, headers=accept)

    again = http.get(address, headers=accept | {"If-None-Match": first.headers["etag"]})

    assert first.status_code == 200
    assert "max-age" in first.headers["cache-control"]
    assert again.status_code == 304


def test_a_session_is_ticked_through_gzip(site: Site, http: httpx.Client) -> None:
    """A session can be changed with the tag of its compressed response."""
    created = http.post(f"{site.address}/v1/sessions", json=BODIES["/v1/sessions"])
    session, location = created.json(), created.headers["location"]
    address = urljoin(f"{site.address}/", location)
    owner = {"Authorization": f"Bearer {session['token']}"}
    read = http.get(address, headers=owner)
    step = next(step["key"] for step in session["steps"] if step["state"] == "todo")

    ticked = http.patch(
        f"{address}/steps/{step}",
        json={"state": "done"},
        headers=owner | {"If-Match": read.headers["etag"]},
    )

    assert site.inside(location)
    assert read.headers["etag"].startswith("W/")
    assert ticked.status_code == 200, ticked.text
    assert "ratelimit" in ticked.headers


def test_counted_answers_carry_rate_limits(site: Site, http: httpx.Client) -> None:
    """Responses that count have the headers of the rate limit."""
    answers = [
        http.get(f"{site.address}/v1/guide"),
        http.post(f"{site.address}/v1/identify", json=BODIES["/v1/identify"]),
        http.get(f"{site.address}{PROCEDURE}/timeline"),
    ]

    assert all({"ratelimit", "ratelimit-policy"} <= answer.headers.keys() for answer in answers)


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_a_page_loads_its_assets_under_the_prefix(
    site: Site,
    http: httpx.Client,
    page: str,
) -> None:
    """Everything that a page loads is under the prefix, and exists."""
    shown = http.get(f"{site.address}{page}")
    pattern = r"""(?:src|href|url|spec-url|oauth2RedirectUrl)["']?\s*[=:]\s*["']([^"'#]+)["']"""
    assets = [urljoin(str(shown.url), asset) for asset in re.findall(pattern, shown.text)]
    local = [asset for asset in assets if not asset.startswith("data:")]

    assert shown.status_code == 200
    assert len(local) >= 3
    assert all(site.inside(asset) for asset in local), local
    assert all(http.get(asset).status_code == 200 for asset in local)
    assert f"{site.address}/openapi.json" in local


def test_the_contract_names_the_prefix_as_its_server(site: Site, http: httpx.Client) -> None:
    """The server of the contract is the public address with the prefix."""
    contract = http.get(f"{site.address}/openapi.json")

    server = urljoin(str(contract.url), contract.json()["servers"][0]["url"])

    assert server.rstrip("/") == site.address
