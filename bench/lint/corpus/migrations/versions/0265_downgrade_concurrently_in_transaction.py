"""Search carriers by name

Revision ID: dc22c96034e2
Revises: 4cd441f4224f
Create Date: 2026-10-14 05:16:30.098535
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "dc22c96034e2"
down_revision: str | Sequence[str] | None = "4cd441f4224f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_carriers_name", "carriers", ["name"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_index("ix_carriers_name", "carriers", postgresql_concurrently=True)
