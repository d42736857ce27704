"""Entries without an account

Revision ID: 70b942a1fbba
Revises: d6e3c0794c84
Create Date: 2026-07-12 09:14:34.417501
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "70b942a1fbba"
down_revision: str | Sequence[str] | None = "d6e3c0794c84"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute("ALTER TABLE billing.entries ALTER account_id DROP NOT NULL")


def downgrade():
    raise NotImplementedError
