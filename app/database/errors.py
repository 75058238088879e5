"""Database errors by their effect: nothing was changed, or the outcome is unknown.

Decision: docs/decisions/0013.
"""

import sqlite3
from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class Diagnosis(NamedTuple):
    """A database error, described for the log without any value."""

    kind: str
    """The name of the error, and its SQLSTATE if it has one."""

    advice: str | None
    """What an operator can do."""


class DatabaseUnavailableError(SQLAlchemyError):
    """The database cannot be used now; the transaction of the request has changed nothing."""


class DatabaseFileReplacedError(DatabaseUnavailableError):
    """The SQLite file was replaced or removed while the service was running.

    Open connections would go on writing to the old file, and these writes would be lost.
    """


class OutcomeUnknownError(SQLAlchemyError):
    """A commit failed, and it is unknown whether the changes were saved."""


_SQLITE_DEFECTS: Final = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG}
)
"""Codes of `OperationalError`s that are bugs in code or schema, such as an unknown column."""

_SQLITE_UNAVAILABLE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""Codes of a damaged file, which the driver raises as plain `DatabaseError`s."""

_IN_FAILED_TRANSACTION: Final = "25P02"
"""SQLSTATE of a statement after a failed one in the same transaction: a bug in the code."""

_DAMAGED: Final = "The file is damaged. Stop the service, restore a backup, start it again."
_ADVICE: Final[Mapping[int | str, str]] = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: "Make the file and its folder writable for the service's user.",
    sqlite3.SQLITE_FULL: "Free disk space.",
    sqlite3.SQLITE_IOERR: "Check the disk: free space, quotas, and the system log.",
    sqlite3.SQLITE_CANTOPEN: "Check that the file and its folder exist and are accessible.",
    sqlite3.SQLITE_BUSY: "Another process has locked the file: stop it, or wait for it.",
    "25006": "The server accepts no writes: it is a standby, or set to read-only.",
    "53100": "Free disk space on the database server.",
    "53300": "Raise max_connections, or lower KAIYAKU_DATABASE_POOL or the number of workers.",
    "55P03": "Another transaction locks a row for too long: look into pg_stat_activity.",
    "57014": "A statement took longer than KAIYAKU_DATABASE_STATEMENT_TIMEOUT.",
}
"""What an operator can do, by SQLite's primary result code or PostgreSQL's SQLSTATE."""


def sqlite_code(error: BaseException | None) -> int:
    """Return the primary result code of an error of the SQLite driver; 0 for other errors."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def sqlstate(error: BaseException | None) -> str | None:
    """Return the SQLSTATE of an error that a PostgreSQL server reported; otherwise None."""
    return getattr(error, "sqlstate", None)


def is_unavailable(error: BaseException) -> bool:
    """Return whether the error means that the database cannot be used now, not a bug."""
    if isinstance(error, (DatabaseUnavailableError, PoolTimeoutError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = sqlite_code(error.orig)
    if code:
        operational = isinstance(error, OperationalError) and code not in _SQLITE_DEFECTS
        return operational or code in _SQLITE_UNAVAILABLE
    if isinstance(error, InternalError):
        return sqlstate(error.orig) != _IN_FAILED_TRANSACTION
    return isinstance(error, (OperationalError, InterfaceError))


def diagnosis(error: BaseException) -> Diagnosis:
    """Return what the log states about a database error."""
    if isinstance(error, DatabaseFileReplacedError):
        return Diagnosis(
            "file replaced", "Restart the service. Replace the file only while it is stopped."
        )
    original = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error
    if isinstance(original, DBAPIError):
        original = original.orig
    code = sqlite_code(original)
    state = sqlstate(original)
    name = getattr(original, "sqlite_errorname", None) or type(original).__name__
    return Diagnosis(f"{name} {state}" if state else str(name), _ADVICE.get(code or state or ""))
