"""Revoked keys are not rotated

Revision ID: bab257b3310e
Revises: 15c7b0871316
Create Date: 2026-07-27 04:15:34.536286
"""

from alembic import op

revision = "bab257b3310e"
down_revision = "15c7b0871316"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE api_keys SET rotated_at = NULL WHERE revoked")


def downgrade() -> None:
    raise NotImplementedError
