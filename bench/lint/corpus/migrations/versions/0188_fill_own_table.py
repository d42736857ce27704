"""A table of cities

Downgrade loses: what was written into it meanwhile

Revision ID: 80515079189f
Revises: 1affbc36c807
Create Date: 2026-07-21 08:16:33.488772
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "80515079189f"
down_revision: str | Sequence[str] | None = "1affbc36c807"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE cities (name text PRIMARY KEY, spelled text)")
    op.execute("INSERT INTO cities (name) VALUES ('Aachen'), ('Bonn')")
    op.execute("UPDATE cities SET spelled = upper(name)")
    op.execute("ALTER TABLE cities ALTER COLUMN spelled SET NOT NULL")


def downgrade() -> None:
    op.execute("DROP TABLE cities")
