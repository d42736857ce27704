"""Expired sessions go

Revision ID: 18543a217bc4
Revises: 82770750f894
Create Date: 2026-07-14 01:16:31.433339
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "18543a217bc4"
down_revision: str | Sequence[str] | None = "82770750f894"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

sessions = sa.table("sessions", sa.column("expires_at", sa.DateTime))


def upgrade() -> None:
    op.execute(sa.delete(sessions).where(sessions.c.expires_at < sa.text("now() - interval '1 year'")))


def downgrade() -> None:
    raise NotImplementedError("sessions are gone")
