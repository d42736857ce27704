"""States of carriers

Downgrade loses: what was written into it meanwhile

Revision ID: 8f4fa6c09c0d
Revises: 98d4e41ef060
Create Date: 2026-12-03 00:12:30.454890
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8f4fa6c09c0d"
down_revision: str | Sequence[str] | None = "98d4e41ef060"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE carriers ADD COLUMN state text")
    op.execute("ALTER TABLE carriers ADD CONSTRAINT carriers_state CHECK (state <> '') NOT VALID")
    op.execute("CREATE TABLE carrier_states (state text PRIMARY KEY)")
    op.execute("ALTER TABLE carriers VALIDATE CONSTRAINT carriers_state")


def downgrade() -> None:
    op.execute("DROP TABLE carrier_states")
    op.execute("ALTER TABLE carriers DROP COLUMN state")
