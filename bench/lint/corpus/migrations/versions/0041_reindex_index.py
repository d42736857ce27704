"""The index on titles is bloated

Revision ID: fb9f03d36a21
Revises: 27dbd48aea47
Create Date: 2026-02-14 01:16:31.324679
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "fb9f03d36a21"
down_revision: str | Sequence[str] | None = "27dbd48aea47"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(sa.text("REINDEX (VERBOSE) INDEX ix_products_title"))


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
