"""The schema of a database: its state, and upgrades.

Alembic is imported where it is used: the import takes 0.1 s, and serving does not need it.
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
"""Every migration of this version, oldest first, read from the file names.

Asking Alembic would load it at each start. A test compares this with Alembic's list.
"""

HEAD: Final = REVISIONS[-1]
"""The newest migration."""

_LOCK: Final = 0x6B61_6979_616B_7500
"""The advisory lock of migrations on PostgreSQL: the bytes of `kaiyaku` and a zero byte."""

_WAIT_FOR_MIGRATION: Final = "10min"
"""How long to wait for another migration. The wait delays only this migration."""

_WAIT_FOR_TABLE: Final = "5s"
"""How long to wait for a table lock. Later transactions on the table, also reads, queue behind it.
"""

_LONGEST_STATEMENT: Final = "10min"
"""Time limit of a statement. A longer one would lock its tables for too long: run it by hand."""


class SchemaState(Enum):
    """How a database's schema compares with the one that this version needs."""

    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    """The schema has a migration that this version does not have: a newer version made it."""


class NewerSchemaError(Exception):
    """The schema of the database is newer than this version; nothing was changed."""


def state(database: Database) -> SchemaState:
    """Return how the schema compares with the one that this version needs."""
    with database.engine.connect() as connection:
        return _state(connection)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this version of the service needs."""
    return state(database) is SchemaState.CURRENT


def upgrade(database: Database, revision: str = "head") -> None:
    """Upgrade the schema to the revision, in one transaction.

    Creates the SQLite file if it does not exist. If two upgrades run at once, the second waits and
    then has nothing to do. Raises `NewerSchemaError` if the schema is newer than this version.
    """
    from alembic import command

    with _transaction(database) as connection:
        if _state(connection) is SchemaState.NEWER:
            raise NewerSchemaError
        command.upgrade(_config(connection=connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Downgrade the schema to the revision, in one transaction."""
    from alembic import command

    with _transaction(database) as connection:
        command.downgrade(_config(connection=connection), revision)


def _state(connection: Connection) -> SchemaState:
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState.MISSING
    revision = connection.execute(
        select(column("version_num")).select_from(table("alembic_version"))
    ).scalar()
    if revision is None:  # downgraded to the empty schema
        return SchemaState.MISSING
    if revision not in REVISIONS:
        return SchemaState.NEWER
    return SchemaState.CURRENT if revision == HEAD else SchemaState.OLDER


@contextmanager
def _transaction(database: Database) -> Iterator[Connection]:
    """Yield a connection in a transaction that changes the schema; one runs at a time."""
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        if not database.sqlite:
            with connection.begin():
                _lock_and_limit(connection)
                yield connection
            return
        with _foreign_keys_checked_after(connection), connection.begin():
            yield connection
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError(
                    f"the migration would leave a row of {broken[0]} without what it refers to"
                )


def _lock_and_limit(connection: Connection) -> None:
    """Wait for another migration to end, and set the time limits of this one.

    PostgreSQL's DDL is transactional, but two migrations of an empty database both create the first
    table, and the second fails. The advisory lock is released when the transaction ends.
    """
    # lock_timeout applies to the advisory lock too: it is set for that wait first, then for tables.
    for statement in (
        f"SET LOCAL lock_timeout = '{_WAIT_FOR_MIGRATION}'",
        f"SET LOCAL statement_timeout = '{_LONGEST_STATEMENT}'",
        f"SELECT pg_advisory_xact_lock({_LOCK})",
        f"SET LOCAL lock_timeout = '{_WAIT_FOR_TABLE}'",
    ):
        connection.execute(text(statement))


@contextmanager
def _foreign_keys_checked_after(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off in the block; the caller checks them before the commit.

    SQLite changes a table by copying it and dropping the old one. With foreign keys on, the drop
    fails if other rows refer to the table (https://www.sqlite.org/lang_altertable.html).
    """
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _config(**attributes: object) -> "Config":
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.attributes.update(attributes)
    return config
