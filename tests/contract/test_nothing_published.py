"""Before the first edition, the catalogue is not there yet, instead of empty or unknown."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.contract import DOCUMENT, assert_documented
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

OTHERS = ("/v1/sessions", "/v1/feeds", "/problems", "/healthz", "/readyz", "/metrics")
"""Routes that answer without a catalogue, or need a session."""

ROUTES = [
    path
    for path, operations in DOCUMENT["paths"].items()
    if "get" in operations and not path.startswith(OTHERS)
]


@pytest.fixture(scope="module")
def http(databases: Databases) -> Iterator[httpx.Client]:
    """A client of a server on a database with tables and no edition."""
    hooks = {"response": [assert_documented]}
    with (
        serving(settings_for(databases.migrated())) as address,
        httpx.Client(base_url=address, event_hooks=hooks) as client,
    ):
        yield client


@pytest.mark.parametrize("carrier", ["x", "example"])
@pytest.mark.parametrize("path", ROUTES)
def test_every_route_says_that_nothing_is_published(
    http: httpx.Client, path: str, carrier: str
) -> None:
    """Every route of the catalogue answers 503 and tells clients to come back."""
    url = path.format(carrier=carrier, procedure="cancel", revision="1", slug="nothing", code="x")
    response = http.get(url)

    assert (response.status_code, response.json()["code"]) == (503, "nothing-published")
    assert response.headers["retry-after"]
