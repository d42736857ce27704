"""Search audit entries by object

Revision ID: 6c4e318bae2f
Revises: f57c0a47f246
Create Date: 2026-02-02 09:11:34.229651
"""

from collections.abc import Sequence

from migrations import helpers

# revision identifiers, used by Alembic.
revision: str = "6c4e318bae2f"
down_revision: str | Sequence[str] | None = "f57c0a47f246"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    helpers.index_concurrently("ix_audit_log_object_id", "audit_log", "object_id")


def downgrade() -> None:
    helpers.drop_index_concurrently("ix_audit_log_object_id")
