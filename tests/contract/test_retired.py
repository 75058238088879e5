"""A carrier that was retired is gone from every route, with its successor."""

from collections.abc import Iterator

import httpx
import pytest

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.contract import DOCUMENT, assert_documented
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

ROUTES = [
    path
    for path, operations in DOCUMENT["paths"].items()
    if "{carrier}" in path and "get" in operations
]


@pytest.fixture(scope="module")
def http(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server whose second edition retires the carrier `old` for `new`."""
    url, folder = databases.migrated(), tmp_path_factory.mktemp("retired")
    files = {"cancel": builders.procedure()}
    database = Database(url)
    publish(database, builders.read(builders.write(folder, {"old": files, "new": files})))
    retired = {"carriers": {"old": "new"}, "procedures": {}}
    publish(database, builders.read(builders.write(folder, {"new": files}, retired)))
    database.close()
    hooks = {"response": [assert_documented]}
    with (
        serving(settings_for(url)) as address,
        httpx.Client(base_url=address, event_hooks=hooks) as client,
    ):
        yield client


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_names_the_successor(http: httpx.Client, path: str) -> None:
    """A GET below a retired carrier answers 410 with its successor, as its contract says."""
    values = {"carrier": "old", "procedure": "none", "revision": "1"}
    response = http.get(path.format(**values))

    assert (response.status_code, response.json()["code"]) == (410, "carrier-retired")
    assert response.json()["successor"] == "/v1/carriers/new"


def test_no_checklist_starts_for_a_retired_carrier(http: httpx.Client) -> None:
    """Starting a session for a retired carrier answers 410, as its contract says."""
    response = http.post("/v1/sessions", json={"carrier": "old", "procedure": "none"})

    assert (response.status_code, response.json()["code"]) == (410, "carrier-retired")
