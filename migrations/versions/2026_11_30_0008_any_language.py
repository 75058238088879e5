"""Drop the constraint on the language of a session.

The languages are folders, so the API checks them: docs/decisions/0016.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_checklist_session_sessionlanguage_is_known"


def upgrade() -> None:
    """Drop the constraint. Older servers still work: they write the three languages they know."""
    with op.batch_alter_table("checklist_session") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")


def downgrade() -> None:
    """Restore the constraint. Sessions in other languages become English."""
    op.execute(
        "UPDATE checklist_session SET language = 'en' WHERE language NOT IN ('en', 'ja', 'zh-Hans')"
    )
    with op.batch_alter_table("checklist_session") as batch_op:
        batch_op.create_check_constraint(op.f(NAME), "language IN ('en', 'ja', 'zh-Hans')")
