"""Events of 2026 become a partition

Revision ID: 3e681d61da6c
Revises: 2fe0c325661e
Create Date: 2026-08-16 01:11:31.670909
"""

from alembic import op

revision = "3e681d61da6c"
down_revision = "2fe0c325661e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
    )


def downgrade() -> None:
    raise NotImplementedError
