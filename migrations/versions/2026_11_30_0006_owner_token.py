"""a session counts how often its owner's token was replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Tokens that were issued before have the version 0."""
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("owner_token_version", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.alter_column(
            "owner_token_version",
            existing_type=sa.Integer(),
            existing_nullable=False,
            server_default=None,
        )


def downgrade() -> None:
    """Take the change back. Tokens that were replaced open their sessions again."""
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.drop_column("owner_token_version")
