"""Rows → facts: tables with their columns, constraints, indexes, statistics; views."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import (
    Column,
    Constraint,
    ConstraintKind,
    Fact,
    Index,
    IndexKey,
    Statistics,
    Table,
    View,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.build_types import sequence_options
from alembic_vibe.postgres.rows import options
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.facts import Options
    from alembic_vibe.postgres.rows import CatalogRows, Names

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_MATCHES = {"s": "SIMPLE", "f": "FULL", "p": "PARTIAL"}
_GENERATED = {"s": "stored", "v": "virtual"}
_IDENTITY = {"a": "always", "d": "by default"}
_STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}
_REPLICA_IDENTITY = {"d": "default", "n": "nothing", "f": "full"}
_PLAIN_DEFAULT = re.compile(r"[\w.:'\"]+(\(\))?\Z")  # a constant, a cast of one, a call without arguments
_OWN_INDEX = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}


def read_tables(rows: CatalogRows, names: Names) -> Iterator[Fact]:
    """Yield tables and everything that hangs on them, and views."""
    constraint_rows = _own_constraints(rows)
    behind = {row[19]: row[0] for row in constraint_rows if row[3] in _OWN_INDEX}
    columns = _columns(rows, names)
    yield from _relations(rows, names, columns)
    index_rows = {row[0]: row for row in rows["indexes"]}
    expression_collations = _Keys()
    yield from _constraints(rows, names, constraint_rows, index_rows, expression_collations)
    yield from _indexes(rows, names, behind, expression_collations)
    for oid, schema, name, relation, definition, target, owner in rows["statistics"]:
        table = names.relations.get(relation)
        if table is None:
            continue
        key = Key(Kind.STATISTICS, schema, name)
        names.name("pg_statistic_ext", oid, key)
        comment = names.comment("pg_statistic_ext", oid)
        yield Statistics(key=key, table=table, definition=definition, target=target, owner=owner, comment=comment)


def _own_constraints(rows: CatalogRows) -> list[tuple[Any, ...]]:
    """Leave out the copies that PostgreSQL makes of a foreign key for each partition of the referenced table."""
    return [row for row in rows["constraints"] if row[3] != "n" and not (row[18] and row[22] == row[1])]


def _not_null_names(rows: CatalogRows, names: Names) -> dict[tuple[int, str], str]:
    """Return the NOT NULL constraints (PostgreSQL 18 and later) that do not have their default name."""
    named = {}
    for row in rows["constraints"]:
        relation, name, kind, columns, local = row[1], row[2], row[3], row[5], row[17]
        table = names.relations.get(relation)
        if kind != "n" or table is None or not local or not columns:
            continue
        default = f"{table.name}_{columns[0]}_not_null"
        if name != default and len(default.encode()) < 64 and not _numbered(name, default):
            named[relation, columns[0]] = name
    return named


def _numbered(name: str, default: str) -> bool:
    """Whether PostgreSQL itself made the name unique by a number at its end."""
    return name.startswith(default) and name[len(default) :].isdigit()


@cache
def as_default(expression: str | None) -> str | None:
    """Return a default so that DEFAULT takes it: its grammar wants parentheses around some operators.

    PostgreSQL prints ``1 = ANY (…)`` without them; the manual's syntax is ``DEFAULT default_expr``, a ``b_expr``.
    """
    if expression is None or _PLAIN_DEFAULT.match(expression):
        return expression
    try:
        grammar.parse(f"CREATE TABLE t (c int DEFAULT {expression})")
    except grammar.GrammarError:
        return f"({expression})"
    return expression


def _unusual_name(sequence: tuple[Any, ...], table: str, column: str) -> str:
    """Return the name of an identity column's sequence where it is not the one that PostgreSQL chooses."""
    name = str(sequence[2])
    usual = f"{table}_{column}_seq"
    return "" if name == usual or len(usual.encode()) > 63 or _numbered(name, usual) else name


