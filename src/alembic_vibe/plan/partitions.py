"""Partitions of tables that stay: which of them change together, and how one is attached and detached (recipe 48)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Constraint, Table
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import alter, exclusive, excused, execute, locks, shown, vibe_name
from alembic_vibe.plan.model import Mode, Phase, Step, Verify
from alembic_vibe.plan.situation import node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Node, Situation
    from alembic_vibe.sql.compose import Part

_RANGE = re.compile(r"FOR VALUES FROM \((?P<low>[^,()]+)\) TO \((?P<high>[^,()]+)\)")
_LIST = re.compile(r"FOR VALUES IN \((?P<values>.*)\)")
_VALUE = re.compile(r"'(?:[^']|'')*'|[^,' ]+")

_PRESENT = """\
DO $$
BEGIN
    -- What an earlier, broken attempt left is finished or taken back first.
    IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = {partition_text}::regclass AND inhdetachpending) THEN
        ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = {partition_text}::regclass) THEN
        ALTER TABLE {parent} ATTACH PARTITION {partition} {bound};
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_constraint WHERE conrelid = {partition_text}::regclass AND conname = {check_text}
    ) THEN
        EXECUTE format(
            'ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s) NOT VALID',
            {partition_text},
            {check_text},
            pg_get_partition_constraintdef({partition_text}::regclass)
        );
    END IF;
END
$$"""
_ATTACHED = """\
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = {partition_text}::regclass) THEN
        ALTER TABLE {parent} ATTACH PARTITION {partition} {bound};
    END IF;
