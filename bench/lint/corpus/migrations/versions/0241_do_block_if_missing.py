"""A type that may be there

Revision ID: c6882cfb4cda
Revises: 9c792f593e70
Create Date: 2026-09-18 01:13:31.908479
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c6882cfb4cda"
down_revision: str | Sequence[str] | None = "9c792f593e70"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade():
    op.execute(
        "DO $do$ BEGIN "
        "IF to_regtype('ticket_kind') IS NULL THEN "
        "CREATE TYPE ticket_kind AS ENUM ('bug', 'wish'); ALTER TABLE jobs ADD COLUMN ticket ticket_kind; "
        "END IF; END $do$"
    )


def downgrade():
    raise NotImplementedError
