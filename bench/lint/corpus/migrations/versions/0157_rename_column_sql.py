"""Contacts of suppliers

Revision ID: 4ef2b2a1cd71
Revises: 325ef15f6068
Create Date: 2026-06-18 07:13:32.243283
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "4ef2b2a1cd71"
down_revision: str | Sequence[str] | None = "325ef15f6068"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE suppliers RENAME contact TO contact_name")


def downgrade():
    raise NotImplementedError
