"""Orders of returns

Downgrade loses: what was written into it meanwhile

Revision ID: 483d35cdd860
Revises: f8d6b2d932ac
Create Date: 2026-05-15 06:10:31.997794
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "483d35cdd860"
down_revision: str | Sequence[str] | None = "f8d6b2d932ac"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE returns ADD CONSTRAINT returns_weight CHECK (weight >= 0) NOT VALID;
        ALTER TABLE returns VALIDATE CONSTRAINT returns_weight;
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE returns DROP CONSTRAINT returns_weight")
