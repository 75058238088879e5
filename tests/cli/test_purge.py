"""`kaiyaku purge` deletes expired sessions, and refuses if the clock or the number looks wrong."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.catalogue.authoring.publish import publish
from app.database import Database
from app.i18n import DEFAULT_LANGUAGE
from app.sessions import store
from app.sessions.store import LIFETIME, SessionRequest
from tests.cli.command import run_here
from tests.support import builders
from tests.support.databases import Databases

MANY = 21
"""More than a purge deletes without a look at their share."""

REQUEST = SessionRequest("example", "cancel", DEFAULT_LANGUAGE, {})


@pytest.fixture
def served(databases: Databases, folder: str) -> Iterator[str]:
    """The URL of a database with a procedure to start sessions for."""
    url = databases.migrated()
    database = Database(url)
    publish(database, builders.read(Path(folder)))
    database.close()
    yield url
    databases.drop(url)


def start_sessions(url: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start sessions that have expired a day ago."""
    then = clock.utc_now() - LIFETIME - timedelta(days=1)
    database = Database(url)
    with monkeypatch.context() as patch, database.write() as session:
        patch.setattr(clock, "utc_now", lambda: then)
        for _ in range(count):
            store.start(session, REQUEST, None)
    database.close()


def test_expired_sessions_are_deleted(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says how many sessions it has deleted; a second time there are none."""
    start_sessions(served, 3, monkeypatch)

    first, second = (run_here("purge", database_url=served) for _ in range(2))

    assert (first.code, first.stdout) == (0, "3 expired sessions deleted.\n")
    assert (second.code, second.stdout) == (0, "0 expired sessions deleted.\n")


def test_a_purge_of_most_sessions_needs_force(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleting most of many sessions is refused with the fix, and done with `--force`."""
    start_sessions(served, MANY, monkeypatch)

    refused = run_here("purge", database_url=served)
    forced = run_here("purge", "--force", database_url=served)

    assert refused.code == 1
    assert "Nothing was deleted" in refused.stderr
    assert "kaiyaku purge --force" in refused.stderr
    assert forced.stdout == f"{MANY} expired sessions deleted.\n"
