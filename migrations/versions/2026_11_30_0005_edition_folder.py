"""an edition knows the folder it was published from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Of editions published before, the folder stays unknown."""
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folder", sa.String(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_column("folder")
