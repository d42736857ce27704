"""Names of secrets without blanks

Revision ID: 825acfa8c420
Revises: e303b767e847
Create Date: 2026-11-12 01:14:31.304429
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "825acfa8c420"
down_revision: str | Sequence[str] | None = "e303b767e847"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("UPDATE secrets SET name = btrim(name) WHERE name <> btrim(name)")


def downgrade() -> None:
    raise NotImplementedError
