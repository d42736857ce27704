"""Search api keys and webhooks by tenant

Revision ID: 177eb809e84b
Revises: 91b38d356ef9
Create Date: 2026-01-18 07:13:32.134623
"""

from collections.abc import Sequence

from migrations.helpers import index_columns, unindex_columns

# revision identifiers, used by Alembic.
revision: str = "177eb809e84b"
down_revision: str | Sequence[str] | None = "91b38d356ef9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    index_columns("api_keys", "tenant_id")
    index_columns("webhooks", "tenant_id")


def downgrade() -> None:
    unindex_columns("webhooks", "tenant_id")
    unindex_columns("api_keys", "tenant_id")
