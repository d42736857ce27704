"""Number the notifications

Revision ID: d3a9e4b32ce2
Revises: ec07bdc04bf4
Create Date: 2026-09-05 08:14:33.805532
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d3a9e4b32ce2"
down_revision: str | Sequence[str] | None = "ec07bdc04bf4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("LOCK TABLE notifications IN ACCESS EXCLUSIVE MODE")
    op.execute("COMMENT ON TABLE notifications IS 'numbered'")


def downgrade() -> None:
    op.execute("COMMENT ON TABLE notifications IS NULL")
