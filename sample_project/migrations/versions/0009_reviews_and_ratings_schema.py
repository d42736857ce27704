"""Reviews and Ratings Schema

Section 5.11 of docs/06-technical-specification.md, lines 1114 to 1179.
Makes 1 enum, 2 tables, 1 trigger, 1 materialized view, 7 indexes.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 20:55:50.915888
"""

from collections.abc import Sequence
from textwrap import dedent

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute("CREATE TYPE review_state AS ENUM ('pending', 'published', 'rejected')")

    # docs/06-technical-specification.md:1123
    op.create_table(
        "reviews",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(120)),
        sa.Column("body", sa.Text()),
        sa.Column(
            "state",
            postgresql.ENUM(
                "pending",
                "published",
                "rejected",
                name="review_state",
                create_type=False,
            ),
            server_default=sa.text("'pending'"),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("reviews_pkey")),
        sa.UniqueConstraint("booking_id", name=op.f("reviews_booking_id_key")),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("reviews_published_has_time"),
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("reviews_rating_range")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("reviews_author_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name=op.f("reviews_booking_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces.id"],
            name=op.f("reviews_space_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.execute(
        dedent("""
            CREATE TRIGGER trigger_reviews_updated_at
                BEFORE UPDATE ON reviews
                FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
                EXECUTE FUNCTION app.touch_updated_at()
        """)
    )

    # Ratings per space; refreshed concurrently every ten minutes (docs/06-technical-specification.md:1146)
    op.execute(
        dedent("""
            CREATE MATERIALIZED VIEW space_ratings AS
            SELECT space_id, count(*) AS review_count, round(avg(rating), 2) AS average_rating, max(published_at) AS last_review_at
            FROM reviews
            WHERE state = 'published'
            GROUP BY space_id
        """)
    )
    op.execute(
        "COMMENT ON MATERIALIZED VIEW space_ratings IS 'Published ratings per space; at most ten minutes old.'",
    )

    # docs/06-technical-specification.md:1156
    op.create_table(
        "review_votes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column(
            "voted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("review_votes_pkey")),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
            name=op.f("review_votes_review_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("review_votes_user_id_fkey"),
            ondelete="CASCADE",
        ),
    )

    op.create_index(
        op.f("idx_reviews_space"),
        "reviews",
        ["space_id", sa.text("published_at DESC")],
        postgresql_include=["rating"],
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(op.f("idx_reviews_space_all"), "reviews", ["space_id"])
    op.create_index(op.f("idx_reviews_author"), "reviews", ["author_id"])
    op.create_index(
        op.f("idx_reviews_moderation"),
        "reviews",
        ["created_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )

    op.create_index(op.f("idx_review_votes_user"), "review_votes", ["user_id"])

    op.create_index(
        op.f("idx_space_ratings_space"),
        "space_ratings",
        ["space_id"],
        unique=True,
    )
    op.create_index(
        op.f("idx_space_ratings_best"),
        "space_ratings",
        [sa.text("average_rating DESC NULLS LAST"), sa.text("review_count DESC")],
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.drop_table("review_votes")
    op.execute("DROP MATERIALIZED VIEW space_ratings")
    op.drop_table("reviews")
    op.execute("DROP TYPE review_state")
