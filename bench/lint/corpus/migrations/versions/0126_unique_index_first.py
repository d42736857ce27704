"""One tenant for a slug, prepared

Revision ID: 1359c366ba5c
Revises: 483d35cdd860
Create Date: 2026-05-15 06:10:31.997794
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "1359c366ba5c"
down_revision: str | Sequence[str] | None = "483d35cdd860"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("uq_tenants_slug", "tenants", ["slug"], unique=True, postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_tenants_slug", "tenants", postgresql_concurrently=True)
