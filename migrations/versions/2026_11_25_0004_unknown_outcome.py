"""Allow the outcome `unknown` for revisions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KNOWN = (
    "contract_ends",
    "number_moves",
    "nothing_to_cancel",
    "renewal_stops",
    "money_back",
    "rental_ends",
    "paused",
    "profile_removed",
    "account_closed",
)
WITHOUT_UNKNOWN = "UPDATE revision SET outcome = 'renewal_stops' WHERE outcome = 'unknown'"


def upgrade() -> None:
    """Allow the code in the CHECK constraint."""
    _allow((*KNOWN, "unknown"))


def downgrade() -> None:
    """Forbid the code.

    `unknown` becomes `renewal_stops`, the outcome that older versions derived from the goal.
    """
    op.execute(sa.text(WITHOUT_UNKNOWN))
    _allow(KNOWN)


def _allow(outcomes: tuple[str, ...]) -> None:
    name = op.f("ck_revision_outcome_is_known")
    allowed = ", ".join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"outcome IN ({allowed})")
