"""An odd table

Downgrade loses: what was written into it meanwhile

Revision ID: 05bdce4fac48
Revises: 045ac9f9bd00
Create Date: 2026-06-26 05:14:30.306635
"""

from alembic import op

revision = "05bdce4fac48"
down_revision = "045ac9f9bd00"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TABLE "drop table orders; --" ("create index" bigint PRIMARY KEY, "DEFAULT random()" text)')
    op.execute('COMMENT ON COLUMN "drop table orders; --"."create index" IS \'a key\'')


def downgrade() -> None:
    op.execute('DROP TABLE "drop table orders; --"')
