"""ALTER COLUMN … TYPE in place: with everything that must change together with the type, and all that is in its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Table
from alembic_vibe.plan.around import around, later_users
from alembic_vibe.plan.blocks import alter, exclusive, execute, vibe_name
from alembic_vibe.plan.casting import Fit, fit, type_of
from alembic_vibe.plan.column_sql import add_column, family
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.situation import column_key, node_of, table_of
from alembic_vibe.plan.sql import column_settings, name_of, rename_not_null, sequence_clauses
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation


def retype_step(
    keys: Sequence[Key],
    situation: Situation,
    *,
    using: Mapping[Key, tuple[str, str]],
    phase: Phase,
    title: str,
    remake: Collection[Key] = (),
) -> tuple[Step, frozenset[Node]]:
    """Return the step that gives some columns their new types in one transaction, and the changes that it carries out.

    Args:
        keys: The columns, of tables that keep their names.
        situation: Both states.
        using: For a column the expressions there and back, where a plain cast is not what is wanted.
        phase: When.
        title: A few words for the revision.
        remake: Constraints and indexes that are dropped before and made again after.
    """
    found = around(keys, situation, last=phase is Phase.CONTRACT)
    up: list[Operation] = [*found.away]
    down: list[Operation] = [*found.unmake]
    up += _drop(remake, situation, new=False)
    down += _drop(remake, situation, new=True)
    for key in keys:
        old, new = _pair(key, situation)
        there, back = using.get(key, ("", ""))
        up += reshape(table_of(key), old, new, there)
        down += reshape(table_of(key), new, old, back)
    up += [*_make(remake, situation, new=True), *found.back]
    down += [*_make(remake, situation, new=False), *found.remake]
    tables = _tables(keys, situation)
    wanted = {*remake} - later_users(keys, situation)
    step = Step(
        keys[0],
        tuple(up),
        tuple(down),
        phase=phase,
        title=title,
        locks=exclusive(*sorted(tables), *found.locked),
        notes=found.notes,
    )
    return step, found.takes | {node_of(change) for change in situation.changes if change.key in wanted}


def remake_type(
    key: Key,
    keys: Sequence[Key],
    situation: Situation,
    *,
    using: Mapping[Key, tuple[str, str]],
    title: str,
    remake: Collection[Key],
) -> tuple[Step, frozenset[Node]]:
    """Return the step that makes an enum anew under its name and converts the columns of it, in one transaction.

    Args:
        key: The type, in both states.
        keys: Its columns.
        situation: Both states.
        using: For each column the expressions there and back.
        title: A few words for the revision.
        remake: Constraints, indexes and statistics that are dropped before and made again after.
    """
    found = around(keys, situation, others=[key], last=True)
    left = [other for other in remake if other not in found.keys]
    up: list[Operation] = [*found.away, *_drop(left, situation, new=False)]
    down: list[Operation] = [*found.unmake, *_drop(left, situation, new=True)]
    olds, news = [], []
    for column in keys:
        old, wanted = situation.old_fact(column), situation.new_fact(column)
        assert isinstance(old, Column)
        olds.append(old)
        news.append(replace(old, default=wanted.default if isinstance(wanted, Column) else old.default))
    up += _remade(key, keys, olds, news, situation, [using[column][0] for column in keys], new=True)
    down += _remade(key, keys, news, olds, situation, [using[column][1] for column in keys], new=False)
    up += [*_make(left, situation, new=True), *found.back]
    down += [*_make(left, situation, new=False), *found.remake]
    step = Step(
        key,
        tuple(up),
        tuple(down),
        phase=Phase.CONTRACT,
        title=title,
        locks=exclusive(*sorted(_tables(keys, situation)), *found.locked),
        notes=found.notes,
    )
    taken = {
        node_of(change)
        for change in situation.changes
        if change.key in left or (change.key in keys and change.alters("default"))
    }
    return step, found.takes | taken


def _remade(
    key: Key,
    keys: Sequence[Key],
    olds: Sequence[Column],
    news: Sequence[Column],
    situation: Situation,
    using: Sequence[str],
    *,
    new: bool,
) -> Iterator[Operation]:
    """Yield the type under its name, and the columns moving to it; defaults go first, since they name the old one."""
    for column, old in zip(keys, olds, strict=True):
        if old.default is not None and not old.generated:
            yield alter(table_of(column), "ALTER COLUMN {name} DROP DEFAULT", name=Name(old.name))
    aside = vibe_name(key.name)
    yield execute("ALTER TYPE {name} RENAME TO {aside}", name=Name(key.schema, key.name), aside=Name(aside))
    context = situation.new if new else situation.old
    yield from makers_by_kind()[key.kind].create(context.target.facts[key], context).up
    for column, old, wanted, expression in zip(keys, olds, news, using, strict=True):
        yield from reshape(table_of(column), replace(old, default=None), wanted, expression)
    yield execute("DROP TYPE {name}", name=Name(key.schema, aside))


def _tables(keys: Sequence[Key], situation: Situation) -> set[Key]:
    """Return the tables that are locked when columns are retyped: their own, and those on the other side of keys."""
    names: dict[Key, set[str]] = {}
    for key in keys:
        for relation in family(table_of(key), situation.before):
            names.setdefault(relation, set()).add(key.member)
    tables = set(names)
    for constraint in situation.before.of_type(Constraint):
        if constraint.references is None:
            continue
        here = names.get(constraint.table, set()) & set(constraint.columns)
        there = names.get(constraint.references, set()) & set(constraint.reference_columns)
        if here or there:
            tables |= {constraint.table, constraint.references}
    return tables


def _pair(key: Key, situation: Situation) -> tuple[Column, Column]:
    old, new = situation.old_fact(key), situation.new_fact(key)
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    return old, new


# -- one column ------------------------------------------------------------------------------------------------------


def reshape(table: Key, old: Column, new: Column, using: str = "") -> list[Operation]:
    """Return what turns a column into another one of the same name: type, collation, default, identity, NOT NULL.

    Args:
        table: Its table.
        old: The column as it is.
        new: As it shall be.
        using: An expression over the row, where a plain cast is not what is wanted.
    """
    name = {"name": Name(old.name)}
    if new.generated or old.generated == "virtual":
        return [alter(table, "DROP COLUMN {name}", **name), *add_column(table, new)]
    found: list[Operation] = []
    if old.generated:
        found.append(alter(table, "ALTER COLUMN {name} DROP EXPRESSION", **name))
    elif old.default is not None:
        found.append(alter(table, "ALTER COLUMN {name} DROP DEFAULT", **name))
    if old.identity and not new.identity:
        found.append(alter(table, "ALTER COLUMN {name} DROP IDENTITY", **name))
    if old.not_null and not new.not_null:
        found.append(alter(table, "ALTER COLUMN {name} DROP NOT NULL", **name))
    if using or (old.type.text, old.collation) != (new.type.text, new.collation):
        action = "ALTER COLUMN {name} TYPE {type} USING {using}"
        expression = Printed(using or compose("{name}::{type}", **name, type=Printed(new.type.text)))
        if using or not _by_itself(old, new):
            found.append(alter(table, action, **name, type=type_of(new), using=expression))
        else:
            found.append(alter(table, "ALTER COLUMN {name} TYPE {type}", **name, type=type_of(new)))
        found += column_settings("TABLE", table, new)
    if new.not_null and not old.not_null:
        found.append(alter(table, "ALTER COLUMN {name} SET NOT NULL", **name))
    if new.default is not None:
        found.append(alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", **name, value=Printed(new.default)))
    found += _identity(table, old, new)
    found += _not_null_name(table, old, new)
    return found


def _by_itself(old: Column, new: Column) -> bool:
    """Whether PostgreSQL converts the values without being told how."""
    return fit(old.type, new.type) in {Fit.CATALOG, Fit.WIDER, Fit.TEXT} and new.type.origin == "base"


def _identity(table: Key, old: Column, new: Column) -> Iterator[Execute]:
    name = {"name": Name(new.name)}
    if new.identity and not old.identity:
        clauses = sequence_clauses(new.identity_options, of_type=False) if new.identity_options else ""
        options = Printed(f" ({clauses})" if clauses else "")
        action = "ALTER COLUMN {name} ADD GENERATED {when} AS IDENTITY{options}"
        yield alter(table, action, **name, when=Printed(new.identity.upper()), options=options)
        if new.identity_sequence:
            usual = Name(table.schema, f"{table.name}_{new.name}_seq")
            sql = "ALTER SEQUENCE {usual} RENAME TO {other}"
            yield execute(sql, usual=usual, other=Name(new.identity_sequence))
        yield count_on(table, new.name)
        return
    if not new.identity:
        return
    if old.identity != new.identity:
        yield alter(table, "ALTER COLUMN {name} SET GENERATED {when}", **name, when=Printed(new.identity.upper()))
    was, now = old.identity_options, new.identity_options
    if was is not None and now is not None and was != now:
        settings = [
            clause
            for differs, clause in (
                (was.increment != now.increment, f"SET INCREMENT BY {now.increment}"),
                (was.minimum != now.minimum, f"SET MINVALUE {now.minimum}"),
                (was.maximum != now.maximum, f"SET MAXVALUE {now.maximum}"),
                (was.start != now.start, f"SET START WITH {now.start}"),
                (was.cache != now.cache, f"SET CACHE {now.cache}"),
                (was.cycle != now.cycle, f"SET {'' if now.cycle else 'NO '}CYCLE"),
            )
            if differs
        ]
        if settings:
            yield alter(table, "ALTER COLUMN {name} {settings}", **name, settings=Printed(" ".join(settings)))


def count_on(table: Key, column: str) -> Execute:
    """Return the statement that lets a column's sequence go on after the largest value that is there."""
    relation, literal = Literal(str(name_of(table))), Literal(column)
    return execute(
        "SELECT setval(pg_get_serial_sequence({relation}, {literal}), max({name})) FROM {table} HAVING max({name}) > 0",
        relation=relation,
        literal=literal,
        name=Name(column),
        table=Name(table.schema, table.name),
    )


