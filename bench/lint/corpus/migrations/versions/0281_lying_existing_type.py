"""Postcodes have twenty characters; they are text since an earlier revision

Revision ID: dbaa14ac8ff3
Revises: dc59d148d39b
Create Date: 2026-11-02 01:11:31.225239
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "dbaa14ac8ff3"
down_revision: str | Sequence[str] | None = "dc59d148d39b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("addresses", "postcode", type_=sa.String(20), existing_type=sa.String(12))


def downgrade() -> None:
    raise NotImplementedError
