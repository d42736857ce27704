"""Second e-mail address

Downgrade loses: what was written into it meanwhile

Revision ID: fc58354af97e
Revises: c6f084af8d3f
Create Date: 2026-03-11 06:13:31.522654
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "fc58354af97e"
down_revision: str | Sequence[str] | None = "c6f084af8d3f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE customers ADD COLUMN second_email email_address")


def downgrade() -> None:
    op.execute("ALTER TABLE customers DROP COLUMN second_email")
