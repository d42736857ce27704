"""The audit log is bloated

Revision ID: e751e17947b9
Revises: 0b0bcd549acc
Create Date: 2026-08-26 01:14:31.750099
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "e751e17947b9"
down_revision: str | Sequence[str] | None = "0b0bcd549acc"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("VACUUM FULL audit_log")


def downgrade() -> None:
    raise RuntimeError("nothing to undo")
