"""Which columns of a table hang together, and the answers that the server gives about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.prove.rows_facts import ConstraintFact


@dataclass(frozen=True, slots=True)
class Question:
    """A query that returns values for some columns which satisfy the constraints over them."""

    query: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Columns that get their values together: one column, or those of a foreign key."""

    columns: tuple[str, ...]
    foreign: ConstraintFact | None = None


def names_column(expression: str, column: str) -> bool:
    """Whether an expression names a column."""
    return re.search(rf'(?<![\w"]){re.escape(column)}(?![\w"])|"{re.escape(column)}"', expression) is not None


def spread(rows: Sequence[Mapping[str, str | None]], limit: int) -> list[Mapping[str, str | None]]:
    """The first answers, then some from all over: neighbours differ in one column only."""
    if len(rows) <= limit:
        return list(rows)
    head = limit // 3
    step = (len(rows) - head) / (limit - head)
    return [*rows[:head], *(rows[head + int(at * step)] for at in range(limit - head))]


def components(slots: Sequence[Slot], ties: Sequence[set[str]]) -> list[list[Slot]]:
    """Group slots that some constraint, or a shared column, ties together."""
    parent = list(range(len(slots)))

    def find(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    holders: dict[str, list[int]] = {}
    for at, slot in enumerate(slots):
        for column in slot.columns:
            holders.setdefault(column, []).append(at)
    for columns in [*ties, *({column} for column in holders)]:
        members = [at for column in columns for at in holders.get(column, [])]
        for other in members[1:]:
            parent[find(other)] = find(members[0])
    groups: dict[int, list[Slot]] = {}
    for at, slot in enumerate(slots):
        groups.setdefault(find(at), []).append(slot)
    return list(groups.values())
