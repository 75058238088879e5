"""Commands wait a limited time for an SQLite file that another program locks."""

import sqlite3
from pathlib import Path

from app.database import Database, migrate
from tests.cli.command import start
from tests.support import builders


def test_a_locked_file_is_one_line(tmp_path: Path) -> None:
    """`purge` and `migrate` on a locked file end with one line that names it."""
    folder = builders.write(tmp_path / "catalogue", {"example": {"cancel": builders.procedure()}})
    database = Database(f"sqlite:///{tmp_path}/own.sqlite3")
    migrate.upgrade(database)
    database.close()
    with sqlite3.connect(tmp_path / "own.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [
            start(command, database_url=database.url, catalogue=str(folder))
            for command in ("purge", "migrate")
        ]
        ended = [(process.communicate(timeout=60)[1], process.returncode) for process in waiting]
    other.close()

    locked = (
        f"{tmp_path}/own.sqlite3 is locked by another program, such as a backup. "
        "Wait until it has ended, then run the command again.\n"
    )
    assert ended == [(locked, 1)] * 2
