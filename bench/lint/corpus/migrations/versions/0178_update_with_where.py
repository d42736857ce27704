"""Unknown countries

Revision ID: d6e3c0794c84
Revises: 24ec791d2fad
Create Date: 2026-07-11 08:13:33.409582
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d6e3c0794c84"
down_revision: str | Sequence[str] | None = "24ec791d2fad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE addresses SET country = NULL WHERE country = '??'")


def downgrade() -> None:
    raise NotImplementedError("nobody knows which they were")
