"""expand space_photos.bytes

Section 5.5 of docs/06-technical-specification.md, lines 406 to 557.

Phase:           expand (class E): before the new release; the running one goes on
Locks:           ACCESS EXCLUSIVE on space_photos
Old release:     a prepared SELECT * fails once in each session
New release:     nothing
Downgrade loses: the values of space_photos.bytes

Revision ID: 0031
Revises: 0030
Create Date: 2026-11-22 20:56:13.825823
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | Sequence[str] | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.add_column("space_photos", sa.Column("bytes", sa.BigInteger()))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_column("space_photos", "bytes")