END
$$"""


# -- which change together -------------------------------------------------------------------------------------------


def partitions(catalog: Catalog, parent: Key) -> dict[Key, Table]:
    """Return the partitions right below a table."""
    return {fact.key: fact for fact in catalog.of_type(Table) if fact.partition_of == parent}


def default_of(catalog: Catalog, parent: Key) -> Key | None:
    """Return the DEFAULT partition of a table."""
    return next((key for key, fact in partitions(catalog, parent).items() if _is_default(fact)), None)


def is_rebuilt(parent: Key | None, situation: Situation) -> bool:
    """Whether a table is made anew by this run, with its partitions."""
    changes = situation.by_key.get(parent, ()) if parent is not None else ()
    return any(change.alters("partition_key") for change in changes)


@dataclass(frozen=True)
class Redivision:
    """Partitions of one table whose rows must be divided among them anew: those before, and those after."""

    parent: Key
    before: tuple[Key, ...]
    after: tuple[Key, ...]

    @property
    def first(self) -> Key:
        """The partition whose change stands for all of them."""
        return min({*self.before, *self.after})


def redivision(parent: Key, situation: Situation) -> Redivision | None:
    """Return the partitions of a table that change together, if some do.

    Those with other bounds; those that are new where others go that may have the same rows; and the DEFAULT partition
    when others are new, because rows in it may belong to them.
    """
    if parent not in situation.before.facts or parent not in situation.after.facts or is_rebuilt(parent, situation):
        return None
    old, new = partitions(situation.before, parent), partitions(situation.after, parent)
    altered = {key for key in old.keys() & new.keys() if old[key].partition_bound != new[key].partition_bound}
    gone = {key for key in old if key not in situation.after.facts}
    added = {key for key in new if key not in situation.before.facts}
    default = default_of(situation.before, parent)
    stays = default is not None and default in new
    replaced = {key for key in gone if any(_may_overlap(old[key], new[other]) for other in added)}
    if altered:
        replaced = gone
    if not altered and not replaced and not (stays and added):
        return None
    kept = {default} if stays and default is not None else set()
    before = altered | replaced | kept
    after = altered | added | kept
    return Redivision(parent, tuple(sorted(before)), tuple(sorted(after)))


def is_like(partition: Table, parent: Table) -> bool:
    """Whether a partition's columns are its parent's, so that it follows whatever those become."""
    plain: dict[str, Any] = {"inherited": False, "comment": None, "not_null_name": None}
    plain |= {"identity": "", "identity_options": None, "identity_sequence": ""}
    one, other = ({column.name: replace(column, **plain) for column in t.columns} for t in (partition, parent))
    return one == other


def _is_default(fact: Table) -> bool:
    return (fact.partition_bound or "DEFAULT") == "DEFAULT"


def _may_overlap(one: Table, other: Table) -> bool:
    """Whether two partitions may hold the same rows, as far as their bounds can be compared as text."""
    if _is_default(one) or _is_default(other):
        return True
    first, second = _span(one), _span(other)
    if first is not None and second is not None:
        return first[0] < second[1] and second[0] < first[1]
    lists = [_LIST.fullmatch(fact.partition_bound or "") for fact in (one, other)]
    if all(lists):
        values = [set(_VALUE.findall(found["values"])) for found in lists if found is not None]
        return bool(values[0] & values[1])
    return True


def _span(fact: Table) -> tuple[tuple[int, str], tuple[int, str]] | None:
    """Return the ends of a range over one column that PostgreSQL prints in the order of the values."""
    found = _RANGE.fullmatch(fact.partition_bound or "")
    if found is None:
        return None
    ends = []
    for text in (found["low"], found["high"]):
        if text == "MINVALUE":
            ends.append((-1, ""))
        elif text == "MAXVALUE":
            ends.append((1 << 30, ""))
        elif re.fullmatch(r"'\d{4}-\d\d-\d\d(?: [^']*)?'", text):
            ends.append((0, text))
        elif re.fullmatch(r"'?\d{1,18}'?", text):
            ends.append((1, text.strip("'").zfill(18)))
        else:
            return None
    return ends[0], ends[1]


def reshapings(situation: Situation) -> Iterator[tuple[Node, set[Key]]]:
    """Yield the changes that make tables anew in their old shape, and the tables: all else comes after them."""
    seen = set()
    for change in situation.changes:
        fact = change.after or change.before
        if change.alters("partition_key") or (change.alters("inherits") and not is_rebuilt(change.key, situation)):
            below = {key for state in (situation.before, situation.after) for key in partitions(state, change.key)}
            yield node_of(change), {change.key, *below}
        elif isinstance(fact, Table) and fact.partition_of is not None and fact.partition_of not in seen:
            seen.add(fact.partition_of)
            found = redivision(fact.partition_of, situation)
            for node in () if found is None else map(node_of, situation.by_key.get(found.first, ())):
                if not node[1] or set(node[1]) & {"partition_of", "partition_bound"}:
                    assert found is not None
                    yield node, {found.parent, *found.before, *found.after}


# -- attaching and detaching -----------------------------------------------------------------------------------------


def attach(partition: Table) -> Execute:
    """Return ``ALTER TABLE … ATTACH PARTITION``."""
    assert partition.partition_of is not None
    bound = Printed(partition.partition_bound or "DEFAULT")
    return alter(partition.partition_of, "ATTACH PARTITION {name} {bound}", name=name_of(partition.key), bound=bound)


def detach(partition: Table) -> Execute:
    """Return ``ALTER TABLE … DETACH PARTITION``, which keeps everybody from the parent for a moment."""
    assert partition.partition_of is not None
    return alter(partition.partition_of, "DETACH PARTITION {name}", name=name_of(partition.key))


def detach_steps(partition: Table, situation: Situation, title: str) -> tuple[Step, ...]:
    """Return the detaching of a partition in contract: beside readers and writers, where PostgreSQL can.

    It cannot with a DEFAULT partition beside it (PostgreSQL manual, ALTER TABLE). Detaching leaves a CHECK of the
    partition's bounds, unless there is one: so one is made, under a name that is known, and dropped.
    """
    parent = partition.partition_of
    assert parent is not None
    refers = tuple(referring(situation.old_words, parent))
    verify = tuple(_not_referred_to(partition, found) for found in refers)
    if default_of(situation.before, parent) is not None or default_of(situation.after, parent) is not None:
        return (
            Step(
                partition.key,
                (detach(partition),),
                (attach(partition),),
                phase=Phase.CONTRACT,
                title=title,
                locks=exclusive(parent, partition.key, *(found.table for found in refers)),
                verify=verify,
            ),
        )
    check = vibe_name("bound", partition.key.name)
    name = name_of(partition.key)
    parts: dict[str, Part] = {"parent": name_of(parent), "partition": name, "partition_text": Literal(str(name))}
    bound = Printed(partition.partition_bound or "DEFAULT")
    return (
        Step(
            partition.key,
            (
                excused(
                    execute(_PRESENT, **parts, bound=bound, check_text=Literal(check)),
                    "opaque-sql partition-attach-scan",
                    "it mends what a broken attempt left, and makes a CHECK of the partition's own bound",
                ),
                alter(partition.key, "VALIDATE CONSTRAINT {check}", check=Name(check)),
                alter(parent, "DETACH PARTITION {partition} CONCURRENTLY", partition=name),
                alter(partition.key, "DROP CONSTRAINT {check}", check=Name(check)),
            ),
            (execute(_ATTACHED, **parts, bound=bound),),
            phase=Phase.CONTRACT,
            mode=Mode.AUTOCOMMIT,
            title=title,
            locks=(
                *locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, parent),
                *exclusive(partition.key, *(found.table for found in refers)),
            ),
            verify=verify,
            scans=(partition.key,),
            notes=(f"{shown(partition.key)} is detached beside readers and writers of {shown(parent)}.",),
        ),
    )


def _not_referred_to(partition: Table, foreign_key: Constraint) -> Verify:
    """Return the check that no row elsewhere refers to a row of a partition: it could not be detached."""
    pairs = zip(foreign_key.columns, foreign_key.reference_columns, strict=True)
    query = compose(
        "SELECT count(*) FROM {table} r WHERE EXISTS (SELECT FROM {partition} p WHERE {same})",
        table=name_of(foreign_key.table),
        partition=name_of(partition.key),
        same=Printed(" AND ".join(f"r.{Name(one)} = p.{Name(other)}" for one, other in pairs)),
    )
    return Verify(query, f"rows of {shown(foreign_key.table)} that refer to rows of {shown(partition.key)}")


def referring(catalog: Catalog, table: Key) -> Iterator[Constraint]:
    """Yield the foreign keys of other tables to a table or to what it is a partition of."""
    above = [table]
    for key in above:
        fact = catalog.facts.get(key)
        if isinstance(fact, Table) and fact.partition_of is not None:
            above.append(fact.partition_of)
    for found in catalog.of_type(Constraint):
        if found.references in above and found.table not in above and not found.inherited:
            yield found


def referred(catalog: Catalog, table: Key) -> list[Key]:
    """Return the tables that the foreign keys of a table, and of what it is a partition of, refer to."""
    own = [found for found in catalog.of_type(Constraint) if found.table == table and found.references is not None]
    return sorted({found.references for found in own if found.references is not None and found.references != table})
