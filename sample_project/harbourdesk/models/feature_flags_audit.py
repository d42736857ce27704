"""Feature Flags and Audit Schema.

Specification: docs/06-technical-specification.md, section 5.14
"""

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, after_create

if TYPE_CHECKING:
    from .core_system import User
    from .organisations_membership import Organization


class FeatureFlag(Base):
    __tablename__ = "feature_flags"
    __table_args__ = (
        sa.CheckConstraint(
            "key ~ '^[a-z][a-z0-9_]*$'",
            name="feature_flags_key_format",
        ),
        sa.CheckConstraint(
            "rollout_percentage BETWEEN 0 AND 100",
            name="feature_flags_rollout_range",
        ),
    )

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    description: Mapped[str]
    is_enabled: Mapped[bool] = mapped_column(server_default=sa.text("false"))
    rollout_percentage: Mapped[int] = mapped_column(
        sa.SmallInteger(),
        server_default=sa.text("0"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"),
    )

    feature_flag_overrides: Mapped[list["FeatureFlagOverride"]] = relationship(
        back_populates="flag_key_feature_flag",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class Log(Base):
    """Append-only; no foreign keys, because it outlives the rows it tells about."""

    __tablename__ = "log"
    __table_args__ = (
        sa.CheckConstraint("operation IN ('I', 'U', 'D')", name="log_operation_known"),
        sa.CheckConstraint(
            "(operation <> 'I' OR old_values IS NULL) AND (operation <> 'D' OR new_values IS NULL)",
            name="log_values_fit_operation",
        ),
        sa.Index(
            "idx_audit_log_at",
            "at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32},
        ),
        sa.Index(
            "idx_audit_log_row",
            "table_schema",
            "table_name",
            "row_key",
            sa.text("at DESC"),
        ),
        sa.Index(
            "idx_audit_log_user",
            "app_user_id",
            sa.text("at DESC"),
            postgresql_where=sa.text("app_user_id IS NOT NULL"),
        ),
        {
            "schema": "audit",
            "comment": "Append-only; no foreign keys, because it outlives the rows it tells about.",
        },
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger(),
        sa.Identity(always=True),
        primary_key=True,
    )
    at: Mapped[dt.datetime] = mapped_column(server_default=sa.text("CURRENT_TIMESTAMP"))
    table_schema: Mapped[str] = mapped_column(sa.String())
    table_name: Mapped[str] = mapped_column(sa.String())
    operation: Mapped[str] = mapped_column(sa.CHAR(1))
    row_key: Mapped[str]
    old_values: Mapped[dict[str, Any] | None]
    new_values: Mapped[dict[str, Any] | None]
    app_user_id: Mapped[UUID | None]
    database_user: Mapped[str] = mapped_column(
        sa.String(),
        server_default=sa.text("SESSION_USER"),
    )
    client_address: Mapped[Any | None] = mapped_column(
        postgresql.INET(),
        server_default=sa.text("inet_client_addr()"),
        nullable=True,
    )


class FeatureFlagOverride(Base):
    """A flag is overridden once per scope: NULL stands for "any\""""

    __tablename__ = "feature_flag_overrides"
    __table_args__ = (
        sa.UniqueConstraint(
            "flag_key",
            "organization_id",
            "user_id",
            name="feature_flag_overrides_scope",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "num_nonnulls(organization_id, user_id) >= 1",
            name="feature_flag_overrides_has_scope",
        ),
        sa.Index("idx_feature_flag_overrides_organization", "organization_id"),
        sa.Index("idx_feature_flag_overrides_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(always=True), primary_key=True)
    flag_key: Mapped[str] = mapped_column(
        sa.ForeignKey("feature_flags.key", ondelete="CASCADE", onupdate="CASCADE"),
    )
    organization_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organizations.id", ondelete="CASCADE"),
    )
    user_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"),
    )
    is_enabled: Mapped[bool]
    expires_at: Mapped[dt.datetime | None]

    flag_key_feature_flag: Mapped["FeatureFlag"] = relationship(
        back_populates="feature_flag_overrides",
    )
    organization: Mapped["Organization | None"] = relationship(
        back_populates="feature_flag_overrides",
    )
    user: Mapped["User | None"] = relationship(back_populates="feature_flag_overrides")


# What create_all adds because SQLAlchemy 2.0 has no words for it.
after_create(Log.__table__, "ALTER TABLE audit.log ALTER COLUMN table_schema TYPE name")
after_create(Log.__table__, "ALTER TABLE audit.log ALTER COLUMN table_name TYPE name")
after_create(
    Log.__table__,
    "ALTER TABLE audit.log ALTER COLUMN database_user DROP DEFAULT, ALTER COLUMN database_user TYPE name, ALTER COLUMN database_user SET DEFAULT SESSION_USER",
)
