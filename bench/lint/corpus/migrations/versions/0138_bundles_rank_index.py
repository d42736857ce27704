"""Prepare another key of bundles

Revision ID: 2c2105bada12
Revises: 28a266906b50
Create Date: 2026-05-27 08:15:33.092822
"""

from alembic import op

revision = "2c2105bada12"
down_revision = "28a266906b50"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ux_bundles_rank", "bundles", ["rank"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ux_bundles_rank", "bundles", postgresql_concurrently=True)
