"""Metrics of networks are kept elsewhere

Revision ID: 41a2fb04407b
Revises: d05fb33a64cb
Create Date: 2026-09-02 05:11:30.781775
"""

from alembic import op

revision = "41a2fb04407b"
down_revision = "d05fb33a64cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE metrics DETACH PARTITION metrics_net CONCURRENTLY")


def downgrade() -> None:
    raise NotImplementedError
