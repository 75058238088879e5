"""Runs the migrations on a connection.

`app.database.migrate` passes one. The `alembic` command passes none: the migrations then run on the
database of the settings.
"""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator
from sqlmodel import SQLModel

import app.catalogue.models
import app.feeds.models
import app.sessions.models  # noqa: F401 - they fill the metadata
from app.database import Database
from app.settings import Settings


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Render our column types as `sa.JSON()`: a migration must not import from `app`."""
    if (
        kind == "type"
        and isinstance(item, TypeDecorator)
        and type(item).__module__.startswith("app.")
    ):
        return "sa.JSON()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


passed: Connection | None = context.config.attributes.get("connection")
if passed is not None:
    _run(passed)
else:
    settings = Settings()
    database = Database(settings.database_url, prepared=settings.database_prepared)
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        _run(connection)
    database.close()
