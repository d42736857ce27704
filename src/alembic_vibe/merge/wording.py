"""The right-hand sides: columns, their annotations, constraints and indexes, in the words of a file.

What a column, constraint or index *is* comes from ``render.models``, which renders whole models; here its parts are
put as the file puts them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Enum
from alembic_vibe.merge.style import Writer, Written, conventional
from alembic_vibe.render import elements
from alembic_vibe.render.code import Call, Expr, Raw, Str
from alembic_vibe.render.models import arguments, columns

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Index, Table
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import Plan

_TRUE = Raw("True")
_FILLING = ("sa.Identity", "sa.Computed")
_PLAIN = {"int", "str", "float", "bool", "bytes", "dt.date", "dt.time", "dt.timedelta", "Decimal", "UUID"}


@dataclass(frozen=True)
class Enums:
    """How the project writes an enum type: the text of its ``Enum(…)``, its class, and where that is."""

    text: str = ""
    cls: str = ""
    module: str = ""


@dataclass(eq=False)
class Wording:
    """Renders for one plan: the project's naming convention, what its Base maps, its enums and its Annotated types."""

    plan: Plan
    generated: bool
    convention: dict[str, str] = field(default_factory=dict)
    type_map: dict[str, str] = field(default_factory=dict)  # annotation → type, as rendered code
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)  # type → (Annotated name, module)
    enums: dict[Key, Enums] = field(default_factory=dict)

    # -- types -------------------------------------------------------------------------------------------------------

    def type_of(self, column: Column) -> Expr | None:
        """Return the type, ``None`` where SQLAlchemy has none."""
        if self.generated:
            return columns.sql_type(self.plan, column)
        key = column.type.key
        fact = self.plan.catalog.facts.get(key) if key is not None else None
        if isinstance(fact, Enum) and key is not None:
            keywords: elements.Keywords = (("name", Str(key.name)), *elements.schema_keyword(key.schema))
            enum: Expr = Call("sa.Enum", tuple(Str(label) for label in fact.labels), keywords)
            known = self.enums.get(key)
            if known is not None and known.module:  # the class of another file
                enum = Call("sa.Enum", (Written(known.text, ((known.module, known.cls),)),))
            elif known is not None and known.text:
                enum = Written(known.text)
            return Call("postgresql.ARRAY", (enum,)) if column.type.array else enum
        found = columns.sql_type(self.plan, column)
        return None if "PgType" in repr(found) else found

    def python_of(self, column: Column) -> str:
        """Return the annotation without ``None``."""
        text = columns.annotation(self.plan, column).removesuffix(" | None")
        key = column.type.key
        if not self.generated and key in self.plan.enums:
            text = text.replace(
                self.plan.enums[key], self.enums[key].cls if key in self.enums and self.enums[key].cls else "str"
            )
        return text

    def is_implied(self, column: Column, python: str) -> bool:
        """Whether the annotation alone gives the column its type."""
        if column.collation is not None:
            return False
        if self.generated:
            return not any(
                isinstance(arg, Call) and arg.function not in {"sa.ForeignKey", *_FILLING}
                for arg in self._rendered(column)
            )
        type_ = self.type_of(column)
        mapped = self.type_map.get(python)
        if mapped is not None:
            return mapped.removesuffix("()") == _code(type_).removesuffix("()")
        return columns.IMPLIED.get(column.type.text) == python or (python, column.type.text) in {
            ("str", "character varying"),
            ("dt.datetime", "timestamp without time zone"),
            ("float", "double precision"),
        }

    def _rendered(self, column: Column) -> tuple[Expr, ...]:
        for table in self.plan.attributes:
            fact = self.plan.catalog.table(table)
            if any(other is column for other in fact.columns):
                _, call = columns.mapped_column(self.plan, column, fact, None)
                return call.args if call is not None else ()
        return (Call("unknown"),)

    # -- what a column is made with ----------------------------------------------------------------------------------

    def filling(self, column: Column, table: Table) -> tuple[Call | None, elements.Keywords]:
        """Return ``Identity(…)`` or ``Computed(…)``, and ``server_default`` or ``autoincrement``."""
        call = columns.core_column(self.plan, column, table, None)
        made = next((arg for arg in call.args if isinstance(arg, Call) and arg.function in _FILLING), None)
        keywords = tuple(pair for pair in call.kwargs if pair[0] in {"server_default", "autoincrement"})
        return made, keywords

    def reference(self, constraint: Constraint) -> Call | None:
        """Return ``ForeignKey(…)``, named where it would not get its name by itself."""
        call = columns.foreign_key_expr(constraint)
        if call is None or self.generated or constraint.references is None:
            return call
        keywords = tuple(pair for pair in call.kwargs if pair[0] != "name")
        usual = self._usual("fk", constraint)
        if constraint.name != usual:
            keywords = (("name", Str(constraint.name)), *keywords)
        return replace(call, kwargs=keywords)

    def _usual(self, kind: str, constraint: Constraint) -> str:
        """Return the name that a constraint gets where none is said."""
        to = constraint.references.name if constraint.references is not None else ""
        schema = "" if constraint.key.schema == "public" else constraint.key.schema
        name = conventional(kind, self.convention, constraint.key.name, schema, constraint.columns, to)
        if name:
            return name
        suffix = {"fk": "fkey", "uq": "key"}.get(kind, "")
        joined = "_".join(constraint.columns)
        return f"{constraint.key.name}_{joined}_{suffix}" if suffix and kind not in self.convention else ""

    def is_plain_unique(self, constraint: Constraint) -> bool:
        """Whether ``unique=True`` says all of a constraint."""
        special = constraint.deferrable or constraint.nulls_not_distinct or constraint.include
        if special or len(constraint.columns) != 1 or constraint.without_overlaps:
            return False
        return constraint.name == self._usual("uq", constraint)

    def is_plain_index(self, index: Index) -> bool:
        """Whether ``index=True`` (with ``unique=True`` for a unique one) says all of an index."""
        if len(index.keys) != 1 or index.keys[0].column is None:
            return False
        column = index.keys[0].column
        call = elements.index_call(index, "model")
        schema = "" if index.table.schema == "public" else index.table.schema
        if self.generated:
            usual = f"{index.table.name}_{column}_idx"
        else:
            usual = conventional("ix", self.convention, index.table.name, schema, (column,), "")
        return call.args[1:] == (Str(column),) and not call.kwargs and index.key.name == usual

    # -- table arguments ---------------------------------------------------------------------------------------------

    def table_argument(self, table: Table, part: Constraint | Index) -> Expr | None:
        """Return a constraint or index as ``__table_args__`` holds it, ``None`` where there are no words for it."""
        alone = _alone(self.plan, table, part)
        found = arguments.table_arguments(alone, table, mapped=False)
        if isinstance(part, Constraint) and part.kind == ConstraintKind.FOREIGN and not found:
            two = replace(part, key=part.key._replace(member=f"{part.key.member}\0"))
            alone.constraints[table.key] = [part, two]
            found = arguments.table_arguments(alone, table, mapped=False)[:1]
        call = next(iter(found), None)
        if not isinstance(call, Call) or not isinstance(part, Constraint) or self.generated:
            return call
        return self._with_name(call, part)

    def _with_name(self, call: Call, part: Constraint) -> Call:
        """Keep the naming convention from putting its own parts around a name that is complete."""
        kind = {"c": "ck", "u": "uq", "f": "fk", "p": "pk"}.get(part.kind, "")
        pattern = self.convention.get(kind, "")
        if "%(constraint_name)s" not in pattern:
            return call
        before, _, after = pattern.partition("%(constraint_name)s")
        try:
            before, after = before % {"table_name": part.key.name}, after % {"table_name": part.key.name}
        except (KeyError, ValueError):
            return call
        name: Expr = Call("conv", (Str(part.name),))
        if part.name.startswith(before) and part.name.endswith(after) and len(part.name) > len(before + after):
            name = Str(part.name[len(before) : len(part.name) - len(after)])
        return replace(call, kwargs=tuple((key, name if key == "name" else value) for key, value in call.kwargs))


def _alone(plan: Plan, table: Table, part: Constraint | Index) -> Plan:
    """Return a plan in which a table has nothing but one constraint or index."""
    is_constraint = isinstance(part, Constraint)
    return replace(
        plan,
        constraints={**plan.constraints, table.key: [part] if isinstance(part, Constraint) else []},
        indexes={**plan.indexes, table.key: [] if is_constraint else [part]},  # type: ignore[list-item]
    )


def _code(expr: Expr | None) -> str:
    from alembic_vibe.render.code import layout

    return layout(expr, width=10**6) if expr is not None else ""


def optional(writer: Writer, python: str) -> str:
    """Return an annotation that allows ``None``, in the file's own way."""
    if "Optional[" in writer.file.text and not writer.generated:
        return f"{writer.names.use('typing', 'Optional')}[{python}]"
    return f"{python} | None"
