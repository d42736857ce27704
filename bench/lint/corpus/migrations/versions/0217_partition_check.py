"""Metrics of memory, prepared

Downgrade loses: what was written into it meanwhile

Revision ID: 0b0bcd549acc
Revises: e286d23dbc74
Create Date: 2026-08-22 07:10:32.718423
"""

from alembic import op

revision = "0b0bcd549acc"
down_revision = "e286d23dbc74"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE metrics_memory (LIKE metrics INCLUDING ALL)")
    op.execute("ALTER TABLE metrics_memory ADD CONSTRAINT metrics_memory_kind CHECK (kind IS NOT NULL AND kind = 'memory')")


def downgrade() -> None:
    op.execute("DROP TABLE metrics_memory")
