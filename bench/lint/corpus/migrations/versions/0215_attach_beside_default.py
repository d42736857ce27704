"""Events of 2027

Revision ID: 84a9bb60412d
Revises: 968d2ac38d13
Create Date: 2026-08-20 05:15:30.702585
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "84a9bb60412d"
down_revision: str | Sequence[str] | None = "968d2ac38d13"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The new table is empty, but the default partition is read to its end.
    op.execute("CREATE TABLE events_2027 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    op.execute(
        "ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')"
    )


def downgrade() -> None:
    raise NotImplementedError
