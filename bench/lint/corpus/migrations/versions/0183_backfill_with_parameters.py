"""Origins of invoices

Downgrade loses: what was written into it meanwhile

Revision ID: 30b013c342b4
Revises: b745af41f546
Create Date: 2026-07-16 03:11:33.449177
"""

import sqlalchemy as sa
from alembic import op

revision = "30b013c342b4"
down_revision = "b745af41f546"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("origin", sa.String(10)))
    statement = sa.text("UPDATE invoices SET origin = :origin").bindparams(origin="shop")
    op.execute(statement)


def downgrade() -> None:
    op.drop_column("invoices", "origin")
