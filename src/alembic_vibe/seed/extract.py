"""INSERT statements of a specification → seed rows by table.

Constants become values; everything else is kept as the SQL that the author wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import ConstraintKind, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.seed import rules
from alembic_vibe.seed.model import Json, SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.source import Span
from alembic_vibe.sql.statement import StatementKind
from alembic_vibe.sql.tree import QualifiedName, column_name, relation_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.sql.grammar import Token
    from alembic_vibe.sql.statement import Statement
    from alembic_vibe.sql.tree import Node


@dataclass(frozen=True)
class Extraction:
    """Seed tables, each after those it refers to, and what is wrong with the statements."""

    tables: tuple[SeedTable, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def extract_seeds(statements: Iterable[Statement], catalog: Catalog) -> Extraction:
    """Collect the rows of all INSERTs.

    Args:
        statements: The statements of the specification; only those of kind ``SEED`` are looked at.
        catalog: The schema that the specification makes.

    Returns:
        Rows by table, merged over statements, in the order of foreign keys; a statement with a mistake gives
        diagnostics and no rows.
    """
    run = _Run(catalog)
    for statement in statements:
        if statement.kind is StatementKind.SEED and statement.node_type == "InsertStmt":
            run.statement(statement)
    tables = [run.finish(key) for key in run.rows]
    return Extraction(tuple(in_dependency_order(tables, catalog)), tuple(run.diagnostics))


def in_dependency_order(tables: Sequence[SeedTable], catalog: Catalog) -> list[SeedTable]:
    """Sort tables so that each comes after those its foreign keys name; otherwise the order stays as it is."""
    by_key = {table.key: table for table in tables}
    parents: dict[Key, set[Key]] = {
        key: {
            constraint.references
            for constraint in catalog.constraints().get(key, ())
            if constraint.kind == ConstraintKind.FOREIGN and constraint.references in by_key
        }
        - {key}
        for key in by_key
    }
    ordered: dict[Key, SeedTable] = {}
    visiting: set[Key] = set()

    def visit(key: Key) -> None:
        if key in ordered or key in visiting:
            return
        visiting.add(key)
        for parent in by_key:
            if parent in parents[key]:
                visit(parent)
        ordered[key] = by_key[key]

    for key in by_key:
        visit(key)
    return list(ordered.values())


def natural_key(table: Key, given: set[str], catalog: Catalog) -> tuple[str, ...]:
    """Return the columns of the first primary key, UNIQUE constraint or unique index that ``given`` covers, or ()."""
    constraints = catalog.constraints().get(table, [])
    for kind in (ConstraintKind.PRIMARY, ConstraintKind.UNIQUE):
        for constraint in constraints:
            if constraint.kind == kind and given.issuperset(constraint.columns):
                return constraint.columns
    for index in catalog.indexes().get(table, []):
        columns = _plain_columns(index)
        if columns and given.issuperset(columns):
            return columns
    return ()


def _plain_columns(index: Index) -> tuple[str, ...]:
    if not index.unique or index.predicate or any(part.column is None for part in index.keys):
        return ()
    return tuple(part.column for part in index.keys if part.column is not None)


@dataclass
class _Run:
    catalog: Catalog
    diagnostics: list[Diagnostic] = field(default_factory=list)
    rows: dict[Key, list[SeedRow]] = field(default_factory=dict)
    conflict: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    first: dict[Key, Statement] = field(default_factory=dict)

    def report(self, rule: Rule, statement: Statement, span: Span, message: str) -> None:
        self.diagnostics.append(rule.diagnostic(message, source=statement.source, span=span))

    def statement(self, statement: Statement) -> None:
        node: Node = statement.node.get("InsertStmt", {})
        relation = node.get("relation", {})
        table = self._table(relation_name(relation))
        place = _relation_span(statement, relation)
        if table is None:
            self.report(rules.UNKNOWN_TABLE, statement, place, f"there is no table {relation_name(relation)}")
            return
        columns = self._columns(statement, node, table)
        if columns is None:
            return
        found = _rows(statement, node)
        if found is None:
            self.report(rules.NOT_ROWS, statement, place, f"the rows for {table.key.qualified} come from a query")
            return
        named = "cols" in node
        rows = [self._row(statement, table, columns, values, span, named=named) for values, span in found]
        self.rows.setdefault(table.key, []).extend(row for row in rows if row is not None)
        self.first.setdefault(table.key, statement)
        conflict = self._conflict(node.get("onConflictClause", {}), table)
        if conflict:
            self.conflict.setdefault(table.key, conflict)

    def _table(self, name: QualifiedName) -> Table | None:
        fact = self.catalog.facts.get(Key(Kind.TABLE, name.schema or "public", name.name))
        return fact if isinstance(fact, Table) else None

    def _columns(self, statement: Statement, node: Node, table: Table) -> list[str] | None:
        """The columns that values are given for; ``None`` after a report."""
        if "cols" not in node:
            return [column.name for column in table.columns if not column.generated]
        known = {column.name: column for column in table.columns}
        columns = []
        wrong = False
        for item in node["cols"]:
            target = item.get("ResTarget", {})
            name = target.get("name", "")
            start = statement.document_offset(target.get("location", 0))
            if name not in known or known[name].generated:
                problem = "is generated" if name in known else "does not exist"
                message = f"column {name} of {table.key.qualified} {problem}"
                self.report(rules.UNKNOWN_COLUMN, statement, Span(start, start + len(name)), message)
                wrong = True
            columns.append(name)
        return None if wrong else columns

    def _row(
        self,
        statement: Statement,
        table: Table,
        columns: list[str],
        values: list[Value | None],
        span: Span,
        *,
        named: bool,
    ) -> SeedRow | None:
        if len(values) > len(columns) or (named and len(values) < len(columns)):
            message = f"{_count(len(values), 'value')} for {_count(len(columns), 'column')} of {table.key.qualified}"
            self.report(rules.WRONG_COUNT, statement, span, message)
            return None
        given: dict[str, Value] = {}
        for name, value in zip(columns, values, strict=False):
            if value is not _DEFAULT:
                given[name] = _readable(value, table.column(name).type.base, array=table.column(name).type.array)
        return SeedRow(given, statement.source, span)

    def _conflict(self, clause: Node, table: Table) -> tuple[str, ...]:
        infer = clause.get("infer", {})
        name = infer.get("conname")
        if name:
            constraints = self.catalog.constraints().get(table.key, [])
            return next((constraint.columns for constraint in constraints if constraint.name == name), ())
        elements = [unwrap(item)[1] for item in infer.get("indexElems", ())]
        names = tuple(element.get("name", "") for element in elements)
        return names if all(names) else ()

    def finish(self, key: Key) -> SeedTable:
        rows = self.rows[key]
        given = set.intersection(*(set(row.values) for row in rows)) if rows else set()
        conflict = self.conflict.get(key, ())
        if not conflict or not given.issuperset(conflict):
            conflict = natural_key(key, given, self.catalog)
        if not conflict and rows:
            first = self.first[key]
            self.report(
                rules.NO_KEY, first, rows[0].span or first.span, f"nothing tells the rows of {key.qualified} apart"
            )
            conflict = tuple(sorted(given))
        return SeedTable(key, conflict, tuple(self._without_repeats(key, conflict, rows)))

    def _without_repeats(self, key: Key, conflict: tuple[str, ...], rows: list[SeedRow]) -> list[SeedRow]:
        seen: dict[str, SeedRow] = {}
        for row in rows:
            label = repr([row.values.get(name) for name in conflict])
            if label not in seen:
                seen[label] = row
            elif seen[label].values != row.values and row.source is not None and row.span is not None:
                shown = ", ".join(f"{name} = {row.values.get(name)!r}" for name in conflict)
                message = f"{key.qualified} already has a row with {shown}"
                self.diagnostics.append(rules.REPEATED.diagnostic(message, source=row.source, span=row.span))
        return list(seen.values())


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _relation_span(statement: Statement, relation: Node) -> Span:
    start = statement.document_offset(relation.get("location", 0))
    return Span(start, start + len(str(relation_name(relation))))


# Values. DEFAULT is told from NULL by identity.
_DEFAULT = SqlValue("DEFAULT")


def _rows(statement: Statement, node: Node) -> list[tuple[list[Value | None], Span]] | None:
    """The rows of an INSERT with the span of each; ``None`` where they come from a query over tables."""
    select = node.get("selectStmt", {}).get("SelectStmt")
    if select is None:  # INSERT … DEFAULT VALUES
        return [([], statement.span)]
    if "withClause" in node:
        return None
    picked: list[int] | None = None
    lists = select.get("valuesLists")
    if lists is None and "fromClause" in select:
        lists, picked = _subselect(select)
        if lists is None:
            return None
    if lists is None:
        items = [target.get("ResTarget", {}).get("val", {}) for target in select.get("targetList", ())]
        if not items or ("op" in select and select["op"] != "SETOP_NONE"):
            return None
        return [
            ([_value(item, text) for item, text in zip(items, _select_texts(statement), strict=False)], statement.span)
        ]
    rows = []
    for row, (texts, span) in zip(lists, _value_texts(statement), strict=False):
        items = row.get("List", {}).get("items", [])
        values = [_value(item, text) for item, text in zip(items, texts, strict=False)]
        rows.append(([values[at] for at in picked] if picked is not None else values, span))
    return rows


def _subselect(select: Node) -> tuple[list[Any] | None, list[int] | None]:
    """The lists of ``SELECT … FROM (VALUES …) AS v (names)``, and which of their columns are taken."""
    sources = select["fromClause"]
    inner = sources[0].get("RangeSubselect", {}) if len(sources) == 1 else {}
    lists = inner.get("subquery", {}).get("SelectStmt", {}).get("valuesLists")
    others = set(select) - {"targetList", "fromClause", "limitOption", "op"}
    if lists is None or others:
        return None, None
    names = [item["String"]["sval"] for item in inner.get("alias", {}).get("colnames", ())]
    picked: list[int] = []
    for target in select.get("targetList", ()):
        reference = target.get("ResTarget", {}).get("val", {}).get("ColumnRef")
        if reference is None:
            return None, None
        name = column_name(reference)
        if not name:  # a star
            return lists, None
        if name not in names:
            return None, None
        picked.append(names.index(name))
    return lists, picked


def _value_texts(statement: Statement) -> list[tuple[list[str], Span]]:
    """The source text of each value of each row, with the row's span."""
    from alembic_vibe.sql import grammar

    tokens = grammar.scan(statement.text)
    start = next(at for at, token in enumerate(tokens) if token.is_word and token.text.lower() == "values")
    rows = []
    at = start + 1
    while at < len(tokens) and tokens[at].text == "(":
        end = _closing(tokens, at)
        span = Span(statement.map.to_source(tokens[at].start), statement.map.to_source(tokens[end].end - 1) + 1)
        rows.append((_split(statement.text, tokens[at + 1 : end]), span))
        at = end + 1
        if at >= len(tokens) or tokens[at].text != ",":
            break
        at += 1
    return rows


