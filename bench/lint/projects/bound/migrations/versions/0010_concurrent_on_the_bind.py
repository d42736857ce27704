"""Search people by their date of birth

Revision ID: 91f383bfca44
Revises: 268cf7727ca2
Create Date: 2026-01-11 00:13:30.079190
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "91f383bfca44"
down_revision: str | Sequence[str] | None = "268cf7727ca2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.get_bind().execute(sa.text("CREATE INDEX CONCURRENTLY ix_people_born ON people (born)"))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.get_bind().execute(sa.text("DROP INDEX CONCURRENTLY ix_people_born"))
