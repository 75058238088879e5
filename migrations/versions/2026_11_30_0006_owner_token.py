"""Count how often the owner's token of a session was replaced.

Existing sessions get the version 0, which is the version of the tokens issued before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled by a server default that is then dropped."""
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
    """Drop the column. Replaced tokens open their sessions again."""
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.drop_column("owner_token_version")
