"""Reviews and Ratings Schema.

Specification: docs/06-technical-specification.md, section 5.11
"""

import datetime as dt
import enum
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, enum_values

if TYPE_CHECKING:
    from .bookings import Booking
    from .core_system import User
    from .locations_spaces import Space


class ReviewState(enum.StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Review(Base):
    __tablename__ = "reviews"
    __table_args__ = (
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name="reviews_published_has_time",
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="reviews_rating_range"),
        sa.Index("idx_reviews_author", "author_id"),
        sa.Index(
            "idx_reviews_moderation",
            "created_at",
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "idx_reviews_space",
            "space_id",
            sa.text("published_at DESC"),
            postgresql_include=["rating"],
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.Index("idx_reviews_space_all", "space_id"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    booking_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("bookings.id", ondelete="CASCADE"),
        unique=True,
    )
    space_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("spaces.id", ondelete="CASCADE"),
    )
    author_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    rating: Mapped[int] = mapped_column(sa.SmallInteger())
    title: Mapped[str | None] = mapped_column(sa.String(120))
    body: Mapped[str | None]
    state: Mapped[ReviewState] = mapped_column(
        sa.Enum(ReviewState, name="review_state", values_callable=enum_values),
        server_default=sa.text("'pending'"),
    )
    published_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    booking: Mapped["Booking"] = relationship(back_populates="review")
    space: Mapped["Space"] = relationship(back_populates="reviews")
    author: Mapped["User | None"] = relationship(back_populates="reviews")
    review_votes: Mapped[list["ReviewVote"]] = relationship(
        back_populates="review",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class ReviewVote(Base):
    __tablename__ = "review_votes"
    __table_args__ = (sa.Index("idx_review_votes_user", "user_id"),)

    review_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("reviews.id", ondelete="CASCADE"),
        primary_key=True,
    )
    user_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    )
    is_helpful: Mapped[bool]
    voted_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    review: Mapped["Review"] = relationship(back_populates="review_votes")
    user: Mapped["User"] = relationship(back_populates="review_votes")
