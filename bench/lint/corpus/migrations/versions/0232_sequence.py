"""Numbers for invoices

Revision ID: 92504616ed59
Revises: cf91de773f90
Create Date: 2026-09-09 02:11:32.837208
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "92504616ed59"
down_revision: str | Sequence[str] | None = "cf91de773f90"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("invoice_numbers", start=1000)))


def downgrade() -> None:
    op.execute(sa.schema.DropSequence(sa.Sequence("invoice_numbers")))
