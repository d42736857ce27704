"""The declarative base of the models."""

<%
    standard = []
    if any("dt." in python for python, _ in type_map):
        standard.append("import datetime as dt")
    if enum_values:
        standard.append("import enum")
    typing = [name for name, used in (
        ("Any", pg_type or after_create or type_map), ("ClassVar", type_map)) if used]
    if typing:
        standard.append("from typing import " + ", ".join(typing))
%>\
% for line in standard:
${line}
% endfor
% if standard:

% endif
import sqlalchemy as sa
% if after_create:
from sqlalchemy import event
% endif
% if any("postgresql." in expr for _, expr in type_map):
from sqlalchemy.dialects import postgresql
% endif
from sqlalchemy.orm import DeclarativeBase
% if pg_type:
from sqlalchemy.types import UserDefinedType
% endif

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
% if type_map:
    type_annotation_map: ClassVar[dict[Any, Any]] = {
% for python, expr in type_map:
        ${python}: ${expr},
% endfor
    }
% endif
% if pg_type:


class PgType(UserDefinedType[Any]):
    """A PostgreSQL type that SQLAlchemy has no class for, by its name."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **options: Any) -> str:
        """Return the type as DDL spells it."""
        return self.name
% endif
% if enum_values:


def enum_values(enum_class: type[enum.Enum]) -> list[str]:
    """Return the labels that the database stores, which are the members' values."""
    return [member.value for member in enum_class]
% endif
% if after_create:


def after_create(table: sa.FromClause, statement: str) -> None:
    """Run a statement whenever ``create_all`` has made the table."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    event.listen(table, "after_create", ddl(statement))
% endif
