"""Search invoices by due date

Revision ID: 420ce124d3e6
Revises: 722c99250e4d
Create Date: 2026-08-15 00:10:30.662990
"""

from alembic import op

revision = "420ce124d3e6"
down_revision = "722c99250e4d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.create_index("ix_invoices_due_on", "invoices", ["due_on"], postgresql_concurrently=True)
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET LOCAL statement_timeout = 0")
        op.drop_index("ix_invoices_due_on", "invoices", postgresql_concurrently=True)
