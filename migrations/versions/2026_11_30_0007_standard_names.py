"""standard names in stored content: supporting, needs_review, token versions."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. A column's name changes in place on both databases."""
    op.execute("ALTER TABLE revision RENAME COLUMN facts TO content")
    op.execute(
        "ALTER TABLE checklist_session RENAME COLUMN share_generation TO share_token_version"
    )
    _rewrite("revision", "content", _renamed("companion", "supporting"))
    _rewrite("checklist_session", "ticks", _in_each(_renamed("recheck", "needs_review")))


def downgrade() -> None:
    """Take the change back."""
    _rewrite("checklist_session", "ticks", _in_each(_renamed("needs_review", "recheck")))
    _rewrite("revision", "content", _renamed("supporting", "companion"))
    op.execute(
        "ALTER TABLE checklist_session RENAME COLUMN share_token_version TO share_generation"
    )
    op.execute("ALTER TABLE revision RENAME COLUMN content TO facts")


def _renamed(old: str, new: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda members: {new if name == old else name: value for name, value in members.items()}


def _in_each(
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda members: {name: change(value) for name, value in members.items()}


def _rewrite(table: str, column: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write back the rows whose JSON the change alters."""
    connection = op.get_bind()
    rows = sa.table(table, sa.column("id"), sa.column(column, sa.JSON(none_as_null=True)))
    for row in connection.execute(sa.select(rows.c.id, rows.c[column])).all():
        changed = change(row[1])
        if json.dumps(changed) != json.dumps(row[1]):
            connection.execute(rows.update().where(rows.c.id == row[0]).values({column: changed}))
