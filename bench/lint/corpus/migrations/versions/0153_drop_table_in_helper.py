"""Nobody reads the old exports

Revision ID: b8157188155c
Revises: 218f71e67fc4
Create Date: 2026-06-14 03:16:33.211607
"""

from alembic import op

revision = "b8157188155c"
down_revision = "218f71e67fc4"
branch_labels = None
depends_on = None


def _drop_all(*tables: str) -> None:
    for table in tables:
        op.execute("DROP TABLE %s" % table)


def upgrade() -> None:
    _drop_all("old_exports")


def downgrade() -> None:
    raise NotImplementedError
