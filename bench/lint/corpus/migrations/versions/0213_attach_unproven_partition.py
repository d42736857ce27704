"""Events of 2026 become a partition

Revision ID: 3e681d61da6c
Revises: aacd8c095e2a
Create Date: 2026-08-18 03:13:33.686747
"""

from alembic import op

revision = "3e681d61da6c"
down_revision = "aacd8c095e2a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
    )


def downgrade() -> None:
    raise NotImplementedError
