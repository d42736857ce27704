"""An odd table

Downgrade loses: what was written into it meanwhile

Revision ID: 05bdce4fac48
Revises: 9c911c87ea1b
Create Date: 2026-06-24 03:12:33.290797
"""

from alembic import op

revision = "05bdce4fac48"
down_revision = "9c911c87ea1b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TABLE "drop table orders; --" ("create index" bigint PRIMARY KEY, "DEFAULT random()" text)')
    op.execute('COMMENT ON COLUMN "drop table orders; --"."create index" IS \'a key\'')


def downgrade() -> None:
    op.execute('DROP TABLE "drop table orders; --"')
