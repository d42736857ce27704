"""Retired articles

Revision ID: 7c7a33645024
Revises: 6cdaa94157ac
Create Date: 2026-01-10 09:12:34.071271
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c7a33645024"
down_revision = "6cdaa94157ac"
branch_labels = None
depends_on = None

articles = sa.table("articles", sa.column("id"), sa.column("state", postgresql.ENUM(name="article_state", create_type=False)))


def upgrade() -> None:
    op.execute("ALTER TYPE article_state ADD VALUE IF NOT EXISTS 'retired'")
    op.execute(sa.update(articles).where(articles.c.id == 1).values(state="retired"))


def downgrade() -> None:
    raise NotImplementedError