def _not_null_name(table: Key, old: Column, new: Column) -> Iterator[Execute]:
    if not new.not_null or old.not_null_name == new.not_null_name:
        return
    if not old.not_null or old.not_null_name is None:
        yield Execute(rename_not_null(table, new))
    else:
        yield rename_constraint_on_18(table, old.not_null_name, usual_not_null(table, new))


def usual_not_null(table: Key, column: Column) -> str:
    """Return the name of a column's NOT NULL constraint: its own, or the one that PostgreSQL 18 chooses."""
    return column.not_null_name or chosen_name(table.name, column.name, "not_null")


def chosen_name(first: str, second: str, label: str) -> str:
    """Return the name that PostgreSQL makes of two names and a label (``makeObjectName`` in indexcmds.c)."""
    room = 63 - len(label) - 2
    one, two = first.encode(), second.encode()
    while len(one) + len(two) > room:
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    return f"{one.decode(errors='ignore')}_{two.decode(errors='ignore')}_{label}"


_RENAME_ON_18 = """\
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new};
    END IF;
END
$$"""


def rename_constraint_on_18(table: Key, old: str, new: str) -> Execute:
    """Return the renaming of a NOT NULL constraint, which only PostgreSQL 18 and later have."""
    return execute(_RENAME_ON_18, table=Name(table.schema, table.name), old=Name(old), new=Name(new))


