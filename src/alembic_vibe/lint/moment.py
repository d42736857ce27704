"""What a rule sees: the moment before an action takes effect, and a revision that was walked through."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import Delete, DropIndex, Insert, OnTable, Update
from alembic_vibe.lint.model import Direction
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Environment, Read, Rendering, Revision, Settings
    from alembic_vibe.lint.schema import Schema, Table
    from alembic_vibe.lint.taken import Taken
    from alembic_vibe.lint.transaction import Held, Transaction
    from alembic_vibe.sql.tree import QualifiedName


def is_workspace(table: QualifiedName) -> bool:
    """Whether a table is what migrations keep for themselves for a while: in a schema ``vibe`` or ``vibe_…``."""
    return table.schema == "vibe" or table.schema.startswith("vibe_")


@dataclass
class Moment:
    """The moment before an action: the schema and the transaction are as earlier actions left them.

    ``read`` is the statement, ``locks`` what the action will take on tables that other sessions may use (locks on
    tables that this revision has made are left out). In ``check_statement`` there is no action yet: no locks.
    """

    revision: Revision
    direction: Direction
    read: Read
    before: Schema
    transaction: Transaction
    environment: Environment
    settings: Settings
    chain: Chain
    locks: tuple[Taken, ...] = ()
    rendering: Rendering | None = None  # of the whole function: ``lint.ahead`` looks at what comes later

    def is_own(self, table: QualifiedName) -> bool:
        """Whether this revision makes the table: nobody else uses it yet, or, on the way down, any more."""
        if is_workspace(table):
            return True
        found = self.before.table(table)
        return found is not None and (found.temporary or found.created_by == self.revision.id != "")

    def table(self, name: QualifiedName) -> Table | None:
        """Return what is known of a table."""
        return self.before.table(name)

    def took(self, held: Held) -> bool:
        """Whether this function took a lock itself: where all revisions run in one transaction, others may have."""
        return self.rendering is None or any(emitted is held.read.emitted for emitted in self.rendering.statements)

    def is_told(self, action: Action) -> bool:
        """Whether the revision's head tells that its downgrade works through the tables of an action."""
        tables = {lock.table for lock in self.locks if lock.work is not Work.NONE}
        if isinstance(action, Update | Delete | Insert):
            tables.add(action.table)
        if isinstance(action, DropIndex):
            tables = {lock.table for lock in self.locks}
        told = self.revision.facts.locked_in_downgrade
        if self.direction is not Direction.DOWNGRADE or not tables or not told:
            return False
        if isinstance(action, OnTable) and told.intersection(self._line(action.table)):
            return True  # what refers to it, or inherits from it, is worked through along with it
        return all(told.intersection(self._line(table)) for table in tables)

    def _line(self, table: QualifiedName) -> list[str]:
        """Return the names of a table and of what it is a partition of."""
        found = self.before.table(table)
        parent = found.parent if found is not None else None
        return [quote_qualified(*table), *(self._line(parent) if parent is not None else ())]

    @property
    def is_contract(self) -> bool:
        """Whether the revision says that it runs after the old release is gone (``Phase: contract`` or ``purge``)."""
        return self.revision.facts.phase in {"contract", "purge"}


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was walked through, with its statement and its locks."""

    action: Action
    read: Read
    locks: tuple[Taken, ...]
    transaction: int  # number within the function, from 0; each statement of an autocommit block has its own


@dataclass
class Walk:
    """A revision after both functions were walked through.

    ``before`` and ``after`` are the schema before and after ``upgrade``; only directions that were asked for are in
    ``done``, but ``upgrade`` always is, since ``downgrade`` starts from what it made.
    """

    revision: Revision
    before: Schema
    after: Schema
    environment: Environment
    settings: Settings
    chain: Chain
    renderings: Mapping[Direction, Rendering]
    done: dict[Direction, list[Done]] = field(default_factory=dict)

    @cached_property
    def made(self) -> Collection[QualifiedName]:
        """The tables that ``upgrade`` made."""
        return {name for name, table in self.after.tables.items() if table.created_by == self.revision.id != ""}

    def actions(self, direction: Direction) -> list[Done]:
        """Return what one function did, in order; empty where it was not walked through."""
        return self.done.get(direction, [])
