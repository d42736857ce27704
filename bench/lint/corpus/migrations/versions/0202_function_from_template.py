"""Functions for updated_at

Revision ID: 346782e708ab
Revises: 189b4a8d9ea8
Create Date: 2026-08-07 02:16:32.599638
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "346782e708ab"
down_revision: str | Sequence[str] | None = "189b4a8d9ea8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BODY = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.{column} := now();
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    for name, column in (("touch_entered", "entered_at"), ("touch_seen", "seen_at")):
        op.execute(BODY.format(name=name, column=column))


def downgrade() -> None:
    op.execute("DROP FUNCTION touch_seen(), touch_entered()")
