"""One tenant for a slug

Revision ID: 9a6b1e37303d
Revises: d850f016ca23
Create Date: 2026-05-17 08:12:33.013632
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9a6b1e37303d"
down_revision: str | Sequence[str] | None = "d850f016ca23"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE tenants ADD CONSTRAINT uq_tenants_slug UNIQUE USING INDEX uq_tenants_slug")


def downgrade() -> None:
    raise NotImplementedError("the index belongs to the constraint now")
