"""Types and helper functions

Revision ID: dd36cef672a4
Revises:
Create Date: 2026-01-02 01:11:31.007919
"""

from alembic import op

revision = "dd36cef672a4"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA billing")
    op.execute("CREATE SCHEMA archive")
    op.execute("CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped', 'lost')")
    op.execute("CREATE TYPE plan_tier AS ENUM ('free', 'pro')")
    op.execute("CREATE TYPE priority AS ENUM ('low', 'high')")
    op.execute("CREATE TYPE unused_kind AS ENUM ('a', 'b')")
    op.execute("CREATE TYPE unused_pair AS (left_side integer, right_side integer)")
    op.execute("CREATE DOMAIN positive_amount AS numeric(12, 2) CHECK (VALUE >= 0)")
    op.execute("CREATE DOMAIN email_address AS text CHECK (VALUE LIKE '%@%')")
    op.execute("CREATE DOMAIN short_code AS varchar(12)")
    op.execute(
        """
        CREATE FUNCTION app_setting(name text) RETURNS text
            LANGUAGE sql STABLE AS $$ SELECT current_setting('app.' || name, true) $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION next_ticket() RETURNS bigint
            LANGUAGE sql VOLATILE AS $$ SELECT (random() * 1000000)::bigint $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION touch_updated_at()")
    op.execute("DROP FUNCTION next_ticket()")
    op.execute("DROP FUNCTION app_setting(text)")
    op.execute("DROP DOMAIN short_code")
    op.execute("DROP DOMAIN email_address")
    op.execute("DROP DOMAIN positive_amount")
    op.execute("DROP TYPE unused_pair")
    op.execute("DROP TYPE unused_kind")
    op.execute("DROP TYPE priority")
    op.execute("DROP TYPE plan_tier")
    op.execute("DROP TYPE order_status")
    op.execute("DROP SCHEMA archive")
    op.execute("DROP SCHEMA billing")
