"""Search entries by amount

Revision ID: 8f86b9a5aaae
Revises: c1a30ea0220b
Create Date: 2026-01-28 07:16:32.213813
"""

from collections.abc import Sequence

import alembic.op as o

# revision identifiers, used by Alembic.
revision: str = "8f86b9a5aaae"
down_revision: str | Sequence[str] | None = "c1a30ea0220b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    context = o.get_context()
    with context.autocommit_block():
        o.create_index("ix_entries_amount", "entries", ["amount"], schema="billing", postgresql_concurrently=True)


def downgrade() -> None:
    context = o.get_context()
    with context.autocommit_block():
        o.drop_index("ix_entries_amount", "entries", schema="billing", postgresql_concurrently=True)
