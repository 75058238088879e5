"""Two that open a new SQLite file at once both succeed."""

import sqlite3
import threading
from pathlib import Path

from sqlmodel import text

from app.database import Database


def test_opening_waits_for_the_lock_on_a_file_without_wal(tmp_path: Path) -> None:
    """The first start of another process holds it while it creates the tables."""
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE t (n INTEGER)")
    release = threading.Timer(0.3, other.execute, ["COMMIT"])
    release.start()

    database = Database(f"sqlite:///{file}")
    with database.engine.connect() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()

    release.join()
    other.close()
    database.close()
    assert mode == "wal"
