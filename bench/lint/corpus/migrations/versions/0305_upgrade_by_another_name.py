"""Search addresses by country

Revision ID: da9980691aee
Revises: d2b7ac84d999
Create Date: 2026-11-26 05:14:30.415295
"""

from collections.abc import Sequence

from alembic import op
from functools import partial

# revision identifiers, used by Alembic.
revision: str = "da9980691aee"
down_revision: str | Sequence[str] | None = "d2b7ac84d999"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _apply(name: str) -> None:
    op.execute(f"CREATE INDEX {name} ON addresses (country)")


def upgrade() -> None:
    step = partial(_apply, "ix_addresses_country")
    step()


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_addresses_country")
