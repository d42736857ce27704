"""Stars are one to five, from now on

Revision ID: ce4a801fc903
Revises: ac3b1ec5c90d
Create Date: 2026-05-06 07:15:32.926523
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ce4a801fc903"
down_revision: str | Sequence[str] | None = "ac3b1ec5c90d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.create_check_constraint("reviews_stars", "stars BETWEEN 1 AND 5", postgresql_not_valid=True)


def downgrade() -> None:
    with op.batch_alter_table("reviews") as batch_op:
        batch_op.drop_constraint("reviews_stars", type_="check")
