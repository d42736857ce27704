"""Weights of products in grams

Revision ID: 15c7b0871316
Revises: 573cec7a02df
Create Date: 2026-07-25 02:13:32.520448
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "15c7b0871316"
down_revision: str | Sequence[str] | None = "573cec7a02df"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        WITH factor AS (SELECT 1000 AS grams)
        UPDATE products SET weight = weight * grams FROM factor
        """
    )


def downgrade() -> None:
    raise NotImplementedError
