"""A table and all that goes where it goes: what belongs to it, making it anew, setting it aside in schema ``vibe``.

``ALTER TABLE … SET SCHEMA`` takes columns, constraints, indexes and owned sequences along (PostgreSQL manual, ALTER
TABLE). Triggers, policies, rules and extended statistics hold no rows, and may keep functions and roles from going:
they are dropped when a table is set aside, and made again when it comes back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Privileges, Sequence, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind
from alembic_vibe.plan.blocks import execute, vibe_name
from alembic_vibe.plan.planner import Origins, Section, plan_changes
from alembic_vibe.plan.situation import node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Node, Situation

CODE = {Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.STATISTICS}
_WITH_NAMES = {Kind.TABLE, Kind.INDEX, Kind.SEQUENCE, Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE}
_WITH_NAMES |= {Kind.FUNCTION, Kind.AGGREGATE, Kind.VIEW, Kind.MATERIALIZED_VIEW}
_OF_INDEX = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}


# -- what belongs to a table -----------------------------------------------------------------------------------------


def belongings(catalog: Catalog, table: Key) -> list[Key]:
    """Return the keys of what goes with a table, inherited parts included, the table itself not."""
    sequences = {
        fact.key for fact in catalog.of_type(Sequence) if fact.owned_by is not None and fact.owned_by[0] == table
    }
    found = []
    for key, fact in catalog.facts.items():
        if isinstance(fact, Index | Statistics):
            belongs = fact.table == table
        elif isinstance(fact, Privileges):
            belongs = fact.target == table or fact.target in sequences
        else:
            part = key.kind in {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}
            belongs = (part and table_of(key) == table) or key in sequences
        if belongs:
            found.append(key)
    return found


def family(catalog: Catalog, table: Key) -> list[Key]:
    """Return a table and its partitions, theirs included, each after its parent."""
    found = [table]
    for member in found:
        found.extend(fact.key for fact in catalog.of_type(Table) if fact.partition_of == member)
    return found


def household(catalog: Catalog, tables: Iterable[Key]) -> list[Key]:
    """Return some tables and what belongs to them, without what they inherit."""
    keys = [key for table in tables for key in (table, *belongings(catalog, table))]
    return [key for key in keys if not getattr(catalog.facts[key], "inherited", False)]


def changes_of(situation: Situation, keys: Collection[Key]) -> frozenset[Node]:
    """Return the changes of some objects, and of the columns of the tables among them."""
    wanted = set(keys)
    return frozenset(
        node_of(change)
        for change in situation.changes
        if change.key in wanted or (change.key.kind is Kind.COLUMN and table_of(change.key) in wanted)
    )


# -- making and unmaking ---------------------------------------------------------------------------------------------


def make(catalog: Catalog, source: Mapping[Key, str], keys: Collection[Key]) -> tuple[Step, ...]:
    """Return the steps that make some objects of a catalog plainly, each after what it needs.

    Args:
        catalog: In words to write.
        source: CREATE statements of the author.
        keys: What to make; inherited parts come by themselves.
    """
    changes = [
        Change(ChangeKind.ADD, key, None, fact)
        for key in keys
        if (fact := catalog.facts.get(key)) is not None and not getattr(fact, "inherited", False)
    ]
    origins = Origins(source=source, section={change.key: "" for change in changes})
    made = plan_changes(changes, catalog, origins, [Section("", "")])
    return tuple(step for revision in made.revisions for step in revision.steps)


def ups(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return what some steps do, in order."""
    return tuple(operation for step in steps for operation in step.up)


