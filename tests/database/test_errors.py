"""Errors of the database: whether it is unavailable, and what the log says of them."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.database import Database, DatabaseUnavailableError, OutcomeUnknownError
from app.database.errors import DatabaseFileReplacedError, diagnosis, is_unavailable

SENT = "what a client has sent"


def test_values_do_not_reach_error_messages(database: Database) -> None:
    """An error of a statement does not hold the values that were sent with it."""
    statement = text("SELECT nothing FROM nowhere WHERE word = :word")

    with pytest.raises((OperationalError, ProgrammingError)) as raised, database.read() as session:
        session.connection().execute(statement, {"word": SENT})

    assert SENT not in str(raised.value)
    assert not is_unavailable(raised.value)


def sqlite_error(kind: type[sqlite3.Error], code: int) -> DBAPIError:
    """Return an error of SQLite as SQLAlchemy raises it."""
    error = kind()
    error.sqlite_errorcode = code
    wrapped = DBAPIError.instance("", {}, error, sqlite3.Error)
    assert isinstance(wrapped, DBAPIError)
    return wrapped


def postgresql_error(sqlstate: str) -> DBAPIError:
    """Return an error of PostgreSQL as SQLAlchemy raises it."""
    error = DBAPIError.instance("", {}, psycopg.errors.lookup(sqlstate)(), psycopg.Error)
    assert isinstance(error, DBAPIError)
    return error


@pytest.mark.parametrize(
    ("error", "unavailable"),
    [
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_IOERR_FSYNC), True),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_FULL), True),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_READONLY_DBMOVED), True),
        (sqlite_error(sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT), True),
        (sqlite_error(sqlite3.DatabaseError, sqlite3.SQLITE_NOTADB), True),
        (sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_ERROR), False),
        (sqlite_error(sqlite3.IntegrityError, sqlite3.SQLITE_CONSTRAINT), False),
    ],
)
def test_sqlite_codes_of_outages_are_unavailable(error: DBAPIError, *, unavailable: bool) -> None:
    """Codes of SQLite for an outage make the database unavailable; faults of the code do not."""
    assert is_unavailable(error) == unavailable


@pytest.mark.parametrize(
    ("sqlstate", "unavailable"),
    [
        ("25006", True),
        ("53100", True),
        ("53300", True),
        ("55P03", True),
        ("57014", True),
        ("57P01", True),
        ("58030", True),
        ("XX001", True),
        ("22021", False),
        ("23505", False),
        ("25P02", False),
        ("42P01", False),
    ],
)
def test_sqlstates_of_outages_are_unavailable(sqlstate: str, *, unavailable: bool) -> None:
    """SQLSTATEs of an outage make the database unavailable; faults of the code do not."""
    assert is_unavailable(postgresql_error(sqlstate)) == unavailable


@pytest.mark.parametrize("error", [DatabaseUnavailableError(), DatabaseFileReplacedError()])
def test_own_errors_of_outages_are_unavailable(error: Exception) -> None:
    """The service's own errors of an outage count as one; others do not."""
    assert is_unavailable(error)
    assert not is_unavailable(OutcomeUnknownError())
    assert not is_unavailable(ValueError())


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        (
            sqlite_error(sqlite3.OperationalError, sqlite3.SQLITE_READONLY_DBMOVED),
            "OperationalError",
            "Make the file and its folder writable",
        ),
        (
            sqlite_error(sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT),
            "DatabaseError",
            "restore a backup",
        ),
        (postgresql_error("53300"), "TooManyConnections 53300", "Raise max_connections"),
        (DatabaseFileReplacedError(), "file replaced", "Restart the service"),
    ],
)
def test_an_outage_is_logged_with_advice(error: Exception, kind: str, advice: str) -> None:
    """The log gets the kind of an outage, and what an operator can do."""
    found_kind, found_advice = diagnosis(error)

    assert found_kind == kind
    assert advice in (found_advice or "")


def test_a_wrapped_error_is_logged_by_its_cause() -> None:
    """An error that was raised from another one is logged as the error of the driver."""
    error = DatabaseUnavailableError(SENT)
    error.__cause__ = postgresql_error("57014")

    assert diagnosis(error)[0] == "QueryCanceled 57014"


def test_an_error_without_advice_is_logged_without_its_message() -> None:
    """The kind of an error holds no word of its message."""
    assert diagnosis(ValueError(SENT)) == ("ValueError", None)
