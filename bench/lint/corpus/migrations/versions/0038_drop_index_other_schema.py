"""Nobody searches entries by text

Revision ID: 9e618e3e2025
Revises: 866a65cfbbfa
Create Date: 2026-02-11 08:13:33.300922
"""

from alembic import op

revision = "9e618e3e2025"
down_revision = "866a65cfbbfa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('DROP INDEX IF EXISTS billing."ix_entries_text"')


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix_entries_text ON billing.entries (text)")