def _select_texts(statement: Statement) -> list[str]:
    from alembic_vibe.sql import grammar

    tokens = grammar.scan(statement.text)
    start = next(at for at, token in enumerate(tokens) if token.is_word and token.text.lower() == "select")
    end = start + 1
    while end < len(tokens) and not (tokens[end].is_word and tokens[end].text.lower() in {"on", "returning"}):
        end = _closing(tokens, end) + 1 if tokens[end].text in {"(", "["} else end + 1
    return _split(statement.text, tokens[start + 1 : end])


def _closing(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for position in range(at, len(tokens)):
        if tokens[position].text in {"(", "["}:
            depth += 1
        elif tokens[position].text in {")", "]"}:
            depth -= 1
            if depth == 0:
                return position
    return len(tokens) - 1


def _split(text: str, tokens: Sequence[Token]) -> list[str]:
    """Split a list at its outer commas."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.text == "," and depth == 0:
            parts.append([])
            continue
        depth += (token.text in {"(", "["}) - (token.text in {")", "]"})
        parts[-1].append(token)
    return [text[part[0].start : part[-1].end] if part else "" for part in parts]


def _value(node: Node, text: str) -> Value:
    kind, body = unwrap(node)
    if kind == "SetToDefault":
        return _DEFAULT
    constant = _constant(kind, body)
    return SqlValue(text) if isinstance(constant, SqlValue) else constant


_NOT_CONSTANT = SqlValue("")


def _constant(kind: str, body: Node) -> Value:
    if kind == "A_Const":
        if body.get("isnull"):
            return None
        if "ival" in body:
            return int(body["ival"].get("ival", 0))
        if "boolval" in body:
            return bool(body["boolval"].get("boolval", False))
        if "fval" in body:
            digits: str = body["fval"].get("fval", "0")
            return float(digits) if repr(float(digits)) == digits else digits
        if "sval" in body:
            return str(body["sval"].get("sval", ""))
        return _NOT_CONSTANT  # a bit string
    if kind == "TypeCast":
        inner, constant = unwrap(body.get("arg", {}))
        target = body.get("typeName", {})
        if inner == "A_Const" and "sval" in constant and not target.get("typmods"):
            return str(constant["sval"].get("sval", ""))
        if inner == "A_ArrayExpr":
            return _constant(inner, constant)
    if kind == "A_ArrayExpr":
        items = [_constant(*unwrap(item)) for item in body.get("elements", ())]
        if all(isinstance(item, str | int | float | bool) for item in items):
            return [item for item in items if isinstance(item, str | int | float | bool)]
    return _NOT_CONSTANT


def _readable(value: Value, base: str, *, array: bool) -> Value:
    """Show JSON as JSON instead of as a text that holds JSON, where that says the same."""
    if base in {"json", "jsonb"} and not array and isinstance(value, str):
        try:
            decoded: Json = json.loads(value)
        except ValueError:
            return value  # the server will say what is wrong with it
        if isinstance(decoded, list) or (isinstance(decoded, dict) and set(decoded) != {"sql"}):
            return decoded
    return value


def with_rows(table: SeedTable, rows: Iterable[SeedRow]) -> SeedTable:
    """Return the table with other rows."""
    return replace(table, rows=tuple(rows))
