"""Several processes can open a new SQLite file at once."""

import sqlite3
import threading
from pathlib import Path

from sqlmodel import text

from app.database import Database


def test_opening_a_new_file_waits_for_its_lock(tmp_path: Path) -> None:
    """Opening a new file waits while another process holds its lock, and then uses WAL."""
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
