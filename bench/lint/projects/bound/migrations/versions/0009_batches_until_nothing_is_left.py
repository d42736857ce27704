"""Mail addresses in small letters

Revision ID: 268cf7727ca2
Revises: ba87c2a5e924
Create Date: 2026-01-10 09:12:34.071271
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "268cf7727ca2"
down_revision = "ba87c2a5e924"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        bind = op.get_bind()
        while True:
            result = bind.execute(
                sa.text(
                    "UPDATE people SET mail = lower(mail) WHERE id IN "
                    "(SELECT id FROM people WHERE mail <> lower(mail) LIMIT :size FOR UPDATE SKIP LOCKED)"
                ),
                {"size": 500},
            )
            if result.rowcount == 0:
                break
            time.sleep(0.1)


def downgrade() -> None:
    raise NotImplementedError("nobody knows how they were written")
