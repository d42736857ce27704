"""Tokens of sessions are unique

Revision ID: 7a1d59f71433
Revises: 3da9f0388947
Create Date: 2026-05-21 02:16:32.045308
"""

from alembic import op

revision = "7a1d59f71433"
down_revision = "3da9f0388947"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sessions") as batch_op:
        batch_op.create_unique_constraint("uq_sessions_token", ["token"])


def downgrade() -> None:
    with op.batch_alter_table("sessions") as batch_op:
        batch_op.drop_constraint("uq_sessions_token", type_="unique")
