"""The schema of a database: bringing it up to date, and saying whether it is.

Alembic is imported where it is used: it takes a tenth of a second, and serving needs none of it.
"""
# ruff: noqa: PLC0415 - see above

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, column, inspect, select, table

from app.database import Database
from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0004"
"""The newest migration; a test compares it with Alembic's."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to the revision, in one transaction; an SQLite file is made where there is none."""
    from alembic import command

    file = database.engine.url.database
    if database.sqlite and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    with _transaction(database) as connection:
        command.upgrade(_config(connection=connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back down to the revision, in one transaction."""
    from alembic import command

    with _transaction(database) as connection:
        command.downgrade(_config(connection=connection), revision)


@contextmanager
def _transaction(database: Database) -> Iterator[Connection]:
    """Give a transaction to change the schema in.

    SQLite changes a table by making it anew. With foreign keys on, dropping the old one fails when other rows refer to it,
    so they are off meanwhile, and all references are checked before the end (https://www.sqlite.org/lang_altertable.html).
    """
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        if not database.sqlite:
            with connection.begin():
                yield connection
            return
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys=OFF")  # before the transaction: inside it would do nothing
        try:
            with connection.begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    message = f"the migration would leave a row of {broken[0]} without what it refers to"
                    raise RuntimeError(message)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
            driver.close()


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this version of the service needs."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar() == HEAD


def _config(**attributes: object) -> "Config":
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.attributes.update(attributes)
    return config
