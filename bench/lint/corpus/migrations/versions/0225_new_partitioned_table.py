"""Visits by month

Downgrade loses: what was written into it meanwhile

Revision ID: 1fd18a448f8f
Revises: da68bf3a5522
Create Date: 2026-09-02 05:11:30.781775
"""

import sqlalchemy as sa
from alembic import op

revision = "1fd18a448f8f"
down_revision = "da68bf3a5522"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("page", sa.Text()),
        postgresql_partition_by="RANGE (day)",
    )
    for month in range(1, 4):
        op.execute(
            f"CREATE TABLE visits_2026_{month:02} PARTITION OF visits "
            f"FOR VALUES FROM ('2026-{month:02}-01') TO ('2026-{month + 1:02}-01')"
        )
    op.create_index("ix_visits_page", "visits", ["page"])


def downgrade() -> None:
    op.drop_table("visits")
