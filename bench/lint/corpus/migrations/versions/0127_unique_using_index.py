"""One tenant for a slug

Revision ID: 9a6b1e37303d
Revises: 483d35cdd860
Create Date: 2026-05-16 07:11:32.005713
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9a6b1e37303d"
down_revision: str | Sequence[str] | None = "483d35cdd860"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE tenants ADD CONSTRAINT uq_tenants_slug UNIQUE USING INDEX uq_tenants_slug")


def downgrade() -> None:
    raise NotImplementedError("the index belongs to the constraint now")
