"""Copies for a report

Downgrade loses: what was written into it meanwhile

Revision ID: d0530ae4da38
Revises: 9f8db8d1a974
Create Date: 2026-10-07 08:16:33.043102
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d0530ae4da38"
down_revision: str | Sequence[str] | None = "9f8db8d1a974"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE report_orders AS SELECT id, total FROM orders WHERE total > 100")
    op.execute("CREATE UNIQUE INDEX ux_report_orders ON report_orders (id)")
    op.execute("CREATE TABLE report_customers (LIKE customers INCLUDING DEFAULTS)")
    op.execute("ALTER TABLE report_customers DROP COLUMN phone")


def downgrade() -> None:
    op.execute("DROP TABLE report_customers, report_orders")
