"""Every api key has a scope

Downgrade loses: what was written into it meanwhile

Revision ID: 05aed4a8d6a5
Revises: 4b6e77e1bd8a
Create Date: 2026-11-10 09:12:34.288591
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "05aed4a8d6a5"
down_revision: str | Sequence[str] | None = "4b6e77e1bd8a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE api_keys DROP CONSTRAINT IF EXISTS api_keys_key")
        op.execute("ALTER TABLE api_keys ADD CONSTRAINT api_keys_key CHECK (key IS NOT NULL) NOT VALID")
        op.execute("ALTER TABLE api_keys VALIDATE CONSTRAINT api_keys_key")
        op.execute("ALTER TABLE api_keys ALTER COLUMN key SET NOT NULL")
        op.execute("ALTER TABLE api_keys DROP CONSTRAINT api_keys_key")


def downgrade() -> None:
    op.execute("ALTER TABLE api_keys ALTER COLUMN key DROP NOT NULL")
