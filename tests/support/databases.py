"""Databases for tests, on SQLite and on PostgreSQL, made from templates."""

import sqlite3
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psycopg
from sqlalchemy import make_url

from app.catalogue.authoring.loader import Catalogue
from app.catalogue.authoring.publish import publish
from app.database import Database, migrate
from tests.support import builders
from tests.support.own_catalogue import own_catalogue
from tests.support.sample import sample

Backend = Literal["sqlite", "postgresql"]


class Databases:
    """Makes databases of one backend. Each call returns the URL of a new database."""

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

    def with_sample(self) -> str:
        """Return the URL of a database in which the sample catalogue is published."""
        return self._create(self._template("sample", _publish_sample))

    def with_own_catalogue(self) -> str:
        """Return the URL of a database in which the project's own catalogue is published.

        Only for tests with the mark `own_catalogue`.
        """
        return self._create(self._template("own", _publish_own))

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


def _publish_sample(database: Database) -> None:
    with tempfile.TemporaryDirectory() as folder:
        catalogue = builders.read(builders.write(Path(folder), sample()))
        _publish(database, catalogue)


def _publish_own(database: Database) -> None:
    _publish(database, own_catalogue())


def _publish(database: Database, catalogue: Catalogue) -> None:
    migrate.upgrade(database)
    publish(database, catalogue)


def _name(url: str) -> str:
    return make_url(url).database or ""
