"""Numbers of payments

Downgrade loses: what was written into it meanwhile

Revision ID: fec18699e920
Revises: b2f4310dc9f7
Create Date: 2026-02-26 03:14:33.419707
"""

import sqlalchemy as sa
from alembic import op

revision = "fec18699e920"
down_revision = "b2f4310dc9f7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("payment_numbers")))
    op.add_column("payments", sa.Column("number", sa.BigInteger(), server_default=sa.text("nextval('payment_numbers')")))


def downgrade() -> None:
    op.drop_column("payments", "number")
    op.execute(sa.schema.DropSequence(sa.Sequence("payment_numbers")))
