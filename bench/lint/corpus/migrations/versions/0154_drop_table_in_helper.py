"""Nobody reads the old exports

Revision ID: b8157188155c
Revises: b30b7d368e27
Create Date: 2026-06-15 04:10:34.219526
"""

from alembic import op

revision = "b8157188155c"
down_revision = "b30b7d368e27"
branch_labels = None
depends_on = None


def _drop_all(*tables: str) -> None:
    for table in tables:
        op.execute("DROP TABLE %s" % table)


def upgrade() -> None:
    _drop_all("old_exports")


def downgrade() -> None:
    raise NotImplementedError
