"""One tenant for a slug, prepared

Revision ID: 1359c366ba5c
Revises: f586a2117ccb
Create Date: 2026-05-13 04:15:34.981956
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1359c366ba5c"
down_revision: str | Sequence[str] | None = "f586a2117ccb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("uq_tenants_slug", "tenants", ["slug"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_tenants_slug", "tenants", postgresql_concurrently=True)
