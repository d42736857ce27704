"""Search metrics by host, on the partitions

Revision ID: 2302e02df53e
Revises: 9e618e3e2025
Create Date: 2026-02-12 09:14:34.308841
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2302e02df53e"
down_revision: str | Sequence[str] | None = "9e618e3e2025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for kind in ("cpu", "net"):
            op.execute(f"CREATE INDEX CONCURRENTLY ix_metrics_{kind}_host ON metrics_{kind} (host)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for kind in ("cpu", "net"):
            op.execute(f"DROP INDEX CONCURRENTLY ix_metrics_{kind}_host")
