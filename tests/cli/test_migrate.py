"""`kaiyaku migrate`: several at once, and schemas that another version made."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, text

from app.database import Database, migrate
from tests.cli.command import kaiyaku, run_here, start
from tests.support.databases import Databases


def test_publish_needs_a_migrated_database(databases: Databases, url: str, folder: str) -> None:
    """On a database without tables `publish` exits with 1 and names the command that makes them."""
    done = kaiyaku("publish", database_url=url, catalogue=folder)

    assert done.returncode == 1
    assert f"kaiyaku {'prepare' if databases.backend == 'sqlite' else 'migrate'}" in done.stderr


def test_two_first_migrations_at_once_succeed(databases: Databases) -> None:
    """Two `migrate` at once on an empty database both succeed.

    Without a lock the second would create a table that exists already.
    """
    urls = [databases.empty() for _ in range(2)]
    pairs = [start("migrate", database_url=url) for url in urls for _ in range(2)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in pairs]

    assert ended == [("", 0)] * 4
    for url in urls:
        databases.drop(url)


def test_a_migration_waits_for_an_uncommitted_one(postgresql: str, tmp_path: Path) -> None:
    """A second `migrate` waits until the first has committed, and then has nothing to do.

    Without the lock its CREATE TABLE would fail once the first has committed.
    """
    databases = Databases("postgresql", tmp_path, postgresql)
    database = Database(databases.empty())
    second: list[subprocess.Popen[str]] = []
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    )

    @event.listens_for(database.engine, "commit")
    def _start_another(_connection: Connection) -> None:
        second.append(start("migrate", database_url=database.url))
        with psycopg.connect(postgresql, autocommit=True) as admin:
            while admin.execute(waiting, [make_url(database.url).database]).fetchone() == (0,):
                assert second[0].poll() is None
                time.sleep(0.05)

    migrate.upgrade(database)
    said, code = second[0].communicate(timeout=60)[1], second[0].returncode
    database.close()

    assert (said, code) == ("", 0)
    databases.drop(database.url)


@pytest.mark.parametrize("command", ["serve", "prepare", "migrate", "publish", "status", "purge"])
def test_a_newer_schema_is_refused_in_one_sentence(newer: str, folder: str, command: str) -> None:
    """Each command that uses the database refuses a schema of a newer version in one line."""
    done = run_here(
        command,
        *(["--port", "0"] if command == "serve" else []),
        database_url=newer,
        catalogue=folder,
        secret="s" * 32,
    )

    assert done.code == 1
    said = done.stdout if command == "status" else done.stderr
    assert "schema is newer than this version of Kaiyaku knows" in said
    assert len(done.stderr.splitlines()) == (0 if command == "status" else 1)


@pytest.fixture(scope="module")
def newer(databases: Databases) -> Iterator[str]:
    """The URL of a database that a newer version has migrated."""
    url = databases.migrated()
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    yield url
    databases.drop(url)
