"""Every order has a note

Downgrade loses: what was written into it meanwhile

Revision ID: 4be5505eec4c
Revises: 8b59fcdba348
Create Date: 2026-01-10 09:12:34.071271
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4be5505eec4c"
down_revision: str | Sequence[str] | None = "8b59fcdba348"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_note_present NOT NULL note")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_note_present")
