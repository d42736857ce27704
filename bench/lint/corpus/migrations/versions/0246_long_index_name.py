"""Search shipments by what they are

Revision ID: c7f581a44410
Revises: f066e3da8e28
Create Date: 2026-09-23 06:11:31.948074
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "c7f581a44410"
down_revision: str | Sequence[str] | None = "f066e3da8e28"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_shipments_by_state_and_arrival_for_the_overview_of_late_parcels "
            "ON shipments (state, arrived_at)"
        )


def downgrade() -> None:
    raise NotImplementedError
