"""A table whose name is short to look at

Revision ID: d682c4601d19
Revises: b5b2cbbb1730
Create Date: 2026-09-26 09:14:34.971831
"""

from alembic import op

revision = "d682c4601d19"
down_revision = "b5b2cbbb1730"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE TABLE "übergrößenzuschläge_für_überlängen_und_übergewicht_ändern" (id bigint PRIMARY KEY)')


def downgrade() -> None:
    raise NotImplementedError
