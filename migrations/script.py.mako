"""${message}.

What changes, and what happens to the rows that exist.

Servers of the previous release may still run while this migration does, and afterwards: the new
schema must work with their code. Add, fill, then enforce; remove and rename over several releases.
How to, and what else must hold on both databases: docs/migrations.md.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo the change. Say here what is lost."""
    ${downgrades if downgrades else "pass"}
