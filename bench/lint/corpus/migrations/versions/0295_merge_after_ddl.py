"""Counters of campaigns

Downgrade loses: what was written into it meanwhile

Revision ID: f0c6c0be94c3
Revises: e39826fad1fc
Create Date: 2026-11-16 05:11:30.336105
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "f0c6c0be94c3"
down_revision: str | Sequence[str] | None = "e39826fad1fc"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("coupons", sa.Column("seen", sa.Integer()))
    op.execute(
        """
        MERGE INTO coupons AS c USING (SELECT campaign, count(*)::integer AS n FROM coupons GROUP BY campaign) AS s
        ON s.campaign = c.campaign
        WHEN MATCHED THEN UPDATE SET seen = s.n
        """
    )


def downgrade() -> None:
    op.drop_column("coupons", "seen")
