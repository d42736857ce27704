"""Mottos of tenants

Revision ID: 60145c1f0685
Revises: 7daec9c4f4fe
Create Date: 2026-09-14 07:16:32.876803
"""

import sqlalchemy as sa
from alembic import op

revision = "60145c1f0685"
down_revision = "7daec9c4f4fe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("motto", sa.Text()))
