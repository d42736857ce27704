"""A table of cities

Downgrade loses: what was written into it meanwhile

Revision ID: 80515079189f
Revises: b9f80d3af22a
Create Date: 2026-07-19 06:14:31.472934
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "80515079189f"
down_revision: str | Sequence[str] | None = "b9f80d3af22a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE cities (name text PRIMARY KEY, spelled text)")
    op.execute("INSERT INTO cities (name) VALUES ('Aachen'), ('Bonn')")
    op.execute("UPDATE cities SET spelled = upper(name)")
    op.execute("ALTER TABLE cities ALTER COLUMN spelled SET NOT NULL")


def downgrade() -> None:
    op.execute("DROP TABLE cities")
