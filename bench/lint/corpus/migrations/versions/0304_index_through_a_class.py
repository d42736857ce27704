"""Search addresses by geohash

Revision ID: d2b7ac84d999
Revises: 5af34b911708
Create Date: 2026-11-25 04:13:34.407376
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "d2b7ac84d999"
down_revision: str | Sequence[str] | None = "5af34b911708"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


class Index:
    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    @property
    def name(self) -> str:
        return f"ix_{self.table}_{self.column}"

    def create(self) -> None:
        op.create_index(self.name, self.table, [self.column])

    def drop(self) -> None:
        with op.get_context().autocommit_block():
            op.drop_index(self.name, self.table, postgresql_concurrently=True)


GEOHASH = Index("addresses", "geohash")


def upgrade() -> None:
    GEOHASH.create()


def downgrade() -> None:
    GEOHASH.drop()
