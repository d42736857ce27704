"""Raw answers of payment providers

Downgrade loses: what was written into it meanwhile

Revision ID: cf91de773f90
Revises: 9fa1e00ee92d
Create Date: 2026-09-06 09:15:34.813451
"""

import sqlalchemy as sa
from alembic import op

revision = "cf91de773f90"
down_revision = "9fa1e00ee92d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("raw_answer", sa.JSON()))


def downgrade() -> None:
    op.drop_column("payments", "raw_answer")
