"""any language of the service for a session: the set is data, not a constraint (decision 16)."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_checklist_session_sessionlanguage_is_known"


def upgrade() -> None:
    """Drop the constraint. Older code beside it goes on: it writes the three languages it knows."""
    with op.batch_alter_table("checklist_session") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")


def downgrade() -> None:
    """Put the constraint back. Sessions in languages that it does not know become English."""
    op.execute(
        "UPDATE checklist_session SET language = 'en' WHERE language NOT IN ('en', 'ja', 'zh-Hans')"
    )
    with op.batch_alter_table("checklist_session") as batch_op:
        batch_op.create_check_constraint(op.f(NAME), "language IN ('en', 'ja', 'zh-Hans')")
