"""Nobody reads the old mails

Revision ID: bff4c4ecb87f
Revises: a2baaaa9cb56
Create Date: 2026-06-13 02:15:32.203688
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "bff4c4ecb87f"
down_revision: str | Sequence[str] | None = "a2baaaa9cb56"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("DROP TABLE IF EXISTS old_mails CASCADE")


def downgrade() -> None:
    raise NotImplementedError("restore the table from a backup")
