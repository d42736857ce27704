"""Revoked keys are not rotated

Revision ID: bab257b3310e
Revises: a9f689baebe4
Create Date: 2026-08-01 06:10:31.552124
"""

from alembic import op

revision = "bab257b3310e"
down_revision = "a9f689baebe4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE api_keys SET rotated_at = NULL WHERE revoked")


def downgrade() -> None:
    raise NotImplementedError
