"""The schema of a database: its state, and upgrades.

Alembic is imported where it is used: it takes a tenth of a second, and serving needs none of it.
"""
# ruff: noqa: PLC0415 - see above

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, column, inspect, select, table, text

from app.database import Database
from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS: Final = tuple(
    sorted(path.name.split("_")[3] for path in (ROOT / "migrations" / "versions").glob("*.py"))
)
"""Every migration of this version, the oldest first, from the names of their files.

Asking Alembic would load it at each start. A test compares the two.
"""

HEAD: Final = REVISIONS[-1]
"""The newest migration."""

_LOCK: Final = 0x6B61_6979_616B_7500
"""The advisory lock of migrations on PostgreSQL: the bytes of `kaiyaku`, and one to spare."""

_WAIT_FOR_MIGRATION: Final = "10min"
"""How long to wait for another migration. It goes on meanwhile; only this one is delayed."""

_WAIT_FOR_TABLE: Final = "5s"
"""How long to wait for the lock of a table. Later transactions queue behind it, readers too."""

_LONGEST_STATEMENT: Final = "10min"
"""A statement that takes longer locks its tables for too long: run it by hand, at night."""


class SchemaState(Enum):
    """How a database's schema compares with the one that this version needs."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    """This version knows no such migration: a newer version of the service has been here."""


class NewerSchemaError(Exception):
    """The database has a schema that this version does not know; nothing was changed."""


def state(database: Database) -> SchemaState:
    """Return how the schema compares with the one that this version needs."""
    with database.engine.connect() as connection:
        return _state(connection)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this version of the service needs."""
    return state(database) is SchemaState.CURRENT


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to the revision, in one transaction.

    Creates an SQLite file where there is none. Of two upgrades at once the second waits, and has
    nothing left to do. Raises `NewerSchemaError`.
    """
    from alembic import command

    with _transaction(database) as connection:
        if _state(connection) is SchemaState.NEWER:
            raise NewerSchemaError
        command.upgrade(_config(connection=connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back down to the revision, in one transaction."""
    from alembic import command

    with _transaction(database) as connection:
        command.downgrade(_config(connection=connection), revision)


def _state(connection: Connection) -> SchemaState:
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState.MISSING
    revision = connection.execute(
        select(column("version_num")).select_from(table("alembic_version"))
    ).scalar()
    if revision is None:  # all of it was taken down again
        return SchemaState.MISSING
    if revision not in REVISIONS:
        return SchemaState.NEWER
    return SchemaState.CURRENT if revision == HEAD else SchemaState.OLDER


@contextmanager
def _transaction(database: Database) -> Iterator[Connection]:
    """Give a transaction to change the schema in; one at a time."""
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        if not database.sqlite:
            with connection.begin():
                _take_turn(connection)
                yield connection
            return
        with _foreign_keys_checked_after(connection), connection.begin():
            yield connection
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError(
                    f"the migration would leave a row of {broken[0]} without what it refers to"
                )


def _take_turn(connection: Connection) -> None:
    """Wait for another migration, and bound how long this one may wait for tables and work on them.

    PostgreSQL's DDL is transactional, but two migrations of an empty database both create the
    first table, and the second fails. The lock goes with the transaction, whatever happens to it.
    """
    # lock_timeout rules the advisory lock too, so it is set for the wait, and then for the tables.
    for statement in (
        f"SET LOCAL lock_timeout = '{_WAIT_FOR_MIGRATION}'",
        f"SET LOCAL statement_timeout = '{_LONGEST_STATEMENT}'",
        f"SELECT pg_advisory_xact_lock({_LOCK})",
        f"SET LOCAL lock_timeout = '{_WAIT_FOR_TABLE}'",
    ):
        connection.execute(text(statement))


@contextmanager
def _foreign_keys_checked_after(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off meanwhile; the caller checks them before the end.

    SQLite changes a table by creating it again. With foreign keys on, dropping the old one fails if
    other rows refer to it (https://www.sqlite.org/lang_altertable.html).
    """
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")  # before the transaction: inside it would do nothing
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.close()


def _config(**attributes: object) -> "Config":
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.attributes.update(attributes)
    return config
