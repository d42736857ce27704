"""When a review came in

Downgrade loses: what was written into it meanwhile

Revision ID: 071ba866d208
Revises: 27e36ec1fd2b
Create Date: 2026-02-24 01:12:31.403869
"""

from alembic import op

revision = "071ba866d208"
down_revision = "27e36ec1fd2b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE reviews ADD COLUMN received_at timestamptz DEFAULT clock_timestamp()")


def downgrade() -> None:
    op.execute("ALTER TABLE reviews DROP COLUMN received_at")
