"""Index the customer of everything that has one

Revision ID: ce5855768b3a
Revises: 5011f7107079
Create Date: 2026-01-13 02:15:32.095028
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ce5855768b3a"
down_revision: str | Sequence[str] | None = "5011f7107079"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ["carts", "wishlists", "sessions"]


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_customer", table, ["customer_id"])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for table in reversed(TABLES):
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS ix_{table}_customer")
