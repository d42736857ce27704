"""Row security on API keys

Revision ID: 10d117681ff2
Revises: a388524f3c3a
Create Date: 2026-07-24 01:12:31.512529
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "10d117681ff2"
down_revision: str | Sequence[str] | None = "a388524f3c3a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("ALTER TABLE api_keys DISABLE ROW LEVEL SECURITY")
