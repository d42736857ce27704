"""Rights for reading

Revision ID: 41581c6e68e7
Revises: 06cfa512c410
Create Date: 2026-09-12 05:14:30.860965
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "41581c6e68e7"
down_revision: str | Sequence[str] | None = "06cfa512c410"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATEMENTS = [
    "GRANT SELECT ON customers, orders TO PUBLIC",
    "REVOKE TRUNCATE, DELETE ON orders FROM PUBLIC",
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("REVOKE SELECT ON customers, orders FROM PUBLIC")
