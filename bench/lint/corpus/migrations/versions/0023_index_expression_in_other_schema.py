"""Search accounts by IBAN

Revision ID: 48d25e448cf3
Revises: d9c1fed6af3f
Create Date: 2026-01-24 03:12:33.182137
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "48d25e448cf3"
down_revision: str | Sequence[str] | None = "d9c1fed6af3f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_accounts_iban", "accounts", [sa.text("upper(iban)")], schema="billing")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY billing.ix_accounts_iban")
