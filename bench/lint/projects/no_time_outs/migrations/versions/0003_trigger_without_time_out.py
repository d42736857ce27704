"""Orders know when they changed

Downgrade loses: what was written into it meanwhile

Revision ID: 27f6ee091649
Revises: d86999e607fc
Create Date: 2026-01-04 03:13:33.023757
"""

from alembic import op

revision = "27f6ee091649"
down_revision = "d86999e607fc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD COLUMN changed_at timestamptz")
    op.execute(
        """
        CREATE FUNCTION touch_changed_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.changed_at := now();
            RETURN NEW;
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '3s'")
    op.execute("DROP FUNCTION touch_changed_at()")
    op.execute("ALTER TABLE orders DROP COLUMN changed_at")
