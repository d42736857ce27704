"""Row security on API keys

Revision ID: 10d117681ff2
Revises: f283ea9bea0e
Create Date: 2026-07-27 04:15:34.536286
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "10d117681ff2"
down_revision: str | Sequence[str] | None = "f283ea9bea0e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE api_keys DISABLE ROW LEVEL SECURITY")
