"""Prepare another key of bundles

Revision ID: 2c2105bada12
Revises: 086b34606273
Create Date: 2026-05-26 07:14:32.084903
"""

from alembic import op

revision = "2c2105bada12"
down_revision = "086b34606273"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ux_bundles_rank", "bundles", ["rank"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ux_bundles_rank", "bundles", postgresql_concurrently=True)
