"""Identification and regulation, one of each an edition."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; editions from before it have neither."""
    for name in ("identification", "regulation"):
        op.add_column("edition", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("edition") as edition:
        edition.alter_column("identification", server_default=None)
        edition.alter_column("regulation", server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("edition") as edition:
        edition.drop_column("regulation")
        edition.drop_column("identification")
