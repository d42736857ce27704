"""Public id of an invoice

Downgrade loses: what was written into it meanwhile

Revision ID: f24880521032
Revises: ffb899a079ad
Create Date: 2026-02-28 05:16:30.435545
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f24880521032"
down_revision: str | Sequence[str] | None = "ffb899a079ad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("invoices", sa.Column("public_id", sa.Uuid()))
    op.alter_column("invoices", "public_id", server_default=sa.text("gen_random_uuid()"))


def downgrade() -> None:
    op.drop_column("invoices", "public_id")
