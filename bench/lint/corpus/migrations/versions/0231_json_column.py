"""Raw answers of payment providers

Downgrade loses: what was written into it meanwhile

Revision ID: cf91de773f90
Revises: 80f7f374af29
Create Date: 2026-09-08 01:10:31.829289
"""

import sqlalchemy as sa
from alembic import op

revision = "cf91de773f90"
down_revision = "80f7f374af29"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("raw_answer", sa.JSON()))


def downgrade() -> None:
    op.drop_column("payments", "raw_answer")
