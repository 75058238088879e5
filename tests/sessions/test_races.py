"""Two changes of one session at the same time: the second waits, and none is lost."""

import threading
from pathlib import Path

from sqlalchemy import text

from app.catalogue.authoring.publish import publish
from app.database import Database
from app.i18n import DEFAULT_LANGUAGE
from app.sessions import store
from app.sessions.models import State
from app.sessions.store import SessionRequest
from app.sessions.tokens import Access, Rights
from tests.support import builders


def test_waiting_for_an_upgrade_finds_the_session(database: Database, tmp_path: Path) -> None:
    """A tick that waits for the row while an upgrade changes it still finds it."""
    _publish(database, tmp_path / "1", "One")
    with database.write() as session:
        wanted = SessionRequest("example", "cancel", DEFAULT_LANGUAGE, {})
        access = Access(store.start(session, wanted, None)[0].row.id, Rights.WRITE, 0)
    _publish(database, tmp_path / "2", "Two")
    ticked: list[int] = []

    def tick() -> None:
        with database.write() as session:
            view = store.tick(session, access, "sign-in", State.DONE, acknowledge=True)
            ticked.append(view.row.version)

    waiting = threading.Thread(target=tick)
    with database.write() as session:
        store.upgrade(session, access)
        waiting.start()
        _until_it_waits(database)
    waiting.join(timeout=10)

    assert ticked == [3]


def _publish(database: Database, folder: Path, title: str) -> None:
    files = {"cancel": builders.procedure(title=builders.text(en=title))}
    publish(database, builders.read(builders.write(folder, {"example": files})))


def _until_it_waits(database: Database) -> None:
    """Wait until another transaction waits for a lock; on SQLite it waits inside the driver."""
    if database.sqlite:
        return
    waits = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(10_000):
        with database.read() as session:
            if session.connection().execute(waits).scalar_one():
                return
