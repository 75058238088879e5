"""Create the tables of the catalogue.

Editions, carriers with their names, audiences and products, procedures, their revisions with
products and contracts, and steps.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("vocabulary", sa.JSON(), nullable=False),
        sa.Column("advice", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_edition_number_from_one")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_edition")),
    )
    op.create_table(
        "carrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "generic",
                "mno",
                "mno_sub_brand",
                "mvno",
                "prepaid_visitor_sim",
                "travel_esim",
                "pocket_wifi_rental",
                name="carrierkind_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.Column("retired_in", sa.Integer(), nullable=True),
        sa.Column("successor", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_in"], ["edition.number"], name=op.f("fk_carrier_added_in_edition")
        ),
        sa.ForeignKeyConstraint(
            ["changed_in"], ["edition.number"], name=op.f("fk_carrier_changed_in_edition")
        ),
        sa.ForeignKeyConstraint(
            ["retired_in"], ["edition.number"], name=op.f("fk_carrier_retired_in_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier")),
        sa.UniqueConstraint("slug", name=op.f("uq_carrier_slug")),
    )
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carrier_changed_in"), ["changed_in"], unique=False)
        batch_op.create_index(batch_op.f("ix_carrier_kind"), ["kind"], unique=False)

    op.create_table(
        "carrier_audience",
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "tourists",
                "long_stay_foreigners",
                "residents",
                name="audience_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["carrier.id"], name=op.f("fk_carrier_audience_carrier_id_carrier")
        ),
        sa.PrimaryKeyConstraint("carrier_id", "audience", name=op.f("pk_carrier_audience")),
    )
    op.create_table(
        "carrier_name",
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["carrier.id"], name=op.f("fk_carrier_name_carrier_id_carrier")
        ),
        sa.PrimaryKeyConstraint("carrier_id", "folded", name=op.f("pk_carrier_name")),
    )
    op.create_table(
        "carrier_product",
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column(
            "product",
            sa.Enum(
                "physical_sim",
                "esim",
                "pocket_wifi",
                "home_router",
                name="product_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["carrier.id"], name=op.f("fk_carrier_product_carrier_id_carrier")
        ),
        sa.PrimaryKeyConstraint("carrier_id", "product", name=op.f("pk_carrier_product")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("retired_in", sa.Integer(), nullable=True),
        sa.Column("successor", sqlmodel.sql.sqltypes.AutoString(length=129), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_procedure_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["added_in"], ["edition.number"], name=op.f("fk_procedure_added_in_edition")
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["carrier.id"], name=op.f("fk_procedure_carrier_id_carrier")
        ),
        sa.ForeignKeyConstraint(
            ["retired_in"], ["edition.number"], name=op.f("fk_procedure_retired_in_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("carrier_id", "slug", name=op.f("uq_procedure_carrier_id_slug")),
    )
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_retired_in"), ["retired_in"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "goal",
            sa.Enum(
                "cancel_contract",
                "port_out",
                "initial_contract_cancellation",
                "let_expire",
                "stop_renewal",
                "request_refund",
                "return_rental",
                "cancel_booking",
                "suspend",
                "remove_profile",
                "close_account",
                name="goal_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "contract_ends",
                "number_moves",
                "nothing_to_cancel",
                "renewal_stops",
                "money_back",
                "rental_ends",
                "paused",
                "profile_removed",
                "account_closed",
                name="outcome_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "app",
                "phone",
                "store",
                "post",
                "email",
                "chat",
                "counter",
                "none",
                "unknown",
                name="channel_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_abroad",
            sa.Enum(
                "possible",
                "impossible",
                "unknown",
                name="possibility_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "evidence",
            sa.Enum(
                "official",
                "mixed",
                "third_party",
                "single_source",
                name="evidence_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number_from_one")),
        sa.ForeignKeyConstraint(
            ["edition"], ["edition.number"], name=op.f("fk_revision_edition_edition")
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_revision_procedure_id_procedure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("procedure_id", "number", name=op.f("uq_revision_procedure_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_edition"), ["edition"], unique=False)

    op.create_table(
        "revision_contract",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "contract",
            sa.Enum(
                "postpaid",
                "prepaid",
                "subscription",
                "top_up",
                name="contract_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_contract_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", "contract", name=op.f("pk_revision_contract")),
    )
    op.create_table(
        "revision_product",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "product",
            sa.Enum(
                "physical_sim",
                "esim",
                "pocket_wifi",
                "home_router",
                name="product_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_product_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", "product", name=op.f("pk_revision_product")),
    )
    op.create_table(
        "step",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "prepare",
                "act",
                "confirm",
                "aftercare",
                name="phase_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "actor",
            sa.Enum(
                "you",
                "carrier",
                "device",
                name="actor_is_known",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("irreversible", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_step_position_from_one")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_step_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("revision_id", "position", name=op.f("pk_step")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_step_revision_id_key")),
    )


def downgrade() -> None:
    """Drop the tables, with all published content."""
    op.drop_table("step")
    op.drop_table("revision_product")
    op.drop_table("revision_contract")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_edition"))

    op.drop_table("revision")
    with op.batch_alter_table("procedure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_retired_in"))

    op.drop_table("procedure")
    op.drop_table("carrier_product")
    op.drop_table("carrier_name")
    op.drop_table("carrier_audience")
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carrier_kind"))
        batch_op.drop_index(batch_op.f("ix_carrier_changed_in"))

    op.drop_table("carrier")
    op.drop_table("edition")
