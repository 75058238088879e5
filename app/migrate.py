"""The schema of a database: bringing it up to date, and saying whether it is.

Alembic is imported where it is used: it takes a tenth of a second, and serving needs none of it.
"""
# ruff: noqa: PLC0415 - see above

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import column, inspect, select, table

from app.database import Database
from app.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0003"
"""The newest migration; a test compares it with Alembic's."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to the revision, in one transaction; an SQLite file is made where there is none."""
    from alembic import command

    file = database.engine.url.database
    if database.sqlite and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(_config(connection=connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back down to the revision, in one transaction."""
    from alembic import command

    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(_config(connection=connection), revision)


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
