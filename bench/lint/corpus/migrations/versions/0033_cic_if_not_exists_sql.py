"""Search customers by referrer

Revision ID: caa22e51a217
Revises: 29099ecc34ab
Create Date: 2026-02-06 03:15:33.261327
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "caa22e51a217"
down_revision: str | Sequence[str] | None = "29099ecc34ab"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_customers_referrer_id ON customers (referrer_id)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_customers_referrer_id")
