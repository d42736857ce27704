"""The names that PostgreSQL gives to constraints that have none (``ChooseIndexName``, ``ChooseConstraintName``).

``<table>_pkey``, ``<table>_<columns>_key``, ``_excl``, ``_fkey``, ``_check``. Where such a name would be too long, or
is taken, PostgreSQL shortens or numbers it: then the constraint is written with its name, so nothing of that is needed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Domain

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog

_LONGEST = 63  # bytes, NAMEDATALEN - 1
_SUFFIX = {
    ConstraintKind.UNIQUE: "key",
    ConstraintKind.FOREIGN: "fkey",
    ConstraintKind.CHECK: "check",
}


class UsualNames:
    """Which constraints of a catalog get their name from PostgreSQL when none is written."""

    def __init__(self, catalog: Catalog) -> None:
        names = Counter((found.key.schema, found.name) for found in catalog.of_type(Constraint) if not found.inherited)
        names.update(
            (domain.key.schema, check.name) for domain in catalog.of_type(Domain) for check in domain.constraints
        )
        self._taken = names

    def has_usual_name(self, constraint: Constraint) -> bool:
        """Whether the constraint would have this name without one being written."""
        usual = _usual_name(constraint)
        return (
            usual == constraint.name
            and len(usual.encode()) <= _LONGEST
            and self._taken[constraint.key.schema, constraint.name] == 1
        )


def _usual_name(constraint: Constraint) -> str:
    table = constraint.key.name
    if constraint.kind == ConstraintKind.PRIMARY:
        return f"{table}_pkey"
    suffix = _SUFFIX.get(constraint.kind)
    if suffix is None or constraint.include:
        return ""
    columns = constraint.columns
    if constraint.kind == ConstraintKind.CHECK and len(columns) != 1:
        columns = ()
    return "_".join((table, *columns, suffix))
