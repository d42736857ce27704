"""Changes as small as they can be carried out: a table's columns one by one, and independent facts apart.

A new default and a new NOT NULL of the same column are two changes with phases of their own; a new type is one change
together with the default, which must go with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.catalog.catalog import Catalog

# What a column is; a change of it takes everything along that must fit to it.
_SHAPE = frozenset({"type", "collation", "generated"})
_WITH_SHAPE = _SHAPE | {"default", "identity", "identity_options", "identity_sequence", "not_null", "not_null_name"}
_IDENTITY = frozenset({"identity", "identity_options", "identity_sequence", "default"})
_APART = frozenset({"comment", "owner", "clustered"})
_TABLE_GROUPS = ({"row_security", "force_row_security"}, {"partition_key"}, {"partition_of", "partition_bound"})
_COLUMN_GROUPS = ({"not_null", "not_null_name"},)


def refine(changes: Iterable[Change], before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """Return the changes as small as strategies treat them, in a stable order.

    What a partition or child table has from its parent is left out where the parent has the same change.

    Args:
        changes: What ``compare`` found.
        before: Where one is.
        after: Where one wants to be.
    """
    result: list[Change] = []
    for change in changes:
        if change.kind is not ChangeKind.ALTER:
            result.append(change)
        elif isinstance(change.before, Table) and isinstance(change.after, Table):
            result.extend(_columns(change.before, change.after, before, after))
            result.extend(_groups(change, [set(group) for group in _TABLE_GROUPS], single=True, skip={"columns"}))
        else:
            result.extend(_groups(change, [], single=False))
    return tuple(result)


def _groups(change: Change, groups: list[set[str]], *, single: bool, skip: Iterable[str] = ()) -> Iterator[Change]:
    """Yield the change in parts: each of ``groups``, what is always apart, the rest together or ``single``."""
    left = [name for name in change.altered_fields if name not in set(skip)]
    parts = [[name for name in left if name in group] for group in groups]
    taken = {name for part in parts for name in part}
    parts += [[name] for name in left if name in _APART and name not in taken]
    rest = [name for name in left if name not in taken and name not in _APART]
    parts += [[name] for name in rest] if single else [rest]
    for part in parts:
        if part:
            yield replace(change, only=tuple(part))


def _columns(one: Table, other: Table, before: Catalog, after: Catalog) -> Iterator[Change]:
    old = {column.name: column for column in one.columns}
    new = {column.name: column for column in other.columns}
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was == now or _comes_from_parent(name, one, other, before, after):
            continue
        key = Key(Kind.COLUMN, other.key.schema, other.key.name, name)
        if was is None:
            yield Change(ChangeKind.ADD, key, None, now)
        elif now is None:
            yield Change(ChangeKind.DROP, key, was, None)
        else:
            yield from column_changes(Change(ChangeKind.ALTER, key, was, now))


def column_changes(change: Change) -> Iterator[Change]:
    """Yield an ALTER of a column in parts that are carried out one by one."""
    fields = set(change.altered_fields) - {"inherited"}
    if fields & _SHAPE:
        groups = [set(_WITH_SHAPE)]
    elif "identity" in fields:
        groups = [set(_IDENTITY), *map(set, _COLUMN_GROUPS)]
    else:
        groups = list(map(set, _COLUMN_GROUPS))
    yield from _groups(change, groups, single=True, skip={"inherited"})


def _comes_from_parent(name: str, one: Table, other: Table, before: Catalog, after: Catalog) -> bool:
    """Whether the parent has the same difference in this column, so that it arrives by itself."""
    for parent in (*((other.partition_of,) if other.partition_of else ()), *other.inherits):
        was, now = before.facts.get(parent), after.facts.get(parent)
        if not isinstance(was, Table) or not isinstance(now, Table):
            continue
        first, second = _find(was, name), _find(now, name)
        if first == second and first is None:
            continue
        if _bare(first) == _bare(_find(one, name)) and _bare(second) == _bare(_find(other, name)) and first != second:
            return True
    return False


def _find(table: Table, name: str) -> Column | None:
    return next((column for column in table.columns if column.name == name), None)


def _bare(column: Column | None) -> Column | None:
    return replace(column, inherited=False, comment=None, not_null_name=None) if column is not None else None
