"""Indexes and constraints of a column, for the column that will take its place.

They are built and validated beside readers and writers under names of their own, and get their right names when the
columns change places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, IndexKey
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.blocks import add_not_valid, alter, create_index, drop_index, execute, validate, vibe_name
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import column_key, table_of
from alembic_vibe.plan.sql import comment_on, name_of
from alembic_vibe.plan.words import with_columns
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

_UNIQUE = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}


@dataclass(frozen=True)
class Twin:
    """An index or constraint as it was and as it shall be; ``new`` is ``None`` where it goes for good.

    ``name`` is the one that the new one has until the columns change places.
    """

    old: Index | Constraint
    new: Index | Constraint | None
    name: str


def find_twins(key: Key, old: str, situation: Situation, names: Mapping[str, str] | None = None) -> list[Twin]:
    """Return the indexes and constraints of a column, each with its counterpart.

    Args:
        key: The column of the wanted state.
        old: Its old name.
        situation: Both states.
        names: The columns of the table that get other names: old → new.
    """
    table = table_of(key)
    before = _users(table, old, situation.before)
    after = _users(table, key.member, situation.after)
    taken = {name_key(found) for found in situation.before.facts}
    result = []
    left = dict.fromkeys(after)
    for user in before:
        other = user if user in left else _same(user, list(left), situation, names or {})
        fact = situation.old_fact(user)
        assert isinstance(fact, Index | Constraint)
        if other is None:
            result.append(Twin(fact, None, ""))
            continue
        left.pop(other)
        wanted = situation.new_fact(other)
        assert isinstance(wanted, Index | Constraint)
        final = own_name(wanted)
        result.append(Twin(fact, wanted, vibe_name("new", final) if name_key(other) in taken else final))
    return result


def name_key(key: Key) -> tuple[str, str, str]:
    """Return what may exist once: constraints share names with their table's others, indexes with all relations."""
    return (key.schema, key.name, key.member) if key.kind is Kind.CONSTRAINT else (key.schema, "", key.name)


def own_name(fact: Index | Constraint) -> str:
    """Return the name of an index or constraint, without its schema."""
    return fact.key.name if isinstance(fact, Index) else fact.name


def _users(table: Key, column: str, catalog: Catalog) -> list[Key]:
    found = set(catalog.column_users.get((table, column), ()))
    for constraint in catalog.of_type(Constraint):
        if constraint.table == table and column in constraint.columns:
            found.add(constraint.key)
    kinds = {Kind.INDEX, Kind.CONSTRAINT}
    facts = {key: catalog.facts.get(key) for key in found if key.kind in kinds}
    return sorted(
        key
        for key, fact in facts.items()
        if isinstance(fact, Index | Constraint) and _table(fact) == table and not fact.inherited
    )


def _table(fact: Index | Constraint) -> Key:
    return fact.table


def _same(user: Key, others: list[Key], situation: Situation, columns: Mapping[str, str]) -> Key | None:
    """Return the wanted object that is the same but for the column's name and its own."""
    fact = situation.before.facts[user]
    for other in others:
        wanted = situation.after.facts[other]
        if other in situation.before.facts:
            continue
        if isinstance(fact, Index) and isinstance(wanted, Index):
            moved = on_columns(fact, columns, own_name(wanted))
            if moved.definition == wanted.definition:
                return other
        elif isinstance(fact, Constraint) and isinstance(wanted, Constraint) and fact.kind == wanted.kind:
            moved_too = constraint_on(fact, columns)
            if moved_too.definition == wanted.definition:
                return other
    return None


# -- on other columns ------------------------------------------------------------------------------------------------


