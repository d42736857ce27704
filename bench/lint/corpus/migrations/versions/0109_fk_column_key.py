"""The supplier of a return, checked from now on

Downgrade loses: what was written into it meanwhile

Revision ID: 25b5e69e5030
Revises: 55836dbb1a75
Create Date: 2026-04-26 09:14:34.863171
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "25b5e69e5030"
down_revision: str | Sequence[str] | None = "55836dbb1a75"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE returns ADD CONSTRAINT fk_returns_supplier "
        "FOREIGN KEY (supplier_id) REFERENCES suppliers NOT VALID"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE returns DROP CONSTRAINT fk_returns_supplier")
