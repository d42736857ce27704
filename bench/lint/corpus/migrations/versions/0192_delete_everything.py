"""Sessions of everybody end

Revision ID: ae3f56395d09
Revises: 10d117681ff2
Create Date: 2026-07-25 02:13:32.520448
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ae3f56395d09"
down_revision: str | Sequence[str] | None = "10d117681ff2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

sessions = sa.table("sessions", sa.column("id"))


def upgrade() -> None:
    op.execute(sa.delete(sessions))


def downgrade() -> None:
    raise NotImplementedError("sessions are gone")
