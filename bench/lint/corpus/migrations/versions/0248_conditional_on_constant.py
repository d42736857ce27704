"""A column, and an index that is switched off

Downgrade loses: what was written into it meanwhile

Revision ID: b5b2cbbb1730
Revises: 750fdfd0755f
Create Date: 2026-09-25 08:13:33.963912
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b5b2cbbb1730"
down_revision: str | Sequence[str] | None = "750fdfd0755f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BUILD_INDEX = False


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("retries", sa.Integer(), server_default=sa.text("0"), nullable=False))
    if BUILD_INDEX:
        op.create_index("ix_webhooks_retries", "webhooks", ["retries"])


def downgrade() -> None:
    op.drop_column("webhooks", "retries")
