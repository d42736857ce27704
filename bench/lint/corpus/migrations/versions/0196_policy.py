"""Read access to secrets

Revision ID: 9f00fad98bad
Revises: f283ea9bea0e
Create Date: 2026-08-01 06:10:31.552124
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9f00fad98bad"
down_revision: str | Sequence[str] | None = "f283ea9bea0e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE POLICY named ON secrets FOR SELECT USING (name IS NOT NULL)")


def downgrade() -> None:
    op.execute("DROP POLICY named ON secrets")
