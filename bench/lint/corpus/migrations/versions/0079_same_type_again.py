"""A comment by alter_column

Revision ID: d9f870f270d5
Revises: 980560c7145b
Create Date: 2026-03-24 09:12:34.625601
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d9f870f270d5"
down_revision: str | Sequence[str] | None = "980560c7145b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("tenants", "slug", type_=sa.String(40), existing_type=sa.String(40), comment="in links")


def downgrade() -> None:
    op.alter_column("tenants", "slug", existing_type=sa.String(40), comment=None, existing_comment="in links")
