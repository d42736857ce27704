"""Jobs that are open, with their queue

Revision ID: 98d4e41ef060
Revises: a6f7e2c66bc8
Create Date: 2026-12-02 09:11:34.446971
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "98d4e41ef060"
down_revision: str | Sequence[str] | None = "a6f7e2c66bc8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("DROP VIEW IF EXISTS open_jobs")
    op.execute("CREATE VIEW open_jobs AS SELECT id, name, queue FROM jobs WHERE state = 'open'")


def downgrade() -> None:
    op.execute("DROP VIEW open_jobs")
    op.execute("CREATE VIEW open_jobs AS SELECT id, name FROM jobs WHERE state = 'open'")
