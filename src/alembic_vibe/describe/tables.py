"""CREATE TABLE as a person writes it: constraints beside their column where that gives the same names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Sequence, SequenceOptions, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.naming import UsualNames
from alembic_vibe.describe.types import spelt
from alembic_vibe.describe.values import parameters
from alembic_vibe.plan.sql import name_of, sequence_clauses, table_clauses
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column

_SERIAL = {
    "smallint": ("smallserial", SequenceOptions(type="smallint", maximum=2**15 - 1)),
    "integer": ("serial", SequenceOptions(type="integer", maximum=2**31 - 1)),
    "bigint": ("bigserial", SequenceOptions()),
}
_LONGEST_NAME = 63
_LINE = 110  # characters; a longer constraint has its name on a line of its own
_ORDER = {
    ConstraintKind.PRIMARY: 0,
    ConstraintKind.UNIQUE: 1,
    ConstraintKind.CHECK: 2,
    ConstraintKind.EXCLUDE: 3,
    ConstraintKind.FOREIGN: 4,
}


# -- serial ----------------------------------------------------------------------------------------------------------


def serial_sequences(catalog: Catalog) -> dict[Key, tuple[Key, str]]:
    """Return the sequences that ``serial`` columns make by themselves, with table and column."""
    found = {}
    for sequence in catalog.of_type(Sequence):
        table = catalog.facts.get(sequence.owned_by[0]) if sequence.owned_by is not None else None
        if isinstance(table, Table) and sequence.owned_by is not None:
            column = table.column(sequence.owned_by[1])
            if _is_serial(column, table, sequence):
                found[sequence.key] = sequence.owned_by
    return found


def _is_serial(column: Column, table: Table, sequence: Sequence) -> bool:
    name = f"{table.key.name}_{column.name}_seq"
    printed = compose("nextval({name}::regclass)", name=Literal(str(Name(table.key.schema, name))))
    usual = _SERIAL.get(column.type.text)
    return (
        usual is not None
        and sequence.options == usual[1]
        and sequence.key == Key(Kind.SEQUENCE, table.key.schema, name)
        and len(name.encode()) <= _LONGEST_NAME
        and column.default == printed
        and column.not_null
        and not column.generated
        and not column.inherited
        and table.partition_of is None
        and sequence.comment is None
        and sequence.unlogged == table.unlogged
    )


# -- the statement ---------------------------------------------------------------------------------------------------


class TableWriter:
    """Writes the tables of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Look at the catalog once, as PostgreSQL prints it: which names are usual, which sequences are serial."""
        self._catalog = catalog
        self._names = UsualNames(catalog)
        self.serial = serial_sequences(catalog)
        self._serial_columns = set(self.serial.values())

    def create(self, table: Table, constraints: Iterable[Constraint]) -> str:
        """Return CREATE TABLE with the constraints that it can have at once."""
        if table.partition_of is not None:
            return _partition(table)
        rest = sorted(constraints, key=lambda found: (_ORDER[found.kind], found.name))
        beside: dict[str, list[Constraint]] = {}
        for constraint in list(rest):
            if self._stands_beside(constraint, table):
                beside.setdefault(constraint.columns[0], []).append(constraint)
                rest.remove(constraint)
        columns = [
            self._column(column, table, beside.get(column.name, ())) for column in table.columns if not column.inherited
        ]
        lines = _separated([text for text in columns if text], [self._constraint(found) for found in rest])
        return " ".join([_head(table, lines), *table_clauses(table, parameters)])

    def _stands_beside(self, constraint: Constraint, table: Table) -> bool:
        """Whether a constraint can be written in the line of its column."""
        plain = len(constraint.columns) == 1 and self._names.has_usual_name(constraint) and not constraint.options
        return plain and not table.column(constraint.columns[0]).inherited and _beside(constraint) is not None

    def _constraint(self, constraint: Constraint) -> str:
        definition = with_options(constraint)
        if constraint.kind != ConstraintKind.CHECK and self._names.has_usual_name(constraint):
            return definition
        return named(constraint)

    def _column(self, column: Column, table: Table, beside: Many[Constraint]) -> str:
        key = any(found.kind == ConstraintKind.PRIMARY for found in beside)
        serial = (table.key, column.name) in self._serial_columns
        parts = [] if table.of_type else [_SERIAL[column.type.text][0] if serial else spelt(column.type.text)]
        if column.collation and not table.of_type:
            parts.append(f"COLLATE {column.collation}")
        if column.identity:
            clauses = sequence_clauses(column.identity_options, of_type=False) if column.identity_options else ""
            parts.append(f"GENERATED {column.identity.upper()} AS IDENTITY" + (f" ({clauses})" if clauses else ""))
        parts += [_beside(found) or "" for found in beside if found.kind == ConstraintKind.PRIMARY]
        if column.not_null_name is not None:
            parts.append(compose("CONSTRAINT {name} NOT NULL", name=Name(column.not_null_name)))
        elif column.not_null and not (key or serial or column.identity or self._inherits_not_null(column, table)):
            parts.append("NOT NULL")
        if column.generated:
            parts.append(f"GENERATED ALWAYS AS ({column.default}) {column.generated.upper()}")
        elif column.default is not None and not serial:
            parts.append(f"DEFAULT {column.default}")
        parts += [_beside(found) or "" for found in beside if found.kind != ConstraintKind.PRIMARY]
        if table.of_type:
            return " ".join([str(Name(column.name)), "WITH OPTIONS", *parts]) if parts else ""
        return " ".join([str(Name(column.name)), *parts])

    def _inherits_not_null(self, column: Column, table: Table) -> bool:
        parents = (self._catalog.facts.get(parent) for parent in table.inherits)
        return any(
            model.name == column.name and model.not_null
            for parent in parents
            if isinstance(parent, Table)
            for model in parent.columns
        )


def named(constraint: Constraint) -> str:
    """Return ``CONSTRAINT name …``."""
    definition = Printed(with_options(constraint))
    text = compose("CONSTRAINT {name} {definition}", name=Name(constraint.name), definition=definition)
    if len(text) <= _LINE or constraint.kind not in {ConstraintKind.FOREIGN, ConstraintKind.CHECK}:
        return text
    return compose("CONSTRAINT {name}\n        {definition}", name=Name(constraint.name), definition=definition)


def with_options(constraint: Constraint) -> str:
    """Return the definition of a constraint with the storage parameters of its index, which PostgreSQL leaves out."""
    if not constraint.options:
        return constraint.definition
    clause = f" WITH {parameters(constraint.options)}"
    for mark in (" WHERE (", " DEFERRABLE", " INITIALLY"):
        head, found, tail = constraint.definition.rpartition(mark)
        if found and (mark != " WHERE (" or constraint.predicate is not None):
            return f"{head}{clause}{found}{tail}"
    return f"{constraint.definition}{clause}"


def _beside(constraint: Constraint) -> str | None:
    """Return a constraint of one column as it stands in the column's line; ``None`` where it cannot."""
    definition = constraint.definition
    columns = f" ({Name(constraint.columns[0])})"
    if constraint.kind == ConstraintKind.CHECK:
        return definition
    if constraint.kind == ConstraintKind.FOREIGN:
        head = f"FOREIGN KEY{columns} "
        return definition.removeprefix(head) if definition.startswith(head) else None
    if constraint.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}:
        head, found, tail = definition.partition(columns)
        return f"{head}{tail}" if found and not constraint.include else None
    return None


