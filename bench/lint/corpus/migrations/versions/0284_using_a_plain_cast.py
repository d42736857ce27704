"""Longer slugs of tenants

Revision ID: f9f49ea4d54f
Revises: c5d599cfbb6d
Create Date: 2026-11-05 04:14:34.248996
"""

from alembic import op

revision = "f9f49ea4d54f"
down_revision = "c5d599cfbb6d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE tenants ALTER COLUMN slug TYPE varchar(80) USING slug::varchar(80)")


def downgrade() -> None:
    raise NotImplementedError("slugs may be longer")
