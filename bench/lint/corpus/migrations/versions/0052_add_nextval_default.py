"""Numbers of payments

Downgrade loses: what was written into it meanwhile

Revision ID: fec18699e920
Revises: 071ba866d208
Create Date: 2026-02-25 02:13:32.411788
"""

import sqlalchemy as sa
from alembic import op

revision = "fec18699e920"
down_revision = "071ba866d208"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("payment_numbers")))
    op.add_column("payments", sa.Column("number", sa.BigInteger(), server_default=sa.text("nextval('payment_numbers')")))


def downgrade() -> None:
    op.drop_column("payments", "number")
    op.execute(sa.schema.DropSequence(sa.Sequence("payment_numbers")))