def on_columns(index: Index, columns: Mapping[str, str], name: str) -> Index:
    """Return an index on other columns under another name: PostgreSQL prints ``CREATE INDEX name ON t USING …``."""
    head, using, rest = index.definition.partition(" USING ")
    old = f" INDEX {Name(index.key.name)} ON "
    head = head.replace(old, f" INDEX {Name(name)} ON ", 1)
    return replace(
        index,
        key=Key(Kind.INDEX, index.key.schema, name),
        definition=f"{head}{using}{with_columns(rest, columns)}",
        keys=tuple(_key_on(key, columns) for key in index.keys),
        include=tuple(columns.get(column, column) for column in index.include),
        predicate=with_columns(index.predicate, columns) if index.predicate is not None else None,
        clustered=False,
    )


def _key_on(key: IndexKey, columns: Mapping[str, str]) -> IndexKey:
    column = columns.get(key.column, key.column) if key.column is not None else None
    return replace(key, column=column, expression=with_columns(key.expression, columns))


def constraint_on(constraint: Constraint, columns: Mapping[str, str], name: str = "") -> Constraint:
    """Return a constraint on other columns, under another name."""
    definition = constraint.definition
    if constraint.kind == ConstraintKind.FOREIGN:
        head, references, rest = definition.partition(" REFERENCES ")
        head = with_columns(head, columns)
        definition = f"{head}{references}{rest}"
    else:
        definition = with_columns(definition, columns)
    return replace(
        constraint,
        key=constraint.key._replace(member=name or constraint.name),
        definition=definition,
        columns=tuple(columns.get(column, column) for column in constraint.columns),
        expression=with_columns(constraint.expression, columns) if constraint.expression else None,
    )


def with_old_on(twin: Twin, columns: Mapping[str, str]) -> Twin:
    """Return a twin whose old one is on columns that have other names by the time it goes."""
    old = twin.old
    if not columns:
        return twin
    moved = on_columns(old, columns, old.key.name) if isinstance(old, Index) else constraint_on(old, columns)
    return replace(twin, old=moved)


def index_of(constraint: Constraint, name: str) -> Index:
    """Return the unique index that can stand behind a constraint."""
    from alembic_vibe.sql.compose import compose

    nulls = " NULLS NOT DISTINCT" if constraint.nulls_not_distinct else ""
    include = [Name(column) for column in constraint.include]
    definition = compose(
        "CREATE UNIQUE INDEX {name} ON {table} USING btree ({columns}){include}{nulls}{options}",
        name=Name(name),
        table=name_of(constraint.table),
        columns=[Name(column) for column in constraint.columns],
        include=Printed(compose(" INCLUDE ({columns})", columns=include) if include else ""),
        nulls=Printed(nulls),
        options=Printed(_options(constraint)),
    )
    return Index(
        key=Key(Kind.INDEX, constraint.key.schema, name),
        table=constraint.table,
        definition=definition,
        unique=True,
        keys=tuple(IndexKey(column=column, expression=str(Name(column))) for column in constraint.columns),
        include=constraint.include,
        nulls_not_distinct=constraint.nulls_not_distinct,
        options=constraint.options,
    )


def _options(constraint: Constraint) -> str:
    from alembic_vibe.plan.sql import storage_parameters

    return f" WITH {storage_parameters(constraint.options)}" if constraint.options else ""


# -- steps -----------------------------------------------------------------------------------------------------------


def build(twin: Twin, columns: Mapping[str, str], phase: Phase) -> Iterator[Step]:
    """Yield the steps that make a twin on the column that will take the other's place, beside readers and writers."""
    new = twin.new
    if new is None:
        return
    key = column_key(_table(new), next(iter(columns.values())))
    title = own_name(new)
    if isinstance(new, Index):
        yield replace(create_index(on_columns(new, columns, twin.name), phase, title=title), key=key)
    elif new.kind in _UNIQUE:
        index = index_of(constraint_on(new, columns), twin.name)
        yield replace(create_index(index, phase, title=title), key=key)
    else:
        made = constraint_on(new, columns, twin.name)
        added = add_not_valid(made, phase, name=twin.name, title=title)
        target = Printed(f"{Name(twin.name)} ON {name_of(new.table)}")
        comments = comment_on("CONSTRAINT", target, new.comment)
        yield replace(added, key=key, up=(*added.up, *comments))
        if new.validated:
            yield replace(validate(made, phase, name=twin.name, title=f"validate {title}"), key=key)


