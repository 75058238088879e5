"""Rename columns, and members of stored JSON.

- `revision.facts` becomes `content`, and in it `companion` becomes `supporting`.
- `checklist_session.share_generation` becomes `share_token_version`.
- In the ticks of sessions, `recheck` becomes `needs_review`.

Columns are renamed in place, so older servers must be stopped first.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename to the new names."""
    op.execute("ALTER TABLE revision RENAME COLUMN facts TO content")
    op.execute(
        "ALTER TABLE checklist_session RENAME COLUMN share_generation TO share_token_version"
    )
    _rename_in_revisions("companion", "supporting")
    _rename_in_ticks("recheck", "needs_review")


def downgrade() -> None:
    """Rename back to the old names."""
    _rename_in_ticks("needs_review", "recheck")
    _rename_in_revisions("supporting", "companion")
    op.execute(
        "ALTER TABLE checklist_session RENAME COLUMN share_token_version TO share_generation"
    )
    op.execute("ALTER TABLE revision RENAME COLUMN content TO facts")


def _rename_in_revisions(old: str, new: str) -> None:
    table = sa.table("revision", sa.column("id"), sa.column("content", sa.JSON))
    for row in _rows_that_name(table, table.c.content, old):
        _save(table, row.id, content=_renamed(row.content, old, new))


def _rename_in_ticks(old: str, new: str) -> None:
    table = sa.table("checklist_session", sa.column("id"), sa.column("ticks", sa.JSON))
    for row in _rows_that_name(table, table.c.ticks, old):
        ticks = {key: _renamed(tick, old, new) for key, tick in row.ticks.items()}
        _save(table, row.id, ticks=ticks)


def _rows_that_name(
    table: sa.TableClause, column: sa.ColumnClause[Any], member: str
) -> Sequence[sa.Row[Any]]:
    """Return the rows whose JSON has the member. They are few, even with many sessions."""
    text = sa.literal_column(f"CAST({column.name} AS TEXT)", sa.Text)
    return op.get_bind().execute(sa.select(table).where(text.contains(f'"{member}"'))).all()


def _save(table: sa.TableClause, row_id: object, **values: object) -> None:
    op.get_bind().execute(table.update().where(table.c.id == row_id).values(values))


def _renamed(members: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in members.items()}
