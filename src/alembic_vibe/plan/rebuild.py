"""A table in another form, with its rows: what PostgreSQL cannot alter in place (recipes 47 and 49).

In one transaction, under a lock that keeps everybody out: what depends on the table goes, the table goes to a schema of
its own, is made anew, gets its rows, and what depended on it comes back. It is the same there and back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Sequence, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.belongings import belongings, downs, household, identity_sequence, make, unmake_code, ups
from alembic_vibe.plan.blocks import alter, execute, vibe_name
from alembic_vibe.plan.objects import row_security
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.operations import Operation

_LATE = {Kind.TRIGGER, Kind.POLICY, Kind.RULE}  # they would act on the rows that are copied
_UNMOVABLE = {Kind.TABLE, Kind.SEQUENCE, Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.INDEX, Kind.OTHER}


@dataclass(frozen=True)
class Form:
    """One form of some tables: their facts, in words to write, and what depends on them in that form.

    ``tables`` are a table and its partitions, or some partitions, each after its parent. ``dependents`` are made and
    unmade with them; ``released`` are partitions that stand alone in the other form, with their rows.
    """

    catalog: Catalog
    tables: tuple[Key, ...]
    source: Mapping[Key, str] = field(default_factory=dict)
    dependents: tuple[Key, ...] = ()
    released: tuple[Key, ...] = ()


def dependents(catalog: Catalog, tables: Collection[Key]) -> list[Key]:
    """Return the keys of what depends on some tables, and is no part of them: views, policies, foreign keys."""
    own = {*tables, *(key for table in tables for key in belongings(catalog, table))}
    users: dict[Key, list[Key]] = {}
    for key, needed in catalog.depends.items():
        for need in needed:
            users.setdefault(need, []).append(key)
    found: dict[Key, None] = {}
    waiting = list(own)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in own and user not in found and user in catalog.facts:
                found[user] = None
                waiting.append(user)
    return [key for key in found if not getattr(catalog.facts[key], "inherited", False)]


def unmovable(keys: Collection[Key]) -> list[Key]:
    """Return those dependents that cannot be unmade and made again for a moment: they hold rows, or others do."""
    return [key for key in keys if key.kind in _UNMOVABLE]


def rebuild(before: Form, after: Form, target: Key) -> tuple[Operation, ...]:
    """Return what brings tables from one form to another, with their rows.

    Args:
        before: The form that they have.
        after: The form that they shall have; the columns have the same names.
        target: The table whose rows they are: the first of ``tables``, or the parent of the partitions.
    """
    return tuple(_rebuild(before, after, target))


def _rebuild(before: Form, after: Form, target: Key) -> Iterator[Operation]:
    schema = vibe_name("moved")
    facts = [before.catalog.table(table) for table in before.tables]
    roots = [fact for fact in facts if fact.partition_of not in before.tables]
    yield execute("LOCK TABLE {target} IN ACCESS EXCLUSIVE MODE", target=name_of(target))
    yield from downs(make(before.catalog, before.source, before.dependents))
    for key in before.released:
        yield _detach(before.catalog.table(key))
    for fact in roots:
        if fact.partition_of is not None:
            yield _detach(fact)
    yield execute("CREATE SCHEMA {schema}", schema=Name(schema))
    for fact in facts:
        yield from unmake_code(fact.key, before.catalog)
        if fact.force_row_security:
            yield alter(fact.key, "NO FORCE ROW LEVEL SECURITY")
        yield alter(fact.key, "SET SCHEMA {schema}", schema=Name(schema))
    early, late = _parts(make(after.catalog, after.source, household(after.catalog, after.tables)))
    yield from ups(early)
    for fact in roots:
        yield _copy(fact, Name(schema, fact.key.name), target)
        yield from _sequences(fact, before, after, schema)
    for fact in roots:
        yield execute("DROP TABLE {table}", table=Name(schema, fact.key.name))
    yield execute("DROP SCHEMA {schema}", schema=Name(schema))
    yield from ups(late)
    for key in after.released:
        yield _attach(after.catalog.table(key))
    yield from ups(make(after.catalog, after.source, after.dependents))


def _detach(fact: Table) -> Operation:
    assert fact.partition_of is not None
    return alter(fact.partition_of, "DETACH PARTITION {partition}", partition=name_of(fact.key))


def _attach(fact: Table) -> Operation:
    assert fact.partition_of is not None
    bound = Printed(fact.partition_bound or "DEFAULT")
    return alter(fact.partition_of, "ATTACH PARTITION {partition} {bound}", partition=name_of(fact.key), bound=bound)


def _parts(steps: tuple[Step, ...]) -> tuple[list[Step], list[Step]]:
    """Return what is made before the rows come, and what after."""
    late = [step for step in steps if step.key.kind in _LATE or step.key.member == row_security.ASPECT]
    return [step for step in steps if step not in late], late


def _copy(fact: Table, source: Name, target: Key) -> Operation:
    columns = [Name(column.name) for column in fact.columns if not column.generated]
    if not columns:
        return execute("INSERT INTO {target} SELECT FROM {source}", target=name_of(target), source=source)
    sql = compose(
        "INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {source}",
        target=name_of(target),
        columns=columns,
        source=source,
    )
    return Execute(sql)


def _sequences(fact: Table, before: Form, after: Form, schema: str) -> Iterator[Operation]:
    """Yield what lets the sequences of identity and serial columns go on where they were."""
    made = after.catalog.facts.get(fact.key)
    if fact.partition_of is not None or not isinstance(made, Table):
        return
    kept = [
        Key(Kind.SEQUENCE, fact.key.schema, identity_sequence(fact.key, column))
        for column in fact.columns
        if column.identity and any(other.name == column.name and other.identity for other in made.columns)
    ]
    kept += [
        sequence.key
        for sequence in before.catalog.of_type(Sequence)
        if sequence.owned_by is not None
        and sequence.owned_by[0] == fact.key
        and getattr(after.catalog.facts.get(sequence.key), "owned_by", None) is not None
    ]
    for key in kept:
        yield execute(
            "SELECT setval({name}, last_value, is_called) FROM {old}",
            name=Literal(str(name_of(key))),
            old=Name(schema, key.name),
        )


def without(catalog: Catalog, keys: Collection[Key], added: Mapping[Key, Fact], depends: Catalog) -> Catalog:
    """Return a catalog with other facts: some left out, some added, which depend on things as in ``depends``."""
    facts = {key: fact for key, fact in catalog.facts.items() if key not in set(keys)}
    edges = {**catalog.depends, **{key: depends.depends.get(key, frozenset()) for key in added}}
    return replace(catalog, facts={**facts, **added}, depends=edges)
