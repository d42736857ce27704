"""An index for a key of metrics on their host

Downgrade loses: what was written into it meanwhile

Revision ID: 0935bbd37b69
Revises: 086b34606273
Create Date: 2026-05-25 06:13:31.076984
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "0935bbd37b69"
down_revision: str | Sequence[str] | None = "086b34606273"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute('ALTER TABLE "metrics_net" ADD PRIMARY KEY (id, kind)')


def downgrade() -> None:
    op.execute('ALTER TABLE "metrics_net" DROP CONSTRAINT "metrics_net_pkey"')
