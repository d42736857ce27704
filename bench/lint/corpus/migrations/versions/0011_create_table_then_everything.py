"""Seats

Downgrade loses: what was written into it meanwhile

Revision ID: 5011f7107079
Revises: b5fa8bd06549
Create Date: 2026-01-12 01:14:31.087109
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "5011f7107079"
down_revision: str | Sequence[str] | None = "b5fa8bd06549"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE seats (id integer, zone text, price integer)")
    op.execute("ALTER TABLE seats ALTER COLUMN price TYPE numeric(10, 2)")
    op.execute("ALTER TABLE seats ALTER COLUMN zone SET NOT NULL")
    op.execute("ALTER TABLE seats ADD COLUMN token uuid DEFAULT gen_random_uuid()")
    op.execute("ALTER TABLE seats ADD COLUMN number integer GENERATED ALWAYS AS IDENTITY")
    op.execute("ALTER TABLE seats ADD PRIMARY KEY (id)")
    op.execute("CREATE INDEX ix_seats_zone ON seats (zone)")
    op.execute("ALTER TABLE seats DROP COLUMN number")


def downgrade() -> None:
    op.execute("DROP TABLE seats")
