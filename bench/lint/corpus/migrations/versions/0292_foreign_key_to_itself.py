"""Referrers are customers

Revision ID: a2b92f8dc337
Revises: 825acfa8c420
Create Date: 2026-11-13 02:15:32.312348
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "a2b92f8dc337"
down_revision: str | Sequence[str] | None = "825acfa8c420"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_foreign_key("fk_customers_referrer", "customers", "customers", ["referrer_id"], ["id"], postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_constraint("fk_customers_referrer", "customers", type_="foreignkey")
