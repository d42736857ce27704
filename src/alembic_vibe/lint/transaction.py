"""What a transaction holds and has done so far, as the linter walks through its statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import RenameTable, SetSchema, SetVariable, TransactionControl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.model import Read
    from alembic_vibe.lint.taken import Taken
    from alembic_vibe.locks import LockLevel
    from alembic_vibe.sql.tree import QualifiedName

NONE_SET = frozenset({"", "0", "0s", "0ms"})


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that the transaction holds, and the statement that took it."""

    level: LockLevel
    read: Read


@dataclass(slots=True)
class Transaction:
    """One transaction of a revision; in autocommit mode each statement is one.

    ``held`` are the strongest locks on tables that other sessions use (not on tables that the revision itself made),
    in the order in which they were first taken. ``actions`` are all actions so far. ``lock_timeout`` and
    ``statement_timeout`` are what holds now: ``None`` where it cannot be told, "" where none is set.
    """

    autocommit: bool = False
    lock_timeout: str | None = None
    statement_timeout: str | None = None
    held: dict[QualifiedName, Held] = field(default_factory=dict)
    actions: list[tuple[Action, Read]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    by_hand: bool = False  # it follows a COMMIT that the revision writes itself: drivers differ in what that means
    _outside: dict[str, str | None] = field(default_factory=dict)  # what holds again once the transaction ends

    def take(self, locks: Iterable[Taken], read: Read) -> None:
        """Remember locks that a statement takes."""
        for lock in locks:
            held = self.held.get(lock.table)
            if held is None or held.level < lock.level:
                self.held[lock.table] = Held(lock.level, read)

    def strongest(self) -> Held | None:
        """Return the strongest lock that is held, the first of several."""
        return max(self.held.values(), key=lambda held: held.level, default=None)

    def note(self, action: Action, read: Read) -> None:
        """Remember an action, and what it changes of the session's settings."""
        self.actions.append((action, read))
        if isinstance(action, SetVariable):
            self._set(action)
        elif isinstance(action, TransactionControl) and action.what in {"begin", "start"}:
            self.by_hand = False
        elif isinstance(action, RenameTable):
            self._rename(action.table, action.table._replace(name=action.new_name))
        elif isinstance(action, SetSchema):
            self._rename(action.table, action.table._replace(schema=action.new_schema))

    def next(self, *, autocommit: bool) -> Transaction:
        """Return the transaction after this one in the same session: without its locks and its SET LOCALs."""
        following = Transaction(autocommit, self.lock_timeout, self.statement_timeout)
        for name, value in self._outside.items():
            setattr(following, name, value)
        ended = bool(self.actions) and self.ends_with(self.actions[-1][0])
        following.by_hand = autocommit == self.autocommit and (self.by_hand or ended)
        return following

    def once(self, slug: str) -> bool:
        """Whether a rule asks this for the first time: what holds for a whole transaction is reported once."""
        first = slug not in self.said
        self.said.add(slug)
        return first

    def ends_with(self, action: Action) -> bool:
        """Whether an action ends the transaction: a COMMIT or ROLLBACK that the revision writes itself."""
        return isinstance(action, TransactionControl) and action.what in {"commit", "rollback"}

    def _rename(self, old: QualifiedName, new: QualifiedName) -> None:
        """Hold under its new name what is held on a table."""
        self.held = {new if table == old else table: held for table, held in self.held.items()}

    def _set(self, action: SetVariable) -> None:
        for name in ("lock_timeout", "statement_timeout"):
            if action.name not in {name, "all"}:
                continue
            if action.local and self.autocommit:
                continue  # SET LOCAL outside a transaction has no effect (manual, SET)
            if action.local:
                self._outside.setdefault(name, getattr(self, name))
            else:
                self._outside.pop(name, None)
            value = action.value
            setattr(self, name, None if value is None else "" if value in NONE_SET else value)
