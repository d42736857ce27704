"""Points of customers: copy

Phase: migrate

Revision ID: 28a266906b50
Revises: 0935bbd37b69
Create Date: 2026-05-26 07:14:32.084903
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "28a266906b50"
down_revision: str | Sequence[str] | None = "0935bbd37b69"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for start in range(0, 50_000, 10_000):
            op.execute(
                "UPDATE customers SET points = old_points "
                f"WHERE id >= {start} AND id < {start + 10_000} AND points IS DISTINCT FROM old_points"
            )


def downgrade() -> None:
    raise NotImplementedError("the copy does no harm")
