"""migrate app.booking_price_cents(bigint, integer)

Section 5.6 of docs/06-technical-specification.md, lines 544 to 655.

Phase:           migrate (class B): both releases see it at once
Locks:           none on tables
Old release:     app.booking_price_cents(bigint, integer) does what the next release wants
New release:     nothing
Downgrade loses: nothing
Accepted:        shared-behaviour: both releases get the new function app.booking_price_cents(bigint, integer) at once

Revision ID: 0041
Revises: 0040
Create Date: 2026-11-22 20:56:24.854335
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0041"
down_revision: str | Sequence[str] | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    # Price of a stay, rounded up to the next five minutes (docs/06-technical-specification.md:604)
    op.execute(
        dedent("""
            CREATE OR REPLACE FUNCTION app.booking_price_cents(hourly_rate bigint, minutes integer) RETURNS bigint
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT (hourly_rate * ceil(minutes / 5.0) / 12)::bigint $$
        """)
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        dedent("""
            CREATE OR REPLACE FUNCTION app.booking_price_cents(hourly_rate bigint, minutes integer)
             RETURNS bigint
             LANGUAGE sql
             IMMUTABLE PARALLEL SAFE STRICT
            AS $function$ SELECT (hourly_rate * ceil(minutes / 15.0) / 4)::bigint $function$
        """)
    )
