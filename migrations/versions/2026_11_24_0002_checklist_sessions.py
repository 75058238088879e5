"""Create the tables of checklist sessions and of idempotency keys."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "checklist_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "en",
                "ja",
                "zh-Hans",
                name="sessionlanguage_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ticks", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("share_generation", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_checklist_session_version_from_one")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_checklist_session_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_session")),
    )
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checklist_session_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_checklist_session_revision_id"), ["revision_id"], unique=False
        )

    op.create_table(
        "session_creation",
        sa.Column("key_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("request_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["checklist_session.id"],
            name=op.f("fk_session_creation_session_id_checklist_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_session_creation")),
    )
    with op.batch_alter_table("session_creation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_creation_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_session_creation_session_id"), ["session_id"], unique=False
        )


def downgrade() -> None:
    """Drop the tables, with all sessions."""
    with op.batch_alter_table("session_creation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_creation_session_id"))
        batch_op.drop_index(batch_op.f("ix_session_creation_expires_at"))

    op.drop_table("session_creation")
    with op.batch_alter_table("checklist_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_session_revision_id"))
        batch_op.drop_index(batch_op.f("ix_checklist_session_expires_at"))

    op.drop_table("checklist_session")
