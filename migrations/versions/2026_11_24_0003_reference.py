"""Add the documents `identification` and `regulation` to editions.

Existing editions get empty documents.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, filled by a server default that is then dropped."""
    for name in ("identification", "regulation"):
        op.add_column("edition", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("edition") as edition:
        edition.alter_column("identification", server_default=None)
        edition.alter_column("regulation", server_default=None)


def downgrade() -> None:
    """Drop the columns, with the documents of all editions."""
    with op.batch_alter_table("edition") as edition:
        edition.drop_column("regulation")
        edition.drop_column("identification")