def _column_options(values: list[str] | None) -> Options:
    """Return ``pg_attribute.attoptions`` without the counter that some minor releases (15.20) keep there.

    ``pg_attver`` changes with every table and cannot be set: it says nothing about the schema.
    """
    return options(("", [value for value in values or () if not value.startswith("pg_attver=")]))


def _columns(rows: CatalogRows, names: Names) -> dict[int, tuple[Column, ...]]:
    identities = {(row[12], row[13]): row for row in rows["sequences"] if row[14]}
    not_null_names = _not_null_names(rows, names)
    result: dict[int, list[Column]] = defaultdict(list)
    for (
        relation,
        number,
        name,
        type_oid,
        text,
        not_null,
        default,
        generated,
        identity,
        collation,
        storage,
        compression,
        statistics,
        inherited,
        column_options,
        volatile_default,
    ) in rows["columns"]:
        if relation not in names.relations:
            continue
        sequence = identities.get((relation, name))
        result[relation].append(
            Column(
                name=name,
                type=names.type_ref(type_oid, text),
                not_null=not_null,
                default=default if generated else as_default(default),
                volatile_default=volatile_default,
                generated=_GENERATED.get(generated, ""),
                identity=_IDENTITY.get(identity, ""),
                identity_options=sequence_options(sequence) if sequence else None,
                identity_sequence=_unusual_name(sequence, names.relations[relation].name, name) if sequence else "",
                collation=collation,
                storage=_STORAGE.get(storage),
                compression=_COMPRESSION.get(compression),
                statistics=statistics,
                options=_column_options(column_options),
                not_null_name=not_null_names.get((relation, name)),
                inherited=inherited,
                comment=names.comment("pg_class", relation, number),
            )
        )
    return {relation: tuple(found) for relation, found in result.items()}


def _relations(rows: CatalogRows, names: Names, columns: dict[int, tuple[Column, ...]]) -> Iterator[Table | View]:
    for (
        oid,
        _schema,
        _name,
        kind,
        unlogged,
        owner,
        partition_key,
        bound,
        parents,
        reloptions,
        method,
        tablespace,
        of_type,
        row_security,
        force,
        identity,
        query,
        populated,
        toast_options,
        identity_index,
    ) in rows["relations"]:
        key = names.relations.get(oid)
        if key is None or kind == "c":
            continue
        parent_keys = tuple(names.relations[parent] for parent in parents or () if parent in names.relations)
        if kind in "vm":
            yield View(
                key=key,
                query=query.rstrip().removesuffix(";"),
                columns=columns.get(oid, ()),
                options=options(("", reloptions), ("toast.", toast_options)),
                populated=populated,
                unlogged=unlogged,
                tablespace=tablespace,
                owner=owner,
                comment=names.comment("pg_class", oid),
            )
            continue
        yield Table(
            key=key,
            columns=columns.get(oid, ()),
            partition_key=partition_key,
            partition_of=parent_keys[0] if bound is not None and parent_keys else None,
            partition_bound=bound,
            inherits=() if bound is not None else parent_keys,
            options=options(("", reloptions), ("toast.", toast_options)),
            unlogged=unlogged,
            access_method=method or "heap",
            tablespace=tablespace,
            of_type=names.key("pg_type", of_type) if of_type else None,
            row_security=row_security,
            force_row_security=force,
            replica_identity=_REPLICA_IDENTITY.get(identity, f"index {identity_index}"),
            owner=owner,
            comment=names.comment("pg_class", oid),
        )