def take_place(twin: Twin, columns: Mapping[str, str]) -> tuple[_Ops, _Ops, _Ops, _Ops]:
    """Return what happens to a twin and its old one when their columns change places.

    Args:
        twin: Both.
        columns: The column's final name → its name before.

    Returns:
        Before the columns change places, after it; and in the downgrade, before it and after it.
    """
    before: list[Operation] = []
    after: list[Operation] = []
    undo_before: list[Operation] = []
    undo_after: list[Operation] = []
    old, new = twin.old, twin.new
    if isinstance(old, Index):
        aside = Name(old.key.schema, vibe_name("drop", old.key.name))
        name = name_of(old.key)
        before.append(execute("ALTER INDEX {name} RENAME TO {aside}", name=name, aside=Name(aside.name)))
        undo_after.append(execute("ALTER INDEX {aside} RENAME TO {name}", aside=aside, name=Name(old.key.name)))
    else:
        before.append(alter(old.table, "DROP CONSTRAINT {name}", name=Name(old.name)))
        undo_after += _add(old)
    if isinstance(new, Index) and twin.name != new.key.name:
        made = Name(new.key.schema, twin.name)
        after.append(execute("ALTER INDEX {made} RENAME TO {name}", made=made, name=Name(new.key.name)))
        undo_before.append(execute("ALTER INDEX {name} RENAME TO {made}", name=name_of(new.key), made=Name(twin.name)))
    elif isinstance(new, Constraint) and new.kind in _UNIQUE:
        kind = Printed("PRIMARY KEY" if new.kind == ConstraintKind.PRIMARY else "UNIQUE")
        late = " DEFERRABLE INITIALLY DEFERRED" if new.initially_deferred else " DEFERRABLE"
        action = "ADD CONSTRAINT {name} {kind} USING INDEX {made}{late}"
        parts = {"name": Name(new.name), "made": Name(twin.name)}
        after.append(alter(new.table, action, **parts, kind=kind, late=Printed(late if new.deferrable else "")))
        after += comment_on("CONSTRAINT", Printed(f"{Name(new.name)} ON {name_of(new.table)}"), new.comment)
        undo_before.append(alter(new.table, "DROP CONSTRAINT {name}", name=Name(new.name)))
        undo_after.insert(0, execute("{sql}", sql=Printed(index_of(constraint_on(new, columns), twin.name).definition)))
    elif isinstance(new, Constraint) and twin.name != new.name:
        parts = {"made": Name(twin.name), "name": Name(new.name)}
        after.append(alter(new.table, "RENAME CONSTRAINT {made} TO {name}", **parts))
        undo_before.append(alter(new.table, "RENAME CONSTRAINT {name} TO {made}", **parts))
    return tuple(before), tuple(after), tuple(undo_before), tuple(undo_after)


def _add(constraint: Constraint) -> Iterator[Operation]:
    definition = Printed(constraint.definition)
    yield alter(
        constraint.table, "ADD CONSTRAINT {name} {definition}", name=Name(constraint.name), definition=definition
    )
    target = Printed(f"{Name(constraint.name)} ON {name_of(constraint.table)}")
    yield from comment_on("CONSTRAINT", target, constraint.comment)


def discard(twin: Twin, away: Mapping[str, str], key: Key) -> Iterator[Step]:
    """Yield the step that drops the old index once nobody uses its column, beside readers and writers."""
    if isinstance(twin.old, Index):
        aside = on_columns(twin.old, away, vibe_name("drop", twin.old.key.name))
        yield replace(drop_index(aside, Phase.CONTRACT, title=f"drop old {twin.old.key.name}"), key=key)


_Ops = tuple["Operation", ...]
