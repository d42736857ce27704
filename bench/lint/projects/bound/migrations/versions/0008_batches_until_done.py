"""Cities in capitals

Revision ID: ba87c2a5e924
Revises: feb8fd8eb905
Create Date: 2026-01-09 08:11:33.063352
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ba87c2a5e924"
down_revision: str | Sequence[str] | None = "feb8fd8eb905"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = sa.text(
    "UPDATE people SET city = upper(city) "
    "WHERE id IN (SELECT id FROM people WHERE city <> upper(city) ORDER BY id LIMIT 1000)"
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        while connection.execute(BATCH).rowcount:
            pass


def downgrade() -> None:
    raise NotImplementedError("nobody knows how they were written")
