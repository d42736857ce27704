"""A foreign key, and at once the rows that go with it

Revision ID: b9f80d3af22a
Revises: 6d34fbb7fc2a
Create Date: 2026-07-18 05:13:30.465015
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "b9f80d3af22a"
down_revision: str | Sequence[str] | None = "6d34fbb7fc2a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE jobs ADD COLUMN tenant_id bigint")
    op.execute(
        """
        INSERT INTO jobs (id, name, state, tenant_id)
        SELECT 1000000 + id, 'welcome', 'open', id FROM tenants
        """
    )


def downgrade() -> None:
    raise NotImplementedError("the jobs are under way")
