"""Keys of tables in use: unique indexes, and UNIQUE and PRIMARY KEY constraints on them (recipes 22 to 24, 28 to 30).

What stands on an index is built beside readers and writers: the index first, then the constraint over it. On a
partitioned table each partition's is built, and attached to that of its parent, which is made for the parent ONLY
(PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently"; ALTER TABLE, "ADD table_constraint_using_index").

Everything here stands outside a transaction, and begins by taking away what a broken attempt left.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import alter, execute, shown
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Verify
from alembic_vibe.plan.operations import CreateIndex, DropIndex
from alembic_vibe.plan.partitions import partitions
from alembic_vibe.plan.situation import column_key
from alembic_vibe.plan.sql import cluster_on, comment_on, key_statistics, name_of
from alembic_vibe.plan.twins import index_of
from alembic_vibe.sql.compose import Name, Part, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

_SETTINGS = re.compile(r" WITH \([^()]*\)(?=$| TABLESPACE | WHERE )")

UNIQUE = frozenset({ConstraintKind.PRIMARY, ConstraintKind.UNIQUE})


# -- what it is ------------------------------------------------------------------------------------------------------


def is_key(fact: object) -> bool:
    """Whether this is a constraint that can be put over an index that is there: UNIQUE or PRIMARY KEY, not temporal."""
    return isinstance(fact, Constraint) and fact.kind in UNIQUE and not fact.without_overlaps


def is_partitioned(table: Key, catalog: Catalog) -> bool:
    """Whether a table has partitions, or shall have them."""
    fact = catalog.facts.get(table)
    return isinstance(fact, Table) and fact.partition_key is not None


def builds_at_once(fact: Constraint, catalog: Catalog) -> bool:
    """Whether a constraint is built under a lock: the primary key of a partitioned table.

    One that a partition had before would make the partition's NOT NULL constraints its own (PostgreSQL 18).
    """
    return fact.kind == ConstraintKind.PRIMARY and is_partitioned(fact.table, catalog)


def relation_name(fact: Constraint | Index) -> Name:
    """Return the name of the index, or of the one behind a constraint."""
    return Name(fact.key.schema, fact.name) if isinstance(fact, Constraint) else name_of(fact.key)


def own_name(fact: Constraint | Index) -> str:
    """Return the name without its schema."""
    return fact.name if isinstance(fact, Constraint) else fact.key.name


def named(fact: Index, name: str) -> Index:
    """Return an index under another name: PostgreSQL prints ``CREATE [UNIQUE] INDEX name ON …``."""
    definition = fact.definition.replace(f" INDEX {Name(fact.key.name)} ON ", f" INDEX {Name(name)} ON ", 1)
    return replace(fact, key=Key(Kind.INDEX, fact.key.schema, name), definition=definition)


# -- building and dropping -------------------------------------------------------------------------------------------


def build(fact: Constraint | Index, context: Context) -> tuple[Operation, ...]:
    """Return what makes an index, or a constraint over one, beside readers and writers, with all its settings."""
    return (*remove(fact, context), *_make(fact, context.target), *settings(fact))


def remove(fact: Constraint | Index, context: Context) -> tuple[Operation, ...]:
    """Return what takes it away, if it is there."""
    found: list[Operation] = []
    if isinstance(fact, Constraint):
        found.append(alter(fact.table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(fact.name)))
    found.append(_drop(fact, concurrently=not is_partitioned(fact.table, context.target)))
    return tuple(found)


def build_index(index: Index) -> tuple[Operation, ...]:
    """Return what makes an index of an ordinary table or materialised view, or a stand-in for it; no settings."""
    definition = index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1)
    return (_drop(index), CreateIndex(index, (definition,), concurrently=True))


def drop_index(index: Index) -> DropIndex:
    """Return what drops an index beside readers and writers."""
    return _drop(index)


def settings(fact: Constraint | Index) -> tuple[Operation, ...]:
    """Return what the statement that makes it cannot say: comment, statistics targets, CLUSTER ON."""
    target: Name | Printed = relation_name(fact)
    what = "INDEX"
    if isinstance(fact, Constraint):
        target, what = Printed(f"{Name(fact.name)} ON {name_of(fact.table)}"), "CONSTRAINT"
    found: list[Operation] = [*comment_on(what, target, fact.comment)]
    found.extend(key_statistics(relation_name(fact), fact.keys))
    if fact.clustered:
        found.append(cluster_on(fact.table, own_name(fact)))
    return tuple(found)


def over_index(constraint: Constraint, index: str) -> str:
    """Return ``ADD CONSTRAINT … USING INDEX …``, an action of ALTER TABLE; the index gets the constraint's name."""
    late = ""
    if constraint.deferrable:
        late = " DEFERRABLE INITIALLY DEFERRED" if constraint.initially_deferred else " DEFERRABLE"
    return compose(
        "ADD CONSTRAINT {name} {kind} USING INDEX {index}{late}",
        name=Name(constraint.name),
        kind=Printed("PRIMARY KEY" if constraint.kind == ConstraintKind.PRIMARY else "UNIQUE"),
        index=Name(index),
        late=Printed(late),
    )


