"""Accounts.

Specification: docs/06-technical-specification.md#L10
"""

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base

if TYPE_CHECKING:
    from .sales import Order

user_roles = sa.Table(
    "user_roles",
    Base.metadata,
    sa.Column(
        "user_id",
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "role_id",
        sa.ForeignKey("roles.id", ondelete="CASCADE"),
        primary_key=True,
    ),
)


class User(Base):
    """People who may sign in: customers and "staff"."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint(
            "email::text ~ '(?:@|\\:x)'::text",
            name="users_email_check",
        ),
        {"comment": 'People who may sign in: customers and "staff".'},
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True,
        server_default=sa.text("gen_random_uuid()"),
    )
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    uuid: Mapped[UUID | None]
    metadata_: Mapped[dict[str, Any]] = mapped_column(
        "metadata",
        server_default=sa.text("'{}'::jsonb"),
    )
    manager_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())

    manager: Mapped["User | None"] = relationship(
        remote_side="User.id",
        back_populates="manager_users",
    )
    manager_users: Mapped[list["User"]] = relationship(
        back_populates="manager",
        passive_deletes=True,
    )
    customer_orders: Mapped[list["Order"]] = relationship(
        foreign_keys="Order.customer_id",
        back_populates="customer",
        passive_deletes="all",
    )
    approved_orders: Mapped[list["Order"]] = relationship(
        foreign_keys="Order.approved_by",
        back_populates="approved_by_user",
        passive_deletes=True,
    )
    roles: Mapped[list["Role"]] = relationship(
        secondary="user_roles",
        back_populates="users",
        passive_deletes=True,
    )


class Role(Base):
    """What a user may do."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    users: Mapped[list["User"]] = relationship(
        secondary="user_roles",
        back_populates="roles",
        passive_deletes=True,
    )
