"""A column, and a function that nobody calls

Downgrade loses: what was written into it meanwhile

Revision ID: aeea94407a2e
Revises: d682c4601d19
Create Date: 2026-09-27 00:15:30.979750
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "aeea94407a2e"
down_revision: str | Sequence[str] | None = "d682c4601d19"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def rebuild() -> None:
    op.drop_table("orders")
    op.execute("UPDATE customers SET phone = NULL")


def upgrade() -> None:
    op.execute("ALTER TABLE sessions ADD COLUMN country text")


def downgrade() -> None:
    op.execute("ALTER TABLE sessions DROP COLUMN country")
