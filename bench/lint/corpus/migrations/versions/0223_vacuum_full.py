"""The audit log is bloated

Revision ID: e751e17947b9
Revises: 41a2fb04407b
Create Date: 2026-08-28 03:16:33.765937
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e751e17947b9"
down_revision: str | Sequence[str] | None = "41a2fb04407b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("VACUUM FULL audit_log")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