def downs(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return how some steps are undone, the last first."""
    return tuple(operation for step in reversed(tuple(steps)) for operation in step.down)


def unmake_code(table: Key, catalog: Catalog) -> Iterator[Execute]:
    """Yield what drops a table's own triggers, policies, rules and extended statistics."""
    for key in belongings(catalog, table):
        if getattr(catalog.facts[key], "inherited", False):
            continue
        if key.kind is Kind.STATISTICS:
            yield execute("DROP STATISTICS {name}", name=name_of(key))
        elif key.kind in CODE:
            kind = Printed(key.kind.value.upper())
            yield execute("DROP {kind} {name} ON {table}", kind=kind, name=Name(key.member), table=name_of(table))


def make_code(table: Key, situation: Situation) -> tuple[Operation, ...]:
    """Return what makes a table's own triggers, policies, rules and extended statistics as they were."""
    words = situation.old_words
    keys = [key for key in belongings(words, table) if key.kind in CODE]
    return ups(make(words, situation.old_source, keys))


# -- setting aside ---------------------------------------------------------------------------------------------------


_PARTS = {Kind.COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.PRIVILEGES}


def name_aside(key: Key, situation: Situation) -> str:
    """Return the name of a type, function or sequence in schema ``vibe``: its own, unless something else has that.

    What was in ``public`` keeps its name before others: statements find it there without its schema.
    """

    def rank(schema: str) -> tuple[bool, str]:
        return schema != "public", schema

    taken = any(
        found.kind is ChangeKind.DROP and found.key.name == key.name and rank(found.key.schema) < rank(key.schema)
        for found in situation.changes
        if found.key.kind not in _PARTS
    )
    return vibe_name(key.schema, key.name) if taken else key.name


@dataclass(frozen=True)
class Aside:
    """How tables go to schema ``vibe`` and come back; ``key`` is that of the first one there."""

    tables: tuple[Key, ...]
    key: Key
    there: tuple[Execute, ...]
    back: tuple[Execute, ...]
    renames: tuple[tuple[str, Key, str], ...] = ()  # INDEX, SEQUENCE or TABLE; the old key; the new name


def set_aside(tables: Collection[Key], situation: Situation, catalog: Catalog) -> Aside:
    """Return the moving of tables to schema ``vibe``, under other names where those are taken there.

    Args:
        tables: A table, and its partitions if it has some.
        situation: For what else is, or goes, there.
        catalog: Where the facts of the tables are.
    """
    there: list[Execute] = []
    back: list[Execute] = []
    renames: list[tuple[str, Key, str]] = []
    keys: list[Key] = []
    for table in tables:
        taken = _taken_aside(table, situation)
        name = table.name
        for key in _names_of(catalog, table):
            if key.name not in taken:
                continue
            what = {Kind.SEQUENCE: "SEQUENCE", Kind.TABLE: "TABLE"}.get(key.kind, "INDEX")
            other = vibe_name(table.schema, key.name)
            renames.append((what, key, other))
            there.append(_rename(what, name_of(key), other))
            back.insert(0, _rename(what, Name(key.schema, other), key.name))
            name = other if what == "TABLE" else name
        there.append(_move(Name(table.schema, name), SCHEMA))
        back.insert(0, _move(Name(SCHEMA, name), table.schema))
        keys.append(Key(Kind.TABLE, SCHEMA, name))
    return Aside(tuple(tables), keys[0], tuple(there), tuple(back), tuple(renames))


def remake_aside(aside: Aside, situation: Situation, catalog: Catalog) -> tuple[Operation, ...]:
    """Return what makes empty tables in schema ``vibe``, as they were there before they were dropped.

    Their own statements run with ``vibe`` searched first, so that they and what was set aside with them are found
    there; names in other schemas are written anew.
    """
    keys = [key for key in household(catalog, aside.tables) if key.kind not in CODE]
    steps = make(catalog, {}, [key for key in keys if not is_outgoing(catalog.facts[key])])
    gone = {change.key for change in situation.changes if change.kind is ChangeKind.DROP}
    own = {key for table in aside.tables for key in (table, *belongings(catalog, table)) if key.kind in _WITH_NAMES}
    first = vibe_name("made") if aside.renames else SCHEMA
    names = {
        Name(key.schema, key.name): Name(SCHEMA, key.name if key.kind is Kind.TABLE else name_aside(key, situation))
        for key in gone
        if key.kind in _WITH_NAMES
    }
    names |= {Name(key.schema, key.name): Name(first, key.name) for key in own}
    made: list[Operation] = [execute("CREATE SCHEMA {schema}", schema=Name(first))] if aside.renames else []
    path = Literal(", ".join(dict.fromkeys((str(Name(first)), SCHEMA))) + ", ")
    made.append(execute("SELECT set_config('vibe.search_path', current_setting('search_path'), true)"))
    made.append(execute("SELECT set_config('search_path', {path} || current_setting('search_path'), true)", path=path))
    made += [execute("{sql}", sql=Printed(_moved(sql, names))) for sql in _statements(steps)]
    made.append(execute("SELECT set_config('search_path', current_setting('vibe.search_path'), true)"))
    if aside.renames:
        others = {key: other for what, key, other in aside.renames if what == "TABLE"}
        made += [_rename(what, Name(first, key.name), other) for what, key, other in aside.renames]
        made += [_move(Name(first, others.get(table, table.name)), SCHEMA) for table in aside.tables]
        made.append(execute("DROP SCHEMA {schema}", schema=Name(first)))
    return tuple(made)


def _rename(what: str, old: Name, new: str) -> Execute:
    return execute("ALTER {what} {old} RENAME TO {new}", what=Printed(what), old=old, new=Name(new))


def _move(table: Name, schema: str) -> Execute:
    return execute("ALTER TABLE {table} SET SCHEMA {schema}", table=table, schema=Name(schema))


def standalone(catalog: Catalog, table: Key) -> Catalog:
    """Return the catalog with a partition, or a child, as it is without its parents: all that it inherits is its own.

    Identity columns of partitions are the parent's (PostgreSQL manual, 5.3): they end with it.
    """
    facts = dict(catalog.facts)
    fact = catalog.table(table)
    above = [catalog.table(parent) for parent in ((fact.partition_of,) if fact.partition_of else fact.inherits)]
    columns = tuple(_alone(column, fact, above) for column in fact.columns)
    facts[table] = replace(fact, partition_of=None, partition_bound=None, inherits=(), columns=columns)
    for key in belongings(catalog, table):
        found = facts[key]
        if isinstance(found, Constraint | Index) and found.inherited:
            facts[key] = replace(found, inherited=False)
    return replace(catalog, facts=facts)


def _alone(column: Column, table: Table, parents: list[Table]) -> Column:
    """Return a column of a table without its parents; its NOT NULL keeps the name that the first of them gave."""
    changed: dict[str, Any] = {"inherited": False}
    if column.not_null and column.inherited and column.not_null_name is None:
        for parent in parents:
            model = next((found for found in parent.columns if found.name == column.name and found.not_null), None)
            given = (model.not_null_name if model else None) or f"{parent.key.name}_{column.name}_not_null"
            if model is not None and given != f"{table.key.name}_{column.name}_not_null":
                changed["not_null_name"] = given
                break
    if table.partition_of is not None:
        changed |= {"identity": "", "identity_options": None, "identity_sequence": ""}
    return replace(column, **changed)


def is_outgoing(fact: object) -> bool:
    """Whether this is a foreign key to another table."""
    return isinstance(fact, Constraint) and fact.references is not None and fact.references != fact.table


def _statements(steps: Iterable[Step]) -> list[str]:
    return [sql for step in steps for operation in step.up for sql in operation.statements]


def _moved(sql: str, names: Mapping[Name, Name]) -> str:
    """Return a statement with other names; without a schema, the search path says where it is."""
    head, comment, text = sql.partition(" IS '") if sql.startswith("COMMENT ON ") else (sql, "", "")
    for old, new in names.items():
        head = re.sub(spelling(old), str(new).replace("\\", r"\\"), head)
    return head + comment + text


def spelling(name: Name) -> str:
    """Return a pattern for a name with its schema, quoted or not, as authors may write it."""
    parts = []
    for part in (name.schema or "", name.name):
        quoted = '"' + part.replace('"', '""') + '"'
        plain = str(Name(part)) == part
        parts.append(f"(?:{re.escape(quoted)}|(?i:{re.escape(part)}))" if plain else re.escape(quoted))
    return rf'(?<![\w".$]){parts[0]}\s*\.\s*{parts[1]}(?![\w"$])'


def _names_of(catalog: Catalog, table: Key) -> Iterator[Key]:
    """Yield the table and what else has a name among the relations of its schema and moves with it."""
    yield table
    fact = catalog.facts.get(table)
    if isinstance(fact, Table) and fact.partition_of is None:
        yield from (
            Key(Kind.SEQUENCE, table.schema, identity_sequence(table, column))
            for column in fact.columns
            if column.identity
        )
    for key in belongings(catalog, table):
        found = catalog.facts[key]
        if key.kind in {Kind.INDEX, Kind.SEQUENCE}:
            yield key
        elif isinstance(found, Constraint) and found.kind in _OF_INDEX:
            yield Key(Kind.INDEX, table.schema, found.name)


def identity_sequence(table: Key, column: Column) -> str:
    """Return the name of the sequence behind an identity column."""
    return column.identity_sequence or f"{table.name}_{column.name}_seq"


def sequences_of(catalog: Catalog, table: Key, aside: Aside) -> Iterator[tuple[Name, Name]]:
    """Yield the names of the sequences that a table owns, and theirs in schema ``vibe``."""
    others = {key: other for what, key, other in aside.renames if what == "SEQUENCE"}
    for key in _names_of(catalog, table):
        if key.kind is Kind.SEQUENCE:
            yield name_of(key), Name(SCHEMA, others.get(key, key.name))


def _taken_aside(table: Key, situation: Situation) -> set[str]:
    """Return the names that are taken in schema ``vibe`` when a table arrives there: earlier keys go first."""
    words = situation.old_words
    taken = {key.name for key in words.facts if key.schema == SCHEMA}
    going = sorted(
        change.key
        for change in situation.changes
        if change.kind is ChangeKind.DROP and change.key.kind is Kind.TABLE and change.key < table
    )
    for other in going:
        if other.schema != table.schema:
            taken |= {key.name for key in _names_of(words, other)}
    return taken
