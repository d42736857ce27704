"""Compare two catalogs by their facts.

Not compared: the order of columns (it can't be changed, recipe 18), and what PostgreSQL itself derives for partitions
from their parent (inherited constraints, indexes and triggers, whose parents are compared).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Fact, Table

if TYPE_CHECKING:
    from collections.abc import Collection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key, Kind


class ChangeKind(StrEnum):
    """What happens to an object on the way from one catalog to the other."""

    ADD = "add"
    DROP = "drop"
    ALTER = "alter"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same in both catalogs: an object, a column, or some facts of one.

    ``key`` is the one of the wanted state (of the old one for DROP); columns have keys of kind COLUMN, and ``before``
    and ``after`` are then columns. ``only`` names the facts that an ALTER is about, where it is not all that differ
    (see ``diff.refine``). A RENAME has the old object in ``before``, under its old name.
    """

    kind: ChangeKind
    key: Key
    before: Fact | Column | None
    after: Fact | Column | None
    only: tuple[str, ...] = ()

    @property
    def altered_fields(self) -> tuple[str, ...]:
        """The names of the facts that differ, besides a new name; empty unless the object is altered or renamed."""
        if self.only or self.before is None or self.after is None:
            return self.only
        return fields_that_differ(self.before, self.after, ("key", "name") if self.kind is ChangeKind.RENAME else ())

    def alters(self, *names: str) -> bool:
        """Whether this is an ALTER, and of these facts only."""
        return self.kind is ChangeKind.ALTER and set(self.altered_fields) <= set(names)

    def describe(self) -> str:
        """Say the change in a few words: ``table users: columns differ``."""
        if self.kind is ChangeKind.ALTER:
            names = ", ".join(name.replace("_", " ") for name in self.altered_fields)
            return f"{self.key} differs in {names}{_columns_that_differ(self.before, self.after)}"
        if self.kind is ChangeKind.RENAME:
            return f"{self.key} has a new name"
        return f"{self.key} is {'new' if self.kind is ChangeKind.ADD else 'gone'}"


def fields_that_differ(one: Fact | Column, other: Fact | Column, ignore: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the facts in which two objects of the same class differ; the order of columns is none."""
    one, other = _comparable(one), _comparable(other)
    names = (f.name for f in fields(one) if f.compare and f.name not in ignore)
    return tuple(name for name in names if getattr(one, name) != getattr(other, name))


def _columns_that_differ(before: Fact | Column | None, after: Fact | Column | None) -> str:
    if not isinstance(before, Table) or not isinstance(after, Table) or before.columns == after.columns:
        return ""
    one, other = ({column.name: column for column in table.columns} for table in (before, after))
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return f" ({', '.join(names)})" if names else ""


def _comparable(fact: Fact | Column) -> Fact | Column:
    if isinstance(fact, Table):
        return replace(fact, columns=tuple(sorted(fact.columns, key=lambda column: column.name)))
    return fact


def compared(catalog: Catalog) -> dict[Key, Fact]:
    """Return the facts of a catalog that take part in comparisons."""
    return {key: fact for key, fact in catalog.facts.items() if not getattr(fact, "inherited", False)}


def compare(before: Catalog, after: Catalog, ignore: Collection[Kind] = ()) -> tuple[Change, ...]:
    """Return the changes that lead from ``before`` to ``after``, in the order of their keys.

    Args:
        before: Where one is.
        after: Where one wants to be.
        ignore: Kinds of object that are left out.
    """
    old, new = compared(before), compared(after)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        if key.kind in ignore:
            continue
        one, other = old.get(key), new.get(key)
        if one is None:
            changes.append(Change(ChangeKind.ADD, key, None, other))
        elif other is None:
            changes.append(Change(ChangeKind.DROP, key, one, None))
        elif one != other and _comparable(one) != _comparable(other):
            changes.append(Change(ChangeKind.ALTER, key, one, other))
    return tuple(changes)


def is_validation(change: Change) -> bool:
    """Whether all that differs is that a constraint has been validated: it does no harm, and cannot be undone."""
    one, other = change.before, change.after
    if not isinstance(one, Constraint) or not isinstance(other, Constraint) or not other.validated:
        return False
    return replace(one, validated=True, definition=one.definition.removesuffix(" NOT VALID")) == other
