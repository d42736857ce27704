"""A comment by alter_column

Revision ID: d9f870f270d5
Revises: 42f8d62b1108
Create Date: 2026-03-23 08:11:33.617682
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d9f870f270d5"
down_revision: str | Sequence[str] | None = "42f8d62b1108"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("tenants", "slug", type_=sa.String(40), existing_type=sa.String(40), comment="in links")


def downgrade() -> None:
    op.alter_column("tenants", "slug", existing_type=sa.String(40), comment=None, existing_comment="in links")