class _Keys:
    """Index rows → index keys."""

    def keys(self, row: tuple[Any, ...], operators: list[str] | None = None) -> tuple[IndexKey, ...]:
        """Return the key columns and expressions of a row of ``indexes.sql``."""
        definition, count = row[4], row[7]
        columns, texts, collations, opclasses, opclass_options, flags = row[8:14]
        result = []
        for i in range(count):
            collation = collations[i]
            if collation is not None and columns[i] is None and f"{texts[i]} COLLATE {collation}" not in definition:
                collation = None  # an expression's own collation, which is not written
            opclass = opclasses[i]
            if opclass_options[i]:
                opclass = f"{opclass or self._default_opclass(definition, texts[i])}({opclass_options[i]})"
            flag = flags[i] if i < len(flags) else 0
            result.append(
                IndexKey(
                    column=columns[i],
                    expression=texts[i],
                    collation=collation,
                    opclass=opclass,
                    descending=bool(flag & 1),
                    nulls_first=bool(flag & 2),
                    operator=operators[i] if operators else None,
                    statistics=row[21][i],
                )
            )
        return tuple(result)

    @staticmethod
    def _default_opclass(definition: str, text: str) -> str:
        """Read the name of a default operator class that is printed because it has parameters."""
        _, _, rest = definition.partition(f"({text} ")
        if not rest:
            _, _, rest = definition.partition(f", {text} ")
        return rest.partition(" (")[0].partition("(")[0].strip()


def _constraints(
    rows: CatalogRows,
    names: Names,
    constraint_rows: list[tuple[Any, ...]],
    index_rows: dict[int, tuple[Any, ...]],
    keys: _Keys,
) -> Iterator[Constraint]:
    operators = dict(rows["exclusion_operators"])
    for row in constraint_rows:
        oid, relation, name, kind, definition, columns, expression, other, other_columns = row[:9]
        (
            on_update,
            on_delete,
            delete_columns,
            match,
            deferrable,
            deferred,
            validated,
            no_inherit,
            local,
            parent,
            index_oid,
        ) = row[9:20]
        enforced, period = row[20], row[21]
        table = names.relations.get(relation)
        if table is None:
            continue
        key = Key(Kind.CONSTRAINT, table.schema, table.name, name)
        names.name("pg_constraint", oid, key)
        index = index_rows.get(index_oid) if kind in _OWN_INDEX else None
        if index is not None:
            names.name("pg_class", index_oid, key)
        yield Constraint(
            key=key,
            kind=kind,
            definition=definition,
            columns=tuple(columns or ()),
            expression=expression if kind == ConstraintKind.CHECK else None,
            references=names.relations.get(other) if other else None,
            reference_columns=tuple(other_columns or ()),
            on_update=_ACTIONS.get(on_update, "NO ACTION"),
            on_delete=_ACTIONS.get(on_delete, "NO ACTION"),
            on_delete_columns=tuple(delete_columns or ()),
            match=_MATCHES.get(match, "SIMPLE"),
            deferrable=deferrable,
            initially_deferred=deferred,
            validated=validated,
            enforced=enforced,
            no_inherit=no_inherit and kind == ConstraintKind.CHECK,
            nulls_not_distinct=bool(index and index[15]),
            without_overlaps=period,
            include=tuple(index[8][index[7] :]) if index else (),
            method=index[6] if index else "btree",
            keys=keys.keys(index, operators.get(oid)) if index and kind == ConstraintKind.EXCLUDE else (),
            predicate=index[14] if index and kind == ConstraintKind.EXCLUDE else None,
            options=options(("", index[16])) if index else (),
            clustered=bool(index and index[18]),
            inherited=bool(parent) or not local,
            comment=names.comment("pg_constraint", oid),
        )


def _indexes(rows: CatalogRows, names: Names, behind: dict[int, int], keys: _Keys) -> Iterator[Index]:
    for row in rows["indexes"]:
        oid, relation, schema, name = row[:4]
        table = names.relations.get(relation)
        if oid in behind or table is None:
            continue
        key = Key(Kind.INDEX, schema, name)
        names.name("pg_class", oid, key)
        yield Index(
            key=key,
            table=table,
            definition=row[4],
            unique=row[5],
            method=row[6],
            keys=keys.keys(row),
            include=tuple(row[8][row[7] :]),
            predicate=row[14],
            nulls_not_distinct=row[15],
            options=options(("", row[16])),
            tablespace=row[17],
            clustered=row[18],
            valid=row[19],
            inherited=row[20],
            comment=names.comment("pg_class", oid),
        )
