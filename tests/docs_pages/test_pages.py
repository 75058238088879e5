"""/docs and /redoc: headers, caching, and no other host."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.databases import Databases
from tests.support.server import serving, settings_for

PAGES = ["/docs", "/redoc"]


def assets(client: httpx.Client, page: str) -> list[str]:
    """Return the absolute addresses of what a page loads."""
    shown = client.get(page)
    found = re.findall(r'(?:src|href)="([^"]+)"', shown.text)
    return [str(shown.url.join(address)) for address in found]


@pytest.fixture
def limited(databases: Databases) -> Iterator[httpx.Client]:
    """A client of a service that allows one computation and one change in a minute."""
    settings = settings_for(databases.migrated(), changes_per_minute=1, computations_per_minute=1)
    with serving(settings) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_only_scripts_of_its_own_host(client: httpx.Client, page: str) -> None:
    """The policy of a page allows scripts of its host alone, and the page has no inline script."""
    shown = client.get(page)
    policy = dict(
        part.strip().split(" ", 1) for part in shown.headers["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert "<script>" not in shown.text
    assert shown.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_other_host(client: httpx.Client, page: str) -> None:
    """A page holds no address of another host, and everything it loads exists."""
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


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_revalidated(client: httpx.Client, page: str) -> None:
    """A page is answered with 304 to its entity tag."""
    etag = client.get(page).headers["etag"]

    assert client.get(page, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("page", PAGES)
def test_assets_are_cached_for_a_year(client: httpx.Client, page: str) -> None:
    """Assets are immutable for a year, and have the content type of a script, style or image."""
    loaded = [client.get(asset) for asset in assets(client, page)]

    assert len(loaded) >= 3
    for answer in loaded:
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not answer.headers["content-type"].startswith("application/octet-stream")


@pytest.mark.parametrize("coding", ["br", "gzip", "zstd"])
def test_a_script_is_compressed(client: httpx.Client, coding: str) -> None:
    """A script is sent in each coding, less than half as long, with an entity tag of its own."""
    script = next(asset for asset in assets(client, "/docs") if asset.endswith("bundle.js"))
    plain = client.get(script, headers={"Accept-Encoding": "identity"})

    compressed = client.get(script, headers={"Accept-Encoding": coding})

    assert compressed.headers["content-encoding"] == coding
    assert int(compressed.headers["content-length"]) < len(plain.content) / 2
    assert compressed.headers["etag"] != plain.headers["etag"]


def test_redoc_does_not_load_its_logo(client: httpx.Client) -> None:
    """The script of ReDoc does not hold the address from which it would load a logo."""
    script = next(asset for asset in assets(client, "/redoc") if asset.endswith(".js"))

    assert b"cdn.redoc.ly" not in client.get(script).content


def test_an_asset_of_another_version_is_not_found(client: httpx.Client) -> None:
    """An asset under the hash of another version is a 404."""
    asset = re.sub(r"/assets/\w+/", "/assets/0123456789abcdef/", assets(client, "/docs")[0])

    assert client.get(asset).status_code == 404


def test_pages_and_assets_are_not_limited(limited: httpx.Client) -> None:
    """Pages and assets have no rate limit, even where one computation a minute is allowed."""
    answers = [limited.get(address) for page in PAGES for address in [page, *assets(limited, page)]]

    assert len(answers) > 8
    assert all(answer.status_code == 200 for answer in answers)
    assert not any("ratelimit" in answer.headers for answer in answers)
