"""Begin with an empty list of imports

Revision ID: a9f689baebe4
Revises: 9f00fad98bad
Create Date: 2026-08-02 07:11:32.560043
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a9f689baebe4"
down_revision: str | Sequence[str] | None = "9f00fad98bad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for table in ("imports", "imports_errors"):
        op.execute(f"TRUNCATE TABLE {table} CASCADE")


def downgrade() -> None:
    raise NotImplementedError("imports are gone")
