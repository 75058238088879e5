"""Runs the migrations on the database of the settings, or on the caller's connection."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator
from sqlmodel import SQLModel

import app.catalogue.models
import app.feeds.models
import app.sessions.models  # noqa: F401 - all fill the metadata
from app.database import Database
from app.settings import Settings


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as plain ones: a migration must not import the models."""
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


handed_in: Connection | None = context.config.attributes.get("connection")
if handed_in is not None:
    _run(handed_in)
else:
    settings = Settings()
    database = Database(settings.database_url, prepared=settings.database_prepared)
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as own:
        _run(own)
    database.close()
