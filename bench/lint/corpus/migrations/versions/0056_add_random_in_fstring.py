"""Buckets for experiments

Downgrade loses: what was written into it meanwhile

Revision ID: 4a8b3b6a6613
Revises: f24880521032
Create Date: 2026-03-01 06:10:31.443464
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4a8b3b6a6613"
down_revision: str | Sequence[str] | None = "f24880521032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BUCKETS = 100


def upgrade() -> None:
    for table in ["customers"]:
        op.execute(f"ALTER TABLE {table} ADD COLUMN bucket integer DEFAULT (floor(random() * {BUCKETS}))::integer")


def downgrade() -> None:
    op.drop_column("customers", "bucket")
