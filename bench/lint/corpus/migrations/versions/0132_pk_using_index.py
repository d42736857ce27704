"""A key for metrics of processors

Revision ID: 2b6c5f577c32
Revises: 25f64bc3d2ac
Create Date: 2026-05-21 02:16:32.045308
"""

from alembic import op

revision = "2b6c5f577c32"
down_revision = "25f64bc3d2ac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE metrics_cpu ADD PRIMARY KEY USING INDEX "metrics_cpu_pkey"')


def downgrade() -> None:
    raise NotImplementedError("the index belongs to the key now")
