"""Tokens of sessions are unique

Revision ID: 7a1d59f71433
Revises: 2b6c5f577c32
Create Date: 2026-05-22 03:10:33.053227
"""

from alembic import op

revision = "7a1d59f71433"
down_revision = "2b6c5f577c32"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sessions") as batch_op:
        batch_op.create_unique_constraint("uq_sessions_token", ["token"])


def downgrade() -> None:
    with op.batch_alter_table("sessions") as batch_op:
        batch_op.drop_constraint("uq_sessions_token", type_="unique")
