"""The schema that the statements of a spec describe, as far as their trees tell: what the offline rules look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.created import PUBLIC, creates
from alembic_vibe.sql.statement import StatementKind
from alembic_vibe.sql.tree import (
    Node,
    QualifiedName,
    elements,
    option,
    relation_name,
    strings,
    type_name,
    unwrap,
    without_locations,
)

if TYPE_CHECKING:
    from alembic_vibe.sql.statement import MissingExtension, Statement


@dataclass(slots=True)  # not frozen: made by the ten thousand, and freezing triples the time
class Column:
    """A column: its type as PostgreSQL stores the name (``timestamptz``), its ``ColumnDef`` and its statement."""

    name: str
    type: QualifiedName
    is_array: bool
    node: Node
    statement: Statement


@dataclass(slots=True)
class Constraint:
    """A constraint of a table, with the columns that it is on."""

    kind: str  # "CONSTR_FOREIGN", …
    columns: tuple[str, ...]
    node: Node
    statement: Statement


@dataclass
class Table:
    """A table with all that CREATE TABLE and later ALTER TABLEs say of it."""

    name: QualifiedName
    statement: Statement
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    partition_keys: tuple[str, ...] | None = None  # ``""`` stands for an expression; None: not partitioned
    takes_columns_from: bool = False  # INHERITS, LIKE, PARTITION OF, OF type: more columns than are written down
    row_security: Statement | None = None


@dataclass(frozen=True)
class Index:
    """A CREATE INDEX. ``columns`` holds ``""`` for an expression; ``key`` all that decides what the index can serve."""

    name: str
    table: QualifiedName
    columns: tuple[str, ...]
    statement: Statement
    node: Node

    @property
    def is_plain(self) -> bool:
        """A B-tree on bare columns, of all rows."""
        return (
            self.node.get("accessMethod", "btree") == "btree"
            and "" not in self.columns
            and "whereClause" not in self.node
            and not any(item["IndexElem"].get("opclass") for item in self.node.get("indexParams", ()))
        )


class Outline:
    """Everything that the rules ask of the spec as a whole; each part is computed when it is first asked for."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self.statements = statements

    @cached_property
    def definitions(self) -> tuple[Statement, ...]:
        """The statements to check: all but those that are never executed, and those too deep to be read."""
        kinds = {StatementKind.DEFINITION, StatementKind.UNSUPPORTED, StatementKind.SESSION, StatementKind.EXAMPLE}
        return tuple(s for s in self.statements if s.kind in kinds and s.node)

    @cached_property
    def made(self) -> dict[Key, list[Statement]]:
        """Which statements make each object; a list longer than one is a duplicate, or an overloaded function."""
        made: dict[Key, list[Statement]] = defaultdict(list)
        for statement, keys in self.keys:
            for key in keys:
                made[key].append(statement)
        return dict(made)

    @cached_property
    def keys(self) -> tuple[tuple[Statement, tuple[Key, ...]], ...]:
        """Each statement that makes something, with what it makes."""
        found = ((s, creates(s)) for s in self.statements if s.kind is StatementKind.DEFINITION)
        return tuple((statement, keys) for statement, keys in found if keys)

    @cached_property
    def missing_extensions(self) -> tuple[MissingExtension, ...]:
        """The extensions that the spec uses without creating them."""
        from alembic_vibe.sql.extensions import missing_extensions

        return missing_extensions(self)

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Names outside schemas by kind: the roles, schemas, extensions that the spec makes."""
        result: dict[str, set[str]] = defaultdict(set)
        for key in self.made:
            if not key.schema:
                result[key.kind].add(key.name)
        return {kind: frozenset(names) for kind, names in result.items()}

    def makes(self, kind: Kind, name: str) -> bool:
        """Whether the spec makes a role, schema or extension of that name."""
        return name in self.names.get(kind, frozenset())

    @cached_property
    def duplicates(self) -> tuple[tuple[Key, Statement, Statement, bool], ...]:
        """``(key, first, second, same)`` for each object that is defined again; ``same``: word for word."""
        first: dict[tuple[str, ...], tuple[Key, Statement]] = {}
        found = []
        for statement, keys in self.keys:
            for key in keys[:1]:
                identity = _namespace(key, statement)
                if identity is None:
                    continue
                if identity not in first:
                    first[identity] = (key, statement)
                    continue
                _, earlier = first[identity]
                same = without_locations(earlier.node) == without_locations(statement.node)
                found.append((key, earlier, statement, same))
        return tuple(found)

    @cached_property
    def repeated(self) -> frozenset[int]:
        """The indexes of statements that say again, word for word, what an earlier one says."""
        return frozenset(second.index for _, _, second, same in self.duplicates if same)

    @cached_property
    def tables(self) -> dict[QualifiedName, Table]:
        """The tables, by name with its schema."""
        tables: dict[QualifiedName, Table] = {}
        alters: list[Statement] = []
        for statement in self.statements:
            if statement.kind is not StatementKind.DEFINITION:
                continue
            if statement.node_type == "CreateStmt":
                table = _table(statement)
                tables.setdefault(table.name, table)
            elif statement.node_type == "AlterTableStmt":
                alters.append(statement)
        for statement in alters:
            _, node = unwrap(statement.node)
            altered = tables.get(in_public(relation_name(node.get("relation"))))
            if altered is not None:
                _alter(altered, statement, node)
        return tables

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """The indexes that CREATE INDEX makes, in document order."""
        found = []
        for statement in self.statements:
            if statement.node_type == "IndexStmt" and statement.kind is StatementKind.DEFINITION:
                _, node = unwrap(statement.node)
                columns = tuple(item["IndexElem"].get("name", "") for item in node.get("indexParams", ()))
                table = in_public(relation_name(node.get("relation")))
                found.append(Index(node.get("idxname", ""), table, columns, statement, node))
        return tuple(found)

    @cached_property
    def indexes_by_table(self) -> dict[QualifiedName, tuple[Index, ...]]:
        """The indexes of each table."""
        result: dict[QualifiedName, list[Index]] = defaultdict(list)
        for index in self.indexes:
            result[index.table].append(index)
        return {table: tuple(indexes) for table, indexes in result.items()}

    def on_table(self, node_type: str, relation: str) -> dict[QualifiedName, list[Statement]]:
        """Return the statements of one type by the table that stands in their field ``relation``."""
        result: dict[QualifiedName, list[Statement]] = defaultdict(list)
        for statement in self.statements:
            if statement.node_type == node_type:
                result[in_public(relation_name(unwrap(statement.node)[1].get(relation)))].append(statement)
        return result


def in_public(name: QualifiedName) -> QualifiedName:
    """Return the name with its schema, ``public`` where it has none."""
    return name if name.schema else QualifiedName(PUBLIC, name.name)


_RELATIONS = frozenset({Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE})


def _namespace(key: Key, statement: Statement) -> tuple[str, ...] | None:
    """Return what must be unique: relations share one namespace, functions may be overloaded."""
    if statement.node_type == "AlterTableStmt" and key.kind is not Kind.CONSTRAINT:
        return None
    if key.kind in _RELATIONS:
        return ("relation", key.schema, key.name)
    if key.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
        _, node = unwrap(statement.node)
        return ("function", key.schema, key.name, *_arguments(node))
    return (key.kind, key.schema, key.name, key.member)


def _arguments(node: Node) -> list[str]:
    parameters = [p.get("FunctionParameter", {}) for p in node.get("parameters", ())]
    inputs = [p for p in parameters if p.get("mode") not in {"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"}]
    return [f"{type_name(p.get('argType'))}{'[]' if p.get('argType', {}).get('arrayBounds') else ''}" for p in inputs]


def _table(statement: Statement) -> Table:
    kind, node = unwrap(statement.node)
    table = Table(in_public(relation_name(node.get("relation"))), statement)
    table.takes_columns_from = (
        "inhRelations" in node or "ofTypename" in node or any("TableLikeClause" in e for e in node.get("tableElts", ()))
    )
    if "partspec" in node:
        parts = (part.get("PartitionElem", {}) for part in node["partspec"].get("partParams", ()))
        table.partition_keys = tuple(part.get("name", "") for part in parts)
    _take(table, statement, kind, node)
    return table


def _alter(table: Table, statement: Statement, node: Node) -> None:
    _take(table, statement, "AlterTableStmt", node)
    for item in node.get("cmds", ()):
        if item.get("AlterTableCmd", {}).get("subtype") == "AT_EnableRowSecurity":
            table.row_security = statement


def _take(table: Table, statement: Statement, kind: str, node: Node) -> None:
    for sort, element in elements(kind, node):
        if sort == "Constraint":
            columns = strings(element.get("fk_attrs" if element["contype"] == "CONSTR_FOREIGN" else "keys"))
            table.constraints.append(Constraint(element["contype"], tuple(columns), element, statement))
            continue
        name = element["colname"]
        column_type = element.get("typeName", {})
        table.columns.setdefault(
            name, Column(name, type_name(column_type), "arrayBounds" in column_type, element, statement)
        )
        for item in element.get("constraints", ()):
            constraint = item.get("Constraint", {})
            table.constraints.append(Constraint(constraint.get("contype", ""), (name,), constraint, statement))


def function_body(node: Node) -> tuple[str, str]:
    """Return language and body of a ``CreateFunctionStmt`` body; both may be empty."""
    language = option(node.get("options"), "language")
    body = option(node.get("options"), "as")
    texts = strings((body or {}).get("arg", {}).get("List", {}).get("items"))
    name = (language or {}).get("arg", {}).get("String", {}).get("sval", "")
    return name.lower(), texts[0] if texts else ""
