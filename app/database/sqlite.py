"""The engine for SQLite files."""

import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import create_engine

from app.database.errors import DatabaseFileReplacedError, sqlite_code

_SECONDS_TO_WAIT_FOR_A_LOCK: Final = 10.0
"""Used without limits, as in commands: `publish` waits for a service that is writing."""

_SECONDS_BETWEEN_TRIES: Final = 0.01

_REOPEN: Final = frozenset(
    {
        sqlite3.SQLITE_READONLY,  # a connection opened read-only stays so, even after a chmod
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Codes after which every connection is closed, because what it knows of the file may be wrong."""

_WRITE_FAILED: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
    }
)
"""Extended codes after which connections stay open.

They can still read, and new connections may fail.
"""


def sqlite_engine(
    url: str, pool_size: int, lock_timeout: float | None, on_timeout: Callable[[], None]
) -> Engine:
    """Return an engine for the file; `on_timeout` is called after a read timed out on a lock.

    `lock_timeout` is in seconds; None means 10.
    """
    engine = create_engine(
        url,
        connect_args={
            "check_same_thread": False,
            "timeout": _SECONDS_TO_WAIT_FOR_A_LOCK if lock_timeout is None else lock_timeout,
        },
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkin", _drop_read_only)
    event.listen(engine, "begin", _begin)
    file = make_url(url).database
    if file and not file.startswith("file:"):
        same_file = _SameFile(file)
        event.listen(engine, "checkout", same_file.after_opening)
        # Also before opening: SQLite would apply the log of the old file to the new one.
        event.listen(engine, "do_connect", same_file.before_opening)

    @event.listens_for(engine, "handle_error")
    def _reopen(context: ExceptionContext) -> None:
        code = sqlite_code(context.original_exception)
        extended = getattr(context.original_exception, "sqlite_errorcode", None)
        if code in _REOPEN or (code == sqlite3.SQLITE_IOERR and extended not in _WRITE_FAILED):
            context.is_disconnect = True
        # Only for reads: a write can time out on a lock that does not block reads.
        options = context.connection.get_execution_options() if context.connection else {}
        if code == sqlite3.SQLITE_BUSY and options.get("begin") != "BEGIN IMMEDIATE":
            on_timeout()

    return engine


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # By default the driver begins a transaction only at the first write. Two requests could then
    # read the same row, and one update would be lost without an error.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    entry.info["read_only"] = _is_read_only(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:  # noqa: ANN401 - the driver's cursor
    """Put a new file into WAL mode; a file that is in WAL mode stays unchanged.

    SQLite never waits for a lock to change the mode (https://www.sqlite.org/c3ref/busy_handler.html).
    Without retries, one of two processes that open a new file at once would fail.
    """
    deadline = time.monotonic() + _busy_timeout(cursor) / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if sqlite_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def _busy_timeout(cursor: Any) -> int:  # noqa: ANN401 - the driver's cursor
    """Return how long SQLite waits for a lock, in milliseconds."""
    timeout: int = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    return timeout


def _is_read_only(cursor: Any) -> bool:  # noqa: ANN401 - the driver's cursor
    """Return whether SQLite could open the file only for reading.

    The driver has no function for this, so a write transaction is tried. On a read-only file SQLite
    refuses it without taking the lock. Otherwise the lock is held for a moment if it is free; if it
    is not, nothing waits for it.
    """
    timeout = _busy_timeout(cursor)
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return sqlite_code(error) == sqlite3.SQLITE_READONLY
    else:
        cursor.execute("ROLLBACK")
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={timeout}")


def _drop_read_only(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    # In the pool, it would refuse every write even after the file has become writable.
    if entry.info.get("read_only"):
        entry.invalidate(soft=True)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


class _SameFile:
    """Raises `DatabaseFileReplacedError` if the file was replaced (2 µs per transaction)."""

    def __init__(self, file: str) -> None:
        self._file: Final = file
        self._opened: tuple[int, int] | None = None
        """Device and inode of the file that was opened first."""

    def before_opening(self, *_: object) -> None:
        if self._opened is not None:
            self._compare(self._opened)

    def after_opening(self, *_: object) -> None:
        # Not before opening: in a container image, opening a file of a lower layer for writing
        # copies it, which changes its inode.
        if self._opened is None:
            self._opened = self._identity()
        self._compare(self._opened)

    def _compare(self, opened: tuple[int, int]) -> None:
        if self._identity() != opened:
            raise DatabaseFileReplacedError

    def _identity(self) -> tuple[int, int]:
        try:
            status = os.stat(self._file)  # noqa: PTH116 - Path.stat takes twice as long
        except OSError as error:
            raise DatabaseFileReplacedError from error
        return status.st_dev, status.st_ino
