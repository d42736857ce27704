"""Search devices by model and serial number

Revision ID: aa43595ef5e7
Revises: ba7b4939cdb4
Create Date: 2026-01-16 05:11:30.118785
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "aa43595ef5e7"
down_revision: str | Sequence[str] | None = "ba7b4939cdb4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _index(table: str, column: str) -> None:
    name = f"ix_{table}_{column}"
    op.create_index(name, table, [column])


def upgrade() -> None:
    _index("devices", "model")
    _index("devices", "serial_no")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_devices_serial_no", postgresql_concurrently=True)
        op.drop_index("ix_devices_model", postgresql_concurrently=True)
