"""Weights of products in grams

Revision ID: 15c7b0871316
Revises: ae3f56395d09
Create Date: 2026-07-26 03:14:33.528367
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "15c7b0871316"
down_revision: str | Sequence[str] | None = "ae3f56395d09"
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
