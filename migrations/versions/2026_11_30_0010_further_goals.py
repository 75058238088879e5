"""Allow more goals and outcomes for revisions.

The new goals: undo a purchase, report a loss, take over a contract, find out what is still charged
after the end, and restore access.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GOALS = (
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
)
NEW_GOALS = ("cancel_purchase", "report_loss", "take_over", "still_charged", "restore_access")
OUTCOMES = (
    "contract_ends",
    "number_moves",
    "nothing_to_cancel",
    "renewal_stops",
    "money_back",
    "rental_ends",
    "paused",
    "profile_removed",
    "account_closed",
    "unknown",
)
NEW_OUTCOMES = ("holder_changes", "access_restored", "charges_explained")


def upgrade() -> None:
    """Allow the codes in the CHECK constraints."""
    _allow("goal", (*GOALS, *NEW_GOALS))
    _allow("outcome", (*OUTCOMES, *NEW_OUTCOMES))


def downgrade() -> None:
    """Forbid the codes. Revisions with a new goal get the nearest older one."""
    nearest = {
        "goal": {
            "cancel_purchase": "request_refund",
            "report_loss": "suspend",
            "take_over": "suspend",
            "still_charged": "suspend",
            "restore_access": "suspend",
        },
        "outcome": dict.fromkeys(NEW_OUTCOMES, "unknown"),
    }
    for column, codes in nearest.items():
        for new, old in codes.items():
            op.execute(
                sa.text(f"UPDATE revision SET {column} = :old WHERE {column} = :new").bindparams(  # noqa: S608 - names from this file
                    old=old, new=new
                )
            )
    _allow("goal", GOALS)
    _allow("outcome", OUTCOMES)


def _allow(column: str, codes: tuple[str, ...]) -> None:
    name = op.f(f"ck_revision_{column}_is_known")
    allowed = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({allowed})")
