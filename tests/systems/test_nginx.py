"""Behind an nginx that compresses, tags, revalidation and rate limits work."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.databases import Databases
from tests.support.ports import free_port
from tests.support.server import serving, settings_for
from tests.systems import nginx, programs

PROXY = """
        gzip on;
        gzip_types application/json text/calendar;
        gzip_proxied any;
        gzip_min_length 1;
        location / {{
            proxy_pass {service};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
        }}
"""
PROCEDURE = "/v1/carriers/monthly/procedures/cancel-online"
WANTED = {"carrier": "monthly", "procedure": "cancel-online"}


@pytest.fixture(scope="module")
def behind_nginx(
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of nginx in front of a service with limits."""
    binary = programs.find("nginx")
    limits: dict[str, object] = {"changes_per_minute": 1000, "computations_per_minute": 1000}
    settings = settings_for(databases.with_sample(), trusted_proxies=["127.0.0.1/32"], **limits)
    folder: Path = tmp_path_factory.mktemp("nginx")
    with serving(settings) as service:
        directives = PROXY.format(service=service)
        with nginx.running(binary, folder, free_port(), directives) as address:
            yield address


@pytest.fixture
def http(behind_nginx: str) -> Iterator[httpx.Client]:
    """A client of nginx that accepts gzip."""
    with httpx.Client(base_url=behind_nginx, headers={"Accept-Encoding": "gzip"}) as client:
        yield client


def test_a_session_is_ticked_with_the_tag_that_nginx_weakened(http: httpx.Client) -> None:
    """If-Match accepts the weak tag of a compressed session."""
    created = http.post("/v1/sessions", json=WANTED)
    session = created.json()
    owner = {"Authorization": f"Bearer {session['token']}"}
    read = http.get(created.headers["location"], headers=owner)
    step = next(step["key"] for step in session["steps"] if step["state"] == "todo")

    ticked = http.patch(
        f"{created.headers['location']}/steps/{step}",
        json={"state": "done"},
        headers=owner | {"If-Match": read.headers["etag"]},
    )

    assert read.headers["content-encoding"] == "gzip"
    assert read.headers["etag"].startswith("W/")
    assert ticked.status_code == 200, ticked.text
    assert ticked.headers["etag"] != read.headers["etag"]


def test_a_stale_weak_tag_is_still_refused(http: httpx.Client) -> None:
    """A weak tag of an older version is a 412."""
    created = http.post("/v1/sessions", json=WANTED)
    owner = {"Authorization": f"Bearer {created.json()['token']}"}
    address = created.headers["location"]
    tag = http.get(address, headers=owner).headers["etag"]
    http.patch(address, json={"facts": {"closing_day": 20}}, headers=owner)

    late = http.patch(
        address,
        json={"facts": {"closing_day": 10}},
        headers=owner | {"If-Match": tag},
    )

    assert tag.startswith("W/")
    assert late.status_code == 412


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_a_catalogue_answer_is_revalidated(http: httpx.Client, encoding: str) -> None:
    """A response of the catalogue gets a 304 to its tag in each encoding."""
    accept = {"Accept-Encoding": encoding}
    first = http.get(PROCEDURE, headers=accept)

    again = http.get(PROCEDURE, headers=accept | {"If-None-Match": first.headers["etag"]})

    assert first.headers.get("content-encoding", "identity") == encoding
    assert again.status_code == 304
    assert not again.content


def test_counted_answers_carry_rate_limits(http: httpx.Client) -> None:
    """Responses that count have the headers of the rate limit."""
    counted = [http.get("/v1/guide"), http.post("/v1/identify", json={"apn": "example.jp"})]

    assert all("ratelimit" in answer.headers for answer in counted)
    assert all("ratelimit-policy" in answer.headers for answer in counted)
