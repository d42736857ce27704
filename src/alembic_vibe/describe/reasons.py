"""What the indexes are there for, as far as a catalog tells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index
from alembic_vibe.describe.prose import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key

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
    where: str
    serves: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """How many plain indexes there are, how many of them serve foreign keys, and what the others are for."""

    plain: int
    foreign: int
    special: tuple[Reason, ...]


def indexing(catalog: Catalog) -> Indexing | None:
    """Return what is to be said of indexes; those behind constraints and those of partitions are left out."""
    foreign: dict[Key, list[Constraint]] = defaultdict(list)
    for fact in catalog.of_type(Constraint):
        if fact.kind == ConstraintKind.FOREIGN:
            foreign[fact.table].append(fact)
    found = sorted((fact for fact in catalog.of_type(Index) if not fact.inherited), key=lambda f: (f.table, f.key))
    special = tuple(_reason(fact, foreign[fact.table]) for fact in found if _is_special(fact))
    plain = [fact for fact in found if not _is_special(fact)]
    serving = sum(1 for fact in plain if any(_serves(fact, key) for key in foreign[fact.table]))
    return Indexing(len(plain), serving, special) if found else None


def _is_special(index: Index) -> bool:
    expression = any(key.column is None for key in index.keys)
    return bool(index.unique or expression or index.predicate or index.include or index.method != "btree")


def _serves(index: Index, foreign_key: Constraint) -> bool:
    columns = [key.column for key in index.keys][: len(foreign_key.columns)]
    return index.method == "btree" and set(columns) == set(foreign_key.columns)


def _reason(index: Index, foreign: Iterable[Constraint]) -> Reason:
    said = ["a rule: no two rows alike"] if index.unique else []
    said += [
        f"the foreign key to {key.references.qualified}" for key in foreign if key.references and _serves(index, key)
    ]
    if index.method in _METHODS:
        said.append(_METHODS[index.method])
    elif not said:
        said.append("lookups by an expression" if any(key.column is None for key in index.keys) else "lookups")
    if index.include:
        said.append("answers without the table")
    keys = [f"{key.expression}{' DESC' if key.descending else ''}" for key in index.keys]
    with_more = f" INCLUDE ({', '.join(index.include)})" if index.include else ""
    return Reason(
        index.key.name, index.table.qualified, ", ".join(keys) + with_more, index.predicate or "", listed(said)
    )
