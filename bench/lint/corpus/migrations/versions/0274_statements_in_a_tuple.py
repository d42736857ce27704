"""Several small things at once

Downgrade loses: what was written into it meanwhile

Revision ID: 80048f3452d1
Revises: ae13bd9585d8
Create Date: 2026-10-23 04:11:34.169806
"""

from alembic import op

revision = "80048f3452d1"
down_revision = "ae13bd9585d8"
branch_labels = None
depends_on = None

UP = (
    "COMMENT ON TABLE devices IS 'phones and tablets'",
    "ALTER TABLE devices ADD COLUMN seen_first timestamptz",
    "ALTER TABLE devices ADD CONSTRAINT devices_model CHECK (model <> '')",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE devices DROP CONSTRAINT devices_model, DROP COLUMN seen_first")
