"""Sessions of everybody end

Revision ID: ae3f56395d09
Revises: a388524f3c3a
Create Date: 2026-07-23 00:11:30.504610
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ae3f56395d09"
down_revision: str | Sequence[str] | None = "a388524f3c3a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

sessions = sa.table("sessions", sa.column("id"))


def upgrade() -> None:
    op.execute(sa.delete(sessions))


def downgrade() -> None:
    raise NotImplementedError("sessions are gone")