# -- what is made again ----------------------------------------------------------------------------------------------


def _drop(keys: Collection[Key], situation: Situation, *, new: bool) -> Iterator[Operation]:
    context = situation.new if new else situation.old
    for key in reversed(list(keys)):
        fact = context.target.facts.get(key)
        if fact is not None:
            yield from makers_by_kind()[key.kind].create(fact, context).down


def _make(keys: Collection[Key], situation: Situation, *, new: bool) -> Iterator[Operation]:
    context = situation.new if new else situation.old
    for key in keys:
        fact = context.target.facts.get(key)
        if fact is not None:
            yield from makers_by_kind()[key.kind].create(fact, context).up


# -- columns that change together ------------------------------------------------------------------------------------


def connected(key: Key, retyped: Collection[Key], situation: Situation) -> tuple[list[Key], list[Constraint]]:
    """Return the changing columns that foreign keys tie to one, itself included, and those foreign keys.

    Args:
        key: A column that changes its type.
        retyped: All that do.
        situation: For the foreign keys as they were.
    """
    found = [key]
    foreign: dict[Key, Constraint] = {}
    for member in found:
        for constraint in situation.before.of_type(Constraint):
            if constraint.kind != ConstraintKind.FOREIGN or constraint.references is None or constraint.inherited:
                continue
            for child, parent in zip(constraint.columns, constraint.reference_columns, strict=False):
                pair = column_key(constraint.table, child), column_key(constraint.references, parent)
                if member in pair and set(pair) <= set(retyped):
                    foreign[constraint.key] = constraint
                    found.extend(other for other in pair if other not in found)
    return sorted(found), list(foreign.values())


def has_heirs(table: Key, situation: Situation) -> bool:
    """Whether a table is part of plain inheritance, or made of a type."""
    fact = situation.before.facts.get(table)
    if not isinstance(fact, Table):
        return True
    return (
        bool(fact.inherits)
        or fact.of_type is not None
        or any(table in other.inherits for other in situation.before.of_type(Table))
    )
