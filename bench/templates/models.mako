import datetime
import decimal
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass
% for tables in sections:
% for table in tables:


class ${table.class_name}(Base):
    __tablename__ = "${table.name}"
    __table_args__ = (
        sa.CheckConstraint("quantity >= 0", name="ck_${table.name}_quantity"),
        sa.Index("ix_${table.name}_parent", "${table.parent_column}"),
        sa.Index("ix_${table.name}_created_at", "created_at"),
        sa.Index("ux_${table.name}_code", "code", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    ${table.parent_column}: Mapped[uuid.UUID${"" if table.parent != table.name else " | None"}] = mapped_column(
        sa.ForeignKey("${table.parent}.id", ondelete="CASCADE")
    )
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)
    quantity: Mapped[int] = mapped_column(server_default=sa.text("0"))
    price: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(12, 2), server_default=sa.text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=sa.text("true"))
    attributes: Mapped[dict | None] = mapped_column(JSONB)
    valid_on: Mapped[datetime.date | None]
    created_at: Mapped[datetime.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.text("now()")
    )
    updated_at: Mapped[datetime.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.text("now()")
    )
% endfor
% endfor
