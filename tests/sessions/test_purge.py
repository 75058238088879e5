"""Purging deletes expired sessions; a wrong clock neither deletes nor shortens others."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.catalogue.authoring.publish import publish
from app.database import Database
from app.i18n import DEFAULT_LANGUAGE
from app.sessions import purge as purging
from app.sessions import store
from app.sessions.models import State
from app.sessions.purge import PurgeRefusedError
from app.sessions.store import LIFETIME, SessionRequest
from app.sessions.tokens import Access, Rights
from tests.support import builders

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
YEAR = timedelta(days=400)


@pytest.fixture
def filled(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with a procedure to start sessions for."""
    folder = tmp_path_factory.mktemp("clock")
    publish(
        database,
        builders.read(builders.write(folder, {"example": {"cancel": builders.procedure()}})),
    )
    return database


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Set the clock of the service."""
    monkeypatch.setattr(clock, "utc_now", lambda: now)


def start(database: Database) -> Access:
    """Start a session, and return the access of its owner."""
    with database.write() as db:
        view, _ = store.start(db, SessionRequest("example", "cancel", DEFAULT_LANGUAGE, {}), None)
        return Access(view.row.id, Rights.WRITE, 0)


def purge(database: Database, now: datetime, *, force: bool = False) -> int:
    """Purge at this time, and return how many sessions were deleted."""
    with database.write() as db:
        return purging.purge(db, now, force=force)


def test_a_clock_set_back_shortens_no_session(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change while the clock is a year behind keeps the times of the session."""
    set_clock(monkeypatch, NOW)
    access = start(filled)
    set_clock(monkeypatch, NOW - YEAR)
    with filled.write() as db:
        row = store.tick(db, access, "sign-in", State.DONE, acknowledge=True).row

    assert row.expires_at == NOW + LIFETIME
    assert row.changed_at == NOW


def test_a_purge_before_the_newest_change_is_refused(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock more than five minutes before the newest change prevents the purge."""
    set_clock(monkeypatch, NOW)
    start(filled)

    with pytest.raises(PurgeRefusedError, match="changed at"):
        purge(filled, NOW - timedelta(hours=1))
    assert purge(filled, NOW - timedelta(minutes=1)) == 0


def test_a_purge_of_too_many_sessions_is_refused(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purge that would delete more than its share is refused, unless it is forced."""
    set_clock(monkeypatch, NOW)
    for _ in range(40):
        start(filled)

    with pytest.raises(PurgeRefusedError, match="40 of 40"):
        purge(filled, NOW + YEAR)
    assert purge(filled, NOW + YEAR, force=True) == 40


def test_a_share_of_expired_sessions_is_purged(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purge deletes the expired sessions alone, up to 30 % of all."""
    set_clock(monkeypatch, NOW - YEAR)
    for _ in range(30):
        start(filled)
    set_clock(monkeypatch, NOW)
    for _ in range(71):
        start(filled)

    assert purge(filled, NOW) == 30


def test_a_small_service_is_purged_whatever_the_share(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few expired sessions are purged even if they are all there are."""
    set_clock(monkeypatch, NOW)
    for _ in range(3):
        start(filled)

    assert purge(filled, NOW + YEAR) == 3
