"""The schema of a database: bringing it up to date, and saying whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.database import Database
from app.settings import ROOT


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to the revision, in one transaction; an SQLite file is made where there is none."""
    file = database.engine.url.database
    if database.sqlite and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(_config(connection=connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back down to the revision, in one transaction."""
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(_config(connection=connection), revision)


def is_current(database: Database) -> bool:
    """Return whether the schema is the one this version of the service needs."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == wanted


def _config(**attributes: object) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes.update(attributes)
    return config
