"""Carrier codes

Revision ID: 309d7ed22017
Revises: dae8c5ab14e5
Create Date: 2026-03-27 02:15:32.649358
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "309d7ed22017"
down_revision: str | Sequence[str] | None = "dae8c5ab14e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN channel TYPE varchar(20)")


def downgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN channel TYPE text")
