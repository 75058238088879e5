"""Errors of the database, by their effect: nothing was changed, or the outcome is unknown."""

import sqlite3
from typing import Final

from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class DatabaseUnavailableError(SQLAlchemyError):
    """The database cannot be used now.

    The transaction of the request has changed nothing.
    """


class DatabaseFileReplacedError(DatabaseUnavailableError):
    """The SQLite file is another one than at the start, or is gone.

    Connections that are open would go on writing to the old file, and all of it would be lost.
    """


class OutcomeUnknownError(SQLAlchemyError):
    """A commit failed, and it is unknown whether the changes were saved."""


_SQLITE_DEFECTS: Final = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG}
)
"""`OperationalError`s that are faults of the code or its schema, such as an unknown column."""

_SQLITE_UNAVAILABLE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""Codes that the driver raises as plain `DatabaseError`s."""

_FAILED_BEFORE: Final = "25P02"
"""SQLSTATE of a statement after one that failed in the same transaction: a fault of the code."""

_DAMAGED: Final = "The file is damaged. Stop the service, restore a backup, start it again."
_ADVICE: Final = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: "Make the file and its folder writable for the service's user.",
    sqlite3.SQLITE_FULL: "Free disk space.",
    sqlite3.SQLITE_IOERR: "Check the disk: free space, quotas, and the system log.",
    sqlite3.SQLITE_CANTOPEN: "Check that the file and its folder are there and accessible.",
    sqlite3.SQLITE_BUSY: "Another process holds the file's lock: end it, or wait for it.",
    "25006": "The server takes no writes: it is a standby, or set to read only.",
    "53100": "Free disk space on the database server.",
    "53300": "Raise max_connections, or lower KAIYAKU_DATABASE_POOL or the number of workers.",
    "55P03": "Another transaction holds a row for too long: look into pg_stat_activity.",
    "57014": "A statement took longer than KAIYAKU_DATABASE_STATEMENT_TIMEOUT.",
}


def sqlite_code(error: BaseException | None) -> int:
    """Return the primary result code of an error of the SQLite driver; 0 for other errors."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def sqlstate(error: BaseException | None) -> str | None:
    """Return the SQLSTATE of an error that a PostgreSQL server reported; otherwise None."""
    return getattr(error, "sqlstate", None)


def is_unavailable(error: BaseException) -> bool:
    """Return whether the database cannot be used now, as opposed to a fault of the code."""
    if isinstance(error, (DatabaseUnavailableError, PoolTimeoutError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = sqlite_code(error.orig)
    if code:
        known = isinstance(error, OperationalError) and code not in _SQLITE_DEFECTS
        return known or code in _SQLITE_UNAVAILABLE
    if isinstance(error, InternalError):
        return sqlstate(error.orig) != _FAILED_BEFORE
    return isinstance(error, (OperationalError, InterfaceError))


def diagnosis(error: BaseException) -> tuple[str, str | None]:
    """Return the kind of an error for the log, without any value, and what an operator can do."""
    if isinstance(error, DatabaseFileReplacedError):
        return "file replaced", "Restart the service. Replace the file only while it is stopped."
    original = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error
    if isinstance(original, DBAPIError):
        original = original.orig
    code = sqlite_code(original)
    state = sqlstate(original)
    name = getattr(original, "sqlite_errorname", None) or type(original).__name__
    return (f"{name} {state}" if state else str(name)), _ADVICE.get(code or state or "")
