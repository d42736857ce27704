"""Customers and their orders

Revision ID: 8f3a07543988
Revises: ffe81ce4ff4d
Create Date: 2026-08-04 09:13:34.575881
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "8f3a07543988"
down_revision: str | Sequence[str] | None = "ffe81ce4ff4d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VIEW = """
CREATE OR REPLACE VIEW customer_orders AS
SELECT c.id, count(o.id) AS orders
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id
GROUP BY c.id
"""


def upgrade() -> None:
    op.execute(VIEW)


def downgrade() -> None:
    op.execute("DROP VIEW customer_orders")
