"""A table by way of the search path

Downgrade loses: what was written into it meanwhile

Revision ID: ec9dd413be0c
Revises: 31ae6007016e
Create Date: 2026-10-10 01:12:31.066859
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ec9dd413be0c"
down_revision: str | Sequence[str] | None = "31ae6007016e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL search_path = archive, public")
    op.execute("CREATE TABLE customers (id bigint, email text)")
    op.execute("CREATE INDEX ix_archived_customers ON customers (email)")
    op.execute("ALTER TABLE customers ADD PRIMARY KEY (id)")


def downgrade() -> None:
    op.execute("DROP TABLE archive.customers")
