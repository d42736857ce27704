"""A pair that nobody uses, they say

Revision ID: b92ee93694b7
Revises: 2733a896d601
Create Date: 2026-07-02 09:11:34.338311
"""

from alembic import op

revision = "b92ee93694b7"
down_revision = "2733a896d601"
branch_labels = None
depends_on = None

unused_pair = "unused_pair"


def upgrade():
    op.execute(f"DROP TYPE IF EXISTS {unused_pair}")


def downgrade():
    op.execute(f"CREATE TYPE {unused_pair} AS (left_side integer, right_side integer)")
