"""Indexes of tables and materialised views in use (recipes 28 to 30 and 32)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import exclusive, execute, locks
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.keys import build, is_partitioned, remove
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.sql import name_of, storage_parameters
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Options
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.model import Lock
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Situation


def relation(index: Index, catalog: Catalog) -> Key:
    """Return the key of the table or materialised view of an index."""
    view = index.table._replace(kind=Kind.MATERIALIZED_VIEW)
    return view if view in catalog.facts else index.table


def on_table(index: Index, catalog: Catalog) -> bool:
    """Whether this is an index of a table, whose rows applications write."""
    return relation(index, catalog).kind is Kind.TABLE


def index_locks(index: Index, catalog: Catalog, *, strong: bool = False) -> tuple[Lock, ...]:
    """Return the locks of building or dropping an index; ``strong``: not concurrently."""
    where = relation(index, catalog)
    if is_partitioned(where, catalog) or strong:
        return exclusive(*family(where, catalog))
    return locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, where)


def make_index(index: Index, phase: Phase, situation: Situation) -> Step:
    """Return the step that builds an index beside readers and writers, on each partition of its own.

    Args:
        index: In words to write.
        phase: When.
        situation: Both states.
    """
    where = relation(index, situation.before)
    return Step(
        index.key,
        build(index, situation.new),
        remove(index, situation.new),
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=index.key.name,
        locks=index_locks(index, situation.before),
        scans=(where, *(key for key in family(where, situation.before) if key != where)),
    )


# -- what can be said in place ---------------------------------------------------------------------------------------


def in_place(change: Change) -> bool:
    """Whether an altered index differs in nothing but storage parameters, statistics targets and its tablespace."""
    old, new = change.before, change.after
    if change.kind is not ChangeKind.ALTER or not isinstance(old, Index) or not isinstance(new, Index):
        return False
    if set(change.altered_fields) - {"definition", "options", "keys", "tablespace"}:
        return False
    return _content(old) == _content(new)


def _content(index: Index) -> object:
    keys = tuple(replace(key, statistics=None) for key in index.keys)
    return replace(
        index, definition="", options=(), keys=keys, tablespace=None, comment=None, clustered=False, inherited=False
    )


def option_changes(what: str, key: Key, old: Options, new: Options) -> Iterator[Execute]:
    """Yield what sets and resets storage parameters; ``what`` is a constant such as ``TABLE``."""
    before, after = dict(old), dict(new)
    gone = sorted(before.keys() - after.keys())
    changed = tuple((name, value) for name, value in new if before.get(name) != value)
    if changed:
        options = storage_parameters(changed)
        yield execute("ALTER {what} {name} SET {options}", what=Printed(what), name=name_of(key), options=options)
    if gone:
        names = Printed(f"({', '.join('.'.join(str(Name(part)) for part in name.split('.')) for name in gone)})")
        yield execute("ALTER {what} {name} RESET {names}", what=Printed(what), name=name_of(key), names=names)


def statistics_changes(old: Index, new: Index) -> Iterator[Execute]:
    """Yield what sets the statistics targets of an index's expressions; they are counted from 1."""
    for number, (one, other) in enumerate(zip(old.keys, new.keys, strict=True), 1):
        if one.statistics != other.statistics:
            yield execute(
                "ALTER INDEX {name} ALTER COLUMN {number} SET STATISTICS {target}",
                name=name_of(new.key),
                number=Printed(str(number)),
                target=Printed(str(other.statistics if other.statistics is not None else -1)),
            )