def _drop(fact: Constraint | Index, *, concurrently: bool = True) -> DropIndex:
    index = fact if isinstance(fact, Index) else index_of(fact, fact.name)
    sql = compose(
        "DROP INDEX {how}IF EXISTS {name}",
        how=Printed("CONCURRENTLY " if concurrently else ""),
        name=relation_name(fact),
    )
    return DropIndex(index, (sql,), concurrently=concurrently, if_exists=True)


def _make(fact: Constraint | Index, catalog: Catalog) -> Iterator[Operation]:
    table = fact.table
    if not is_partitioned(table, catalog):
        index = fact if isinstance(fact, Index) else index_of(fact, fact.name)
        yield build_index(index)[1]
        if isinstance(fact, Constraint):
            yield alter(table, "{adding}", adding=Printed(over_index(fact, fact.name)))
        return
    if isinstance(fact, Constraint):
        yield execute(
            "ALTER TABLE {only}{table} ADD CONSTRAINT {name} {definition}",
            only=Printed("" if builds_at_once(fact, catalog) else "ONLY "),
            table=name_of(table),
            name=Name(fact.name),
            definition=Printed(fact.definition),
        )
        if builds_at_once(fact, catalog):
            return
    else:
        yield CreateIndex(fact, (fact.definition,))
    for part in parts(fact, catalog):
        if isinstance(part, Constraint):
            yield alter(part.table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(part.name))
        yield _drop(part, concurrently=not is_partitioned(part.table, catalog))
        yield from _make(part, catalog)
        yield execute(
            "ALTER INDEX {index} ATTACH PARTITION {part}", index=relation_name(fact), part=relation_name(part)
        )


def parts(fact: Constraint | Index, catalog: Catalog) -> list[Constraint | Index]:
    """Return what the partitions right below have of an index or constraint of a partitioned table.

    Where two of the parent are the same but for their names, the first one has the first of each partition.
    """
    found: list[Constraint | Index] = []
    place = _alike(fact, fact.table, catalog).index(own_name(fact))
    for table in partitions(catalog, fact.table):
        mine = _alike(fact, table, catalog, inherited=True)
        if place >= len(mine):
            continue
        key = table._replace(kind=Kind.CONSTRAINT, member=mine[place])
        if isinstance(fact, Index):
            key = Key(Kind.INDEX, table.schema, mine[place])
        part = catalog.facts[key]
        assert isinstance(part, Constraint | Index)
        found.append(part)
    return found


def _alike(fact: Constraint | Index, table: Key, catalog: Catalog, *, inherited: bool = False) -> list[str]:
    facts: Mapping[Key, Sequence[Constraint | Index]]
    facts = catalog.constraints() if isinstance(fact, Constraint) else catalog.indexes()
    others = facts.get(table, ())
    return [own_name(other) for other in others if _shape(other) == _shape(fact) and (other.inherited or not inherited)]


