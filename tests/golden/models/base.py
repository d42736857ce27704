"""The declarative base of the models."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import UserDefinedType

# PostgreSQL's own names for what is declared without one. CHECK constraints have no
# entry: PostgreSQL names them after the columns that they mention.
NAMING_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}


class Base(DeclarativeBase):
    """Base of every model, with the types that its annotations stand for."""

    # The mark says that all that a table has stands in these models, or hangs on them.
    metadata = sa.MetaData(
        naming_convention=NAMING_CONVENTION, info={"alembic_vibe": "complete"}
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: sa.Text(),
        dt.datetime: sa.DateTime(timezone=True),
        dict[str, Any]: postgresql.JSONB(),
    }


class PgType(UserDefinedType[Any]):
    """A PostgreSQL type that SQLAlchemy has no class for, by its name."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        """Return the type as DDL spells it."""
        return self.name


def enum_values(enum_class: type[enum.Enum]) -> list[str]:
    """Return the labels that the database stores, which are the members' values."""
    return [member.value for member in enum_class]
