"""Mottos of tenants

Revision ID: 60145c1f0685
Revises: f7ed1c57e242
Create Date: 2026-09-16 09:11:34.892641
"""

import sqlalchemy as sa
from alembic import op

revision = "60145c1f0685"
down_revision = "f7ed1c57e242"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("motto", sa.Text()))
