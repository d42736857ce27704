"""What may be done with the audit log

Downgrade loses: what was written into it meanwhile

Revision ID: 69b1bdfce7f0
Revises: b8157188155c
Create Date: 2026-06-16 05:11:30.227445
"""

from alembic import op

revision = "69b1bdfce7f0"
down_revision = "b8157188155c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("COMMENT ON TABLE audit_log IS 'TRUNCATE audit_log; VACUUM FULL audit_log; no: ask first'")
    op.create_table_comment("sessions", "UPDATE sessions SET token = NULL")


def downgrade() -> None:
    op.drop_table_comment("sessions")
    op.execute("COMMENT ON TABLE audit_log IS NULL")
