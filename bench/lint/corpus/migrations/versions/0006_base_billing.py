"""Ledger

Downgrade loses: what was written into it meanwhile

Revision ID: d7c0de53af8a
Revises: 447baf0d2590
Create Date: 2026-01-07 06:16:31.047514
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d7c0de53af8a"
down_revision: str | Sequence[str] | None = "447baf0d2590"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("tenant_id", sa.BigInteger()),
        sa.Column("iban", sa.Text()),
        sa.Column("balance", sa.Numeric(14, 2)),
        sa.Column("opened_on", sa.Date()),
        sa.Column("limit_amount", sa.Integer()),
        sa.Column("closed", sa.Boolean()),
        schema="billing",
    )
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2)),
        sa.Column("booked_at", sa.DateTime(timezone=True)),
        sa.Column("text", sa.Text()),
        sa.Column("counter_account_id", sa.BigInteger()),
        schema="billing",
    )
    op.create_index("ix_entries_account_id", "entries", ["account_id"], schema="billing")
    op.create_index("ix_entries_text", "entries", ["text"], schema="billing")
    op.create_table(
        "rates",
        sa.Column("currency", sa.Text(), primary_key=True),
        sa.Column("rate", sa.Numeric(12, 6)),
        schema="billing",
    )


def downgrade() -> None:
    op.drop_table("rates", schema="billing")
    op.drop_table("entries", schema="billing")
    op.drop_table("accounts", schema="billing")
