"""What a strategy looks at, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.intents import Intents
from alembic_vibe.plan.model import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Fact
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.model import Step

Node = tuple[Key, tuple[str, ...]]  # a change: its key and the facts that it is about


@dataclass(frozen=True)
class Situation:
    """The state before and after all changes of a run.

    ``before`` and ``after`` are compared facts, in PostgreSQL's words. ``old_words`` and ``new_words`` are the same
    catalogs in the author's words where they are known: SQL is written from them (PostgreSQL's print of some
    expressions is not stable when it is read again). ``old_source`` and ``new_source`` are CREATE statements of the
    author, where one says all of an object.
    """

    before: Catalog
    after: Catalog
    old_words: Catalog
    new_words: Catalog
    changes: tuple[Change, ...] = ()
    intents: Intents = field(default_factory=Intents)
    old_source: Mapping[Key, str] = field(default_factory=dict)
    new_source: Mapping[Key, str] = field(default_factory=dict)

    @cached_property
    def old(self) -> Context:
        """For making objects as they were (downgrades)."""
        return Context(self.old_words, self.old_source)

    @cached_property
    def new(self) -> Context:
        """For making objects as they shall be."""
        return Context(self.new_words, self.new_source)

    @cached_property
    def by_key(self) -> Mapping[Key, tuple[Change, ...]]:
        """The changes of each key."""
        found: dict[Key, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.key, []).append(change)
        return {key: tuple(changes) for key, changes in found.items()}

    @cached_property
    def new_keys(self) -> frozenset[Key]:
        """The objects that this run makes."""
        return frozenset(change.key for change in self.changes if change.kind is ChangeKind.ADD)

    @cached_property
    def renamed_parts(self) -> Mapping[Key, Key]:
        """Constraints and indexes that get another name and stay as they are: the new key by the old, and back."""
        from alembic_vibe.plan.renamed_parts import renamed_parts

        return renamed_parts(self.changes)

    @cached_property
    def old_constraints(self) -> dict[Key, list[Constraint]]:
        """The constraints of each table as they were, in words to write."""
        return self.old_words.constraints()

    @cached_property
    def new_constraints(self) -> dict[Key, list[Constraint]]:
        """The constraints of each table as they shall be, in words to write."""
        return self.new_words.constraints()

    @cached_property
    def old_indexes(self) -> dict[Key, list[Index]]:
        """The indexes of each table as they were, in words to write."""
        return self.old_words.indexes()

    @cached_property
    def new_indexes(self) -> dict[Key, list[Index]]:
        """The indexes of each table as they shall be, in words to write."""
        return self.new_words.indexes()

    def old_fact(self, key: Key) -> Fact | Column | None:
        """Return an object or column as it was, in words to write."""
        return _find(self.old_words, key)

    def new_fact(self, key: Key) -> Fact | Column | None:
        """Return an object or column as it shall be, in words to write."""
        return _find(self.new_words, key)


def _find(catalog: Catalog, key: Key) -> Fact | Column | None:
    if key.kind is not Kind.COLUMN:
        return catalog.facts.get(key)
    table = catalog.facts.get(table_of(key))
    if not isinstance(table, Table):
        return None
    return next((column for column in table.columns if column.name == key.member), None)


def table_of(key: Key) -> Key:
    """Return the key of the table that a column, constraint, trigger, policy or rule belongs to."""
    return Key(Kind.TABLE, key.schema, key.name)


def column_key(table: Key, name: str) -> Key:
    """Return the key of a column."""
    return Key(Kind.COLUMN, table.schema, table.name, name)


def node_of(change: Change) -> Node:
    """Return what identifies a change within a run."""
    return change.key, change.only


@dataclass(frozen=True)
class Planned:
    """What a strategy makes of a change.

    ``takes`` are other changes that these steps carry out as well: they are not planned again. ``ready`` is the phase
    from which on others can rely on the new state (a column that exists: EXPAND; one that has its new type under its
    own name only after the old release is gone: CONTRACT). ``undecided`` are questions that only the author can
    answer, each with the exact line to add or option to give; nothing is written then. ``early`` are steps that come
    before all ``steps`` and rely on none of the changes that this one waits for: they keep their phase (a column that
    goes when its index is gone may be left out by new rows long before). ``late`` are steps that come after those of
    everything else within their phase: others go back before them (a renamed column keeps its old name until then).
    """

    steps: tuple[Step, ...] = ()
    takes: frozenset[Node] = frozenset()
    ready: Phase = Phase.EXPAND
    undecided: tuple[Diagnostic, ...] = ()
    early: tuple[Step, ...] = ()
    late: tuple[Step, ...] = ()
