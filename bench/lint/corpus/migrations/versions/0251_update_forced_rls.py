"""Names of secrets in lower case

Revision ID: b1f2150e16df
Revises: aeea94407a2e
Create Date: 2026-09-28 01:16:31.987669
"""

from alembic import op

revision = "b1f2150e16df"
down_revision = "aeea94407a2e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE secrets SET name = lower(name) WHERE name <> lower(name)")


def downgrade() -> None:
    raise NotImplementedError
