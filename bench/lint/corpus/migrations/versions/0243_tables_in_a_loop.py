"""Translations

Downgrade loses: what was written into it meanwhile

Revision ID: 9c792f593e70
Revises: c6882cfb4cda
Create Date: 2026-09-20 03:15:33.924317
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "9c792f593e70"
down_revision: str | Sequence[str] | None = "c6882cfb4cda"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LANGUAGES = ("de", "fr", "it")


def upgrade() -> None:
    for language in LANGUAGES:
        table = f"texts_{language}"
        op.create_table(
            table,
            sa.Column("key", sa.Text(), primary_key=True),
            sa.Column("value", sa.Text(), nullable=False),
        )
        op.create_index(f"ix_{table}_value", table, ["value"])


def downgrade() -> None:
    for language in reversed(LANGUAGES):
        op.drop_table(f"texts_{language}")
