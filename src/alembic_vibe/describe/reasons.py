"""What each index is there for, as far as a catalog tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index
from alembic_vibe.describe.prose import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.catalog import Catalog

_METHODS = {
    "gin": "what is inside of arrays, documents and texts",
    "gist": "overlaps, distances and nearest neighbours",
    "spgist": "values that divide a space",
    "brin": "ranges of rows that are stored in order",
    "hash": "equality",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the table of indexes."""

    index: str
    table: str
    keys: str
    purpose: str


def index_reasons(catalog: Catalog) -> list[Reason]:
    """Return what each index serves, by table; those behind constraints and of partitions are left out."""
    foreign: dict[object, list[Constraint]] = {}
    for fact in catalog.of_type(Constraint):
        if fact.kind == ConstraintKind.FOREIGN:
            foreign.setdefault(fact.table, []).append(fact)
    found = sorted(catalog.of_type(Index), key=lambda fact: (fact.table, fact.key))
    return [
        Reason(fact.key.name, fact.table.qualified, _keys(fact), _purpose(fact, foreign.get(fact.table, ())))
        for fact in found
        if not fact.inherited
    ]


def _keys(index: Index) -> str:
    texts = [f"{key.expression}{' DESC' if key.descending else ''}" for key in index.keys]
    return ", ".join(texts) + (f" INCLUDE ({', '.join(index.include)})" if index.include else "")


def _purpose(index: Index, foreign: Iterable[Constraint]) -> str:
    """Say what an index is for: a rule, a foreign key, what its method finds; and for which rows."""
    columns = [key.column for key in index.keys]
    said = []
    if index.unique:
        said.append("no two rows alike")
    for key in foreign:
        if set(columns[: len(key.columns)]) == set(key.columns) and key.references is not None:
            said.append(f"rows of one {key.references.qualified}")
    if index.method in _METHODS:
        said.append(_METHODS[index.method])
    elif not said:
        said.append("lookups by an expression" if None in columns else "lookups and sorting")
    if index.include:
        said.append("answers without the table")
    text = listed(list(dict.fromkeys(said)))
    return f"{text}, where {index.predicate}" if index.predicate else text
