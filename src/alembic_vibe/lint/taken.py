"""The locks that an action takes, and what happens to the rows meanwhile: from ``locks.toml``.

What is unknown is taken to be as bad as it can be: the type of a column that the chain has not made changes by a
rewrite, and its NULLs have to be looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import LockTable
from alembic_vibe.lint.forms import Work, forms
from alembic_vibe.lint.roles import tables_in_role
from alembic_vibe.lint.variants import forms_of
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.forms import Form
    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(frozen=True, slots=True)
class Taken:
    """A lock on a table, what happens to its rows, and the form of statement that does both (a key of ``locks.toml``).

    ``table.name`` is "" for the table of an index that the chain does not know.
    """

    table: QualifiedName
    level: LockLevel
    work: Work
    form: str


def locks_of(action: Action, schema: Schema, pg_version: int) -> tuple[Taken, ...]:
    """Return the locks of an action: one a table, its own table first.

    Where an action has several forms (a column with a volatile default and a foreign key), a table's lock is the
    strongest, its work the longest, and ``form`` the one with that work. On a partitioned table, the work on its
    partitions is told of the table as well.

    Args:
        action: What is about to be done.
        schema: The schema before it.
        pg_version: The server's major version, 15 to 18.
    """
    found: dict[QualifiedName, Taken] = {}
    for name in forms_of(action, schema):
        form = forms()[name]
        for role, cost in form.costs(pg_version).items():
            level = LockLevel(action.mode) if isinstance(action, LockTable) else cost.level
            for table in tables_in_role(role, action, schema):
                found[table] = _worse(found.get(table), Taken(table, level, cost.work, name))
    return tuple(found.values())


def form_of(name: str) -> Form:
    """Return what is known of a form by its name.

    Raises:
        KeyError: There is none of that name.
    """
    return forms()[name]


def _worse(one: Taken | None, other: Taken) -> Taken:
    if one is None:
        return other
    worse = max(one, other, key=lambda taken: (taken.work.rank, taken.level))
    return Taken(one.table, max(one.level, other.level), worse.work, worse.form)


__all__ = ["Taken", "Work", "form_of", "locks_of"]
