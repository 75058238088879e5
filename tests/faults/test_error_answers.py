"""Which errors of the database are 503, which are 500, and what of them reaches the log."""

import sqlite3
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from starlette.requests import Request

from app.database import Database, OutcomeUnknownError
from app.database.errors import is_unavailable
from app.messages.loader import problem_text
from app.problems import base as problems
from app.problems import handlers
from app.settings import ROOT
from tests.faults.outage import publish_example
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

SENT = "what a client has sent"


def test_values_do_not_reach_error_messages(database: Database) -> None:
    statement = text("SELECT nothing FROM nowhere WHERE word = :word")

    with pytest.raises((OperationalError, ProgrammingError)) as raised, database.read() as session:
        session.connection().execute(statement, {"word": SENT})

    assert SENT not in str(raised.value)
    assert not is_unavailable(raised.value)


def test_fault_of_the_code_is_a_500(databases: Databases, tmp_path: Path) -> None:
    """A column that is not there is no outage: trying again would not help."""
    url = databases.migrated()
    publish_example(url, tmp_path)
    database = Database(url)
    with database.write() as session:
        session.connection().execute(text("ALTER TABLE carrier_name RENAME TO elsewhere"))
    database.close()

    with serving(settings_for(url)) as address:
        answer = httpx.get(f"{address}/v1/carriers", params={"q": "example"})

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal-error"
    databases.drop(url)


def sqlite_error(kind: type[sqlite3.Error], code: int) -> DBAPIError:
    error = kind()
    error.sqlite_errorcode = code
    wrapped = DBAPIError.instance("", {}, error, sqlite3.Error)
    assert isinstance(wrapped, DBAPIError)
    return wrapped


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
def test_sqlite_errors(error: DBAPIError, *, unavailable: bool) -> None:
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
def test_postgresql_errors(sqlstate: str, *, unavailable: bool) -> None:
    original = psycopg.errors.lookup(sqlstate)()
    error = DBAPIError.instance("", {}, original, psycopg.Error)

    assert is_unavailable(error) == unavailable


def test_retry_after_an_unknown_outcome_only_where_it_is_safe() -> None:
    """A POST without an Idempotency-Key would do it twice."""
    assert "retry-after" not in _outcome("POST")
    assert "retry-after" in _outcome("POST", (b"idempotency-key", b"x"))
    assert "retry-after" in _outcome("PATCH")
    assert "retry-after" in _outcome("DELETE")


def _outcome(method: str, *headers: tuple[bytes, bytes]) -> httpx.Headers:
    scope = {"type": "http", "method": method, "headers": list(headers), "query_string": b""}
    answer = handlers.outcome_unknown(Request(scope), OutcomeUnknownError())
    assert answer.status_code == 503
    return httpx.Headers(answer.headers)


@pytest.mark.parametrize("problem", problems.problem_types(), ids=lambda problem: problem.slug)
def test_only_certain_problems_say_that_nothing_was_changed(
    problem: type[problems.Problem],
) -> None:
    """They are raised before a transaction begins, or after it was rolled back for certain."""
    says_so = {"Nothing was changed", "変更は行われていません", "没有任何内容被更改"}

    found = any(
        words in text for words in says_so for text in problem_text(problem.slug, "detail").values()
    )

    assert found == (problem.slug in {"unavailable", "too-many-requests", "version-excluded"})


def test_image_is_restarted_only_when_the_process_is_dead() -> None:
    """A restart while the database is away would lose the cached answers."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    check = dockerfile.partition("HEALTHCHECK")[2].partition("ENTRYPOINT")[0]

    assert "/healthz" in check
    assert "/readyz" not in check
