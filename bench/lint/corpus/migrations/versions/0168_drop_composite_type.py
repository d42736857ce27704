"""A pair that nobody uses, they say

Revision ID: b92ee93694b7
Revises: ee3d83d68c1d
Create Date: 2026-07-01 08:10:33.330392
"""

from alembic import op

revision = "b92ee93694b7"
down_revision = "ee3d83d68c1d"
branch_labels = None
depends_on = None

unused_pair = "unused_pair"


def upgrade():
    op.execute(f"DROP TYPE IF EXISTS {unused_pair}")


def downgrade():
    op.execute(f"CREATE TYPE {unused_pair} AS (left_side integer, right_side integer)")
