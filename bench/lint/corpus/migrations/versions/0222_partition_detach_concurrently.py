"""Metrics of networks are kept elsewhere

Revision ID: 41a2fb04407b
Revises: 662237e41037
Create Date: 2026-08-27 02:15:32.758018
"""

from alembic import op

revision = "41a2fb04407b"
down_revision = "662237e41037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE metrics DETACH PARTITION metrics_net CONCURRENTLY")


def downgrade() -> None:
    raise NotImplementedError
