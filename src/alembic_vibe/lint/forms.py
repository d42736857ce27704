"""The forms of statements with their locks, as ``locks.toml`` has them: loaded when the first lock is asked for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.lint.actions import Action

FILE = Path(__file__).with_name("locks.toml")


class Work(StrEnum):
    """What happens to the rows while a table is locked; what takes longest comes last."""

    NONE = "none"
    SCAN = "scan"  # all rows are read
    BUILD = "build"  # an index is built
    REWRITE = "rewrite"  # the table is written anew, with all of its indexes

    @property
    def rank(self) -> int:
        """How long it takes, compared with the others."""
        return tuple(Work).index(self)


@dataclass(frozen=True, slots=True)
class Cost:
    """A lock on a table, and what happens to its rows."""

    level: LockLevel
    work: Work = Work.NONE

    @classmethod
    def parse(cls, text: str) -> Cost:
        """Read ``SHARE`` or ``SHARE, build``."""
        level, _, work = text.partition(", ")
        return cls(LockLevel[level.replace(" ", "_")], Work(work or "none"))


@dataclass(frozen=True)
class Form:
    """A form of statement.

    ``locks`` are by role, ``exceptions`` what differs on one server version, ``when`` the values of the action's fields
    by which it is known. ``source`` is a chapter of PostgreSQL's manual, or says that it was measured.
    """

    name: str
    action: str
    locks: Mapping[str, Cost]
    when: Mapping[str, Any]
    exceptions: Mapping[int, Mapping[str, Cost]]
    source: str
    since: int

    def costs(self, pg_version: int) -> Mapping[str, Cost]:
        """Return the locks by role on one version of PostgreSQL."""
        return {**self.locks, **self.exceptions.get(pg_version, {})}

    def fits(self, action: Action) -> bool:
        """Whether the fields of an action of this class have the values of ``when``."""
        return all(getattr(action, name) == value for name, value in self.when.items())


@cache
def forms() -> Mapping[str, Form]:
    """Return all forms by name, in the order of the file."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _form(name, entry) for name, entry in document.items() if isinstance(entry, dict)}


@cache
def by_action() -> Mapping[str, tuple[Form, ...]]:
    """Return the forms of each class of action; those that look at a field come before those that do not."""
    found: dict[str, list[Form]] = {}
    for form in forms().values():
        found.setdefault(form.action, []).append(form)
    return {action: tuple(sorted(ours, key=lambda form: not form.when)) for action, ours in found.items()}


def _form(name: str, entry: dict[str, Any]) -> Form:
    return Form(
        name,
        entry["action"],
        {role: Cost.parse(text) for role, text in entry["locks"].items()},
        entry.get("when", {}),
        {
            int(version): {role: Cost.parse(text) for role, text in locks.items()}
            for version, locks in entry.get("exceptions", {}).items()
        },
        entry["source"],
        entry.get("since", 15),
    )