def _shape(fact: Constraint | Index) -> tuple[object, ...]:
    if isinstance(fact, Constraint):
        return (fact.kind, fact.definition)
    # PostgreSQL's print: only the parent's expressions are known in the author's words.
    return (fact.unique, fact.method, fact.nulls_not_distinct, _SETTINGS.sub("", _columns(fact)))


def _columns(fact: Index) -> str:
    after = fact.definition.partition(f" INDEX {Name(fact.key.name)} ON ")[2].removeprefix("ONLY ")
    return after.partition(f" USING {Name(fact.method)} (")[2]


# -- when ------------------------------------------------------------------------------------------------------------


def columns_of(fact: Constraint | Index) -> tuple[str, ...] | None:
    """Return the columns that decide whether rows are the same; ``None`` where expressions do."""
    if isinstance(fact, Constraint):
        return fact.columns
    if any(key.column is None for key in fact.keys):
        return None
    return tuple(key.column for key in fact.keys if key.column is not None)


def phase_of_unique(fact: Constraint | Index, situation: Situation) -> Phase:
    """Return when rows may be kept from being the same.

    The running release may write such rows until it is gone; but not where it cannot write the columns, which are new,
    and what they get by themselves differs or is NULL.
    """
    return Phase.EXPAND if _only_new(fact, situation) else Phase.CONTRACT


def _only_new(fact: Constraint | Index, situation: Situation) -> bool:
    columns = columns_of(fact)
    if not columns or fact.nulls_not_distinct:
        return False
    changes = [situation.by_key.get(column_key(fact.table, column), ()) for column in columns]
    if not all(found and found[0].kind is ChangeKind.ADD for found in changes):
        return False
    added = [found[0].after for found in changes]
    return any(isinstance(one, Column) and _differs(one) for one in added)


def _differs(column: Column) -> bool:
    return column.default is None or bool(column.identity) or "nextval(" in column.default or "uuid" in column.default


def no_duplicates(fact: Constraint | Index) -> Verify:
    """Return the check that no rows are the same in what shall be unique."""
    if isinstance(fact, Constraint):
        keys = [str(Name(column)) for column in fact.columns]
    else:
        keys = [_key(key.expression, key.collation) for key in fact.keys]
    conditions = [] if fact.nulls_not_distinct else [f"{key} IS NOT NULL" for key in keys]
    if fact.predicate is not None:
        conditions.append(f"({fact.predicate})")
    words: dict[str, Part] = {
        "table": name_of(fact.table),
        "where": Printed(f" WHERE {' AND '.join(conditions)}" if conditions else ""),
        "keys": Printed(", ".join(keys)),
    }
    query = compose(
        "SELECT count(*) FROM (SELECT count(*) FROM {table}{where} GROUP BY {keys} HAVING count(*) > 1) AS twice",
        **words,
    )
    return Verify(query, f"groups of rows of {shown(fact.table)} have the same {', '.join(keys)}")


def _key(expression: str, collation: str | None) -> str:
    return f"{expression} COLLATE {collation}" if collation else expression


# -- what refers to it -----------------------------------------------------------------------------------------------


def incoming(key: Key, catalog: Catalog, situation: Situation) -> list[Constraint]:
    """Return the foreign keys that are bound to a key in one state and stay as they are: another key must hold them."""
    found = []
    for user, needed in catalog.depends.items():
        stays = user in situation.before.facts and user not in situation.by_key
        if key in needed and user.kind is Kind.CONSTRAINT and stays:
            fact = situation.new_words.facts.get(user)
            if isinstance(fact, Constraint) and fact.references is not None and not fact.inherited:
                found.append(fact)
    return sorted(found, key=lambda fact: fact.key)


def made(fact: Constraint | Index, context: Context) -> tuple[Operation, ...]:
    """Return what makes it at once, under a lock."""
    return makers_by_kind()[fact.key.kind].create(fact, context).up
