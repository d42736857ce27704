"""Every table gets a comment

Revision ID: 493fd732da5a
Revises: 1f156021c982
Create Date: 2026-09-18 01:13:31.908479
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "493fd732da5a"
down_revision: str | Sequence[str] | None = "1f156021c982"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE
            name text;
        BEGIN
            FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'imports%' LOOP
                EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS touched boolean', name);
            END LOOP;
        END
        $$
        """
    )


def downgrade() -> None:
    raise NotImplementedError
