"""What the models of one release know of its tables: columns, keys, and rows that they could read and write.

Facts come from the release's catalog; how values are spelt, and which rows there are, from a database where the release
is at home.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.rows import one_row_more
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog

Row = dict[str, "str | None"]  # the text of each value, as the server casts it

# The type of a value as a driver names it: below any domain, and without length or precision, because a cast to
# varchar(3) would cut what a release sends. Types without a meaningful "=" are compared by their text.
_TYPES = """
WITH RECURSIVE base AS (
  SELECT t.oid, t.oid AS base FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
  UNION ALL
  SELECT b.oid, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.base WHERE t.typtype = 'd'
)
SELECT n.nspname, c.relname, a.attname, pg_catalog.format_type(t.oid, -1),
       t.typcategory NOT IN ('A', 'C', 'G') AND t.typname NOT IN ('json', 'xml', 'txid_snapshot', 'pg_snapshot')
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN base b ON b.oid = a.atttypid
  AND EXISTS (SELECT FROM pg_catalog.pg_type d WHERE d.oid = b.base AND d.typtype <> 'd')
JOIN pg_catalog.pg_type t ON t.oid = coalesce(b.base, a.atttypid)
WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
ORDER BY c.oid, a.attnum
"""


@dataclass(frozen=True, slots=True)
class ReleasedColumn:
    """A column as a release uses it. ``type`` is what its values are cast to; ``required``: an INSERT must name it."""

    name: str
    type: Printed
    has_equality: bool
    writable: bool
    required: bool
    nullable: bool

    def value(self, text: str | None) -> Printed:
        """Return a value as the release would send it: with its type."""
        if text is None:
            return Printed("NULL")
        return Printed(compose("{text}::{type}", text=Literal(text), type=self.type))

    def holds(self, text: str | None) -> Printed:
        """Return the condition that the column has a value."""
        name = Name(self.name)
        if text is None:
            return Printed(compose("{name} IS NULL", name=name))
        if self.type.sql == "jsonb":  # clients read json the same
            return Printed(compose("{name}::jsonb = {value}", name=name, value=self.value(text)))
        if self.has_equality:
            return Printed(compose("{name} = {value}", name=name, value=self.value(text)))
        return Printed(compose("{name}::text = {value}::text", name=name, value=self.value(text)))


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as a release uses it.

    ``row_key``: the columns that identify a row; empty where nothing does. ``targets``: what ``ON CONFLICT`` may name,
    as PostgreSQL spells it, with its columns, by the name of the key. ``existing`` and ``new``: rows that are there,
    and one that could be; ``why_no_row`` says why it could not.
    """

    key: Key
    columns: tuple[ReleasedColumn, ...]
    row_key: tuple[str, ...]
    targets: Mapping[str, tuple[Printed, tuple[str, ...]]]
    existing: tuple[Row, ...] = ()
    new: Row | None = None
    count: int = 0
    why_no_row: str = ""

    @property
    def name(self) -> Name:
        """The table's name for SQL."""
        return Name(self.key.schema, self.key.name)

    def column(self, name: str) -> ReleasedColumn:
        """Return the column of that name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def where(self, row: Row, given: Collection[str] = ()) -> Printed:
        """Return the condition that finds a row: by its key, or by all that is known of it.

        Args:
            row: The row.
            given: The columns whose values are known; all by default.
        """
        known = [column for column in self.columns if column.name in (given or row)]
        names = {column.name for column in known}
        if self.row_key and names.issuperset(self.row_key):
            known = [column for column in known if column.name in self.row_key]
        return Printed(" AND ".join(column.holds(row[column.name]).sql for column in known) or "true")


@dataclass(slots=True)
class _Draft:
    fact: Table
    columns: list[ReleasedColumn] = field(default_factory=list)
    row_key: tuple[str, ...] = ()
    targets: dict[str, tuple[Printed, tuple[str, ...]]] = field(default_factory=dict)


def read_release(
    connection: psycopg.Connection[Any], catalog: Catalog, tables: Iterable[Key] | None = None
) -> list[ReleasedTable]:
    """Read the tables of a release, with rows to work with, on a database where it is at home.

    Partitions are left out: releases read and write their roots.

    Args:
        connection: To that database; what is made here is rolled back.
        catalog: What the release knows.
        tables: Only these; default is all of the catalog's.
    """
    wanted = None if tables is None else set(tables)
    facts = [
        fact for fact in catalog.of_type(Table) if fact.partition_of is None and (wanted is None or fact.key in wanted)
    ]
    drafts = {fact.key: _Draft(fact) for fact in facts}
    _add_columns(connection, drafts)
    constraints, indexes = catalog.constraints(), catalog.indexes()
    for key, draft in drafts.items():
        _add_keys(draft, constraints.get(key, ()), indexes.get(key, ()))
    return _with_rows(connection, list(drafts.values()))


def _add_columns(connection: psycopg.Connection[Any], drafts: Mapping[Key, _Draft]) -> None:
    schemas, names = [key.schema for key in drafts], [key.name for key in drafts]
    for schema, table, name, type_, has_equality in connection.execute(_TYPES, (schemas, names)):
        draft = drafts[Key(Kind.TABLE, schema, table)]
        fact = next((column for column in draft.fact.columns if column.name == name), None)
        if fact is None:
            continue
        writable = not fact.generated and fact.identity != "always"
        fills_itself = fact.default is not None or bool(fact.identity)
        draft.columns.append(
            ReleasedColumn(
                name=name,
                type=Printed(type_),
                has_equality=has_equality,
                writable=writable,
                required=writable and fact.not_null and not fills_itself,
                nullable=not fact.not_null,
            )
        )


def _add_keys(draft: _Draft, constraints: Sequence[Constraint], indexes: Sequence[Index]) -> None:
    not_null = {column.name for column in draft.fact.columns if column.not_null}
    keys = [found for found in constraints if found.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}]
    keys.sort(key=lambda found: found.kind != ConstraintKind.PRIMARY)
    for constraint in keys:
        target = compose("({columns})", columns=[Name(column) for column in constraint.columns])
        draft.targets[constraint.name] = (Printed(target), constraint.columns)
        if not draft.row_key and not_null.issuperset(constraint.columns):
            draft.row_key = constraint.columns
    for index in indexes:
        if not index.unique:
            continue
        names = [part.column for part in index.keys if part.column is not None]
        elements = [Name(part.column) if part.column else Printed(part.expression) for part in index.keys]
        target = compose("({elements})", elements=elements)
        if index.predicate:
            target = compose("{target} WHERE {condition}", target=Printed(target), condition=Printed(index.predicate))
        draft.targets[index.key.name] = (Printed(target), tuple(names))
        if not draft.row_key and not index.predicate and len(names) == len(index.keys) and not_null.issuperset(names):
            draft.row_key = tuple(names)


def _with_rows(connection: psycopg.Connection[Any], drafts: Sequence[_Draft]) -> list[ReleasedTable]:
    counts: dict[Key, int] = {}
    existing: dict[Key, tuple[Row, ...]] = {}
    for draft in drafts:
        rows, counts[draft.fact.key] = _read_rows(connection, draft)
        existing[draft.fact.key] = tuple(rows)
    new: dict[Key, Row] = {}
    reasons: dict[Key, str] = {}
    with connection.transaction(force_rollback=True):
        begin = connection.execute("SELECT pg_catalog.pg_current_xact_id()::text").fetchone()
        assert begin is not None
        by_key = {draft.fact.key: draft for draft in drafts}
        for key, reason in one_row_more(connection, by_key):
            rows, _ = _read_rows(connection, by_key[key], since=begin[0])
            if rows:
                new[key] = rows[0]
            else:
                reasons[key] = reason
    return [
        ReleasedTable(
            key=draft.fact.key,
            columns=tuple(draft.columns),
            row_key=draft.row_key,
            targets=draft.targets,
            existing=existing[draft.fact.key],
            new=new.get(draft.fact.key),
            count=counts[draft.fact.key],
            why_no_row=reasons.get(draft.fact.key, "no row more was accepted"),
        )
        for draft in drafts
    ]


def _read_rows(connection: psycopg.Connection[Any], draft: _Draft, since: str = "") -> tuple[list[Row], int]:
    """Return up to three rows, and how many there are.

    Args:
        connection: Where.
        draft: The table.
        since: Only rows that this transaction or one after it has made.
    """
    if not draft.columns:
        return [], 0
    names = [column.name for column in draft.columns]
    texts: Sequence[Printed] = [Printed(compose("{name}::text", name=Name(name))) for name in names]
    made = Printed(compose("age(xmin) <= age({since}::xid)", since=Literal(since)) if since else "true")
    key: Sequence[Printed | Name] = [Name(name) for name in draft.row_key] or texts
    query = compose(
        "SELECT {texts}, count(*) OVER () FROM {table} WHERE {made} ORDER BY {key} LIMIT 3",
        texts=texts,
        table=Name(draft.fact.key.schema, draft.fact.key.name),
        made=made,
        key=key,
    )
    found = connection.execute(query.encode()).fetchall()
    rows = [dict(zip(names, values[:-1], strict=True)) for values in found]
    return rows, found[0][-1] if found else 0