def _separated(columns: list[str], constraints: list[str]) -> str:
    """Return the lines inside the parentheses: columns, an empty line, constraints."""
    both = [*columns, *constraints]
    lines = [f"    {text}{',' if number < len(both) else ''}" for number, text in enumerate(both, 1)]
    if columns and constraints:
        lines.insert(len(columns), "")
    return "\n".join(lines)


def _head(table: Table, lines: str) -> str:
    of_type = compose(" OF {type}", type=name_of(table.of_type)) if table.of_type else ""
    body = f" (\n{lines}\n)" if lines else "" if of_type else " ()"
    parts = [
        compose(
            "CREATE {unlogged}TABLE {name}{of_type}{body}",
            unlogged=Printed("UNLOGGED " if table.unlogged else ""),
            name=name_of(table.key),
            of_type=Printed(of_type),
            body=Printed(body),
        )
    ]
    if table.inherits:
        parts.append(compose("INHERITS ({parents})", parents=[name_of(parent) for parent in table.inherits]))
    return " ".join(parts)


def _partition(table: Table) -> str:
    assert table.partition_of is not None
    head = compose(
        "CREATE {unlogged}TABLE {name} PARTITION OF {parent}{space}{bound}",
        unlogged=Printed("UNLOGGED " if table.unlogged else ""),
        name=name_of(table.key),
        parent=name_of(table.partition_of),
        space=Printed(" " if len(table.partition_bound or "") < _LINE // 2 else "\n    "),
        bound=Printed(table.partition_bound or "DEFAULT"),
    )
    return " ".join([head, *table_clauses(table, parameters)])


def bare(table: Table) -> Table:
    """Return a table without what is written after CREATE TABLE elsewhere: its owner and row-level security."""
    return replace(table, owner=None, row_security=False, force_row_security=False)
