"""The three-way decision about one row: what the seeds said last, what they say now, and what the database has.

Column by column, as in a merge of texts: what only the seeds changed is taken, what only people changed stays, and
where both changed the same column, people win and the row is told as a conflict. Digests stand for values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Digests = dict[str, str]


class Fate(StrEnum):
    """What becomes of a row."""

    INSERT = "insert"
    SAME = "same"
    UPDATE = "update"
    EDITED = "edited"  # changed by people where the seeds say nothing new: left as it is
    CONFLICT = "conflict"  # the same column changed on both sides: left as it is
    DELETED = "deleted"  # deleted by people: not brought back


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last run saw: the digests of what the seeds said, and of what the database then held, by column."""

    seed: Mapping[str, str]
    stored: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """The fate of a row, the columns to write, and those in which people's values stay."""

    fate: Fate
    take: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """One row, seen from all sides.

    Attributes:
        wanted: Digests of what the seeds say now, by column.
        current: Digests of what the database has; ``None`` where there is no such row.
        memory: What the last run saw; ``None`` for a row that no run has seen.
        key: The columns that tell rows apart.
        expressions: Columns whose value the database works out: never compared with what the seeds say.
    """

    wanted: Mapping[str, str]
    current: Mapping[str, str] | None
    memory: Memory | None
    key: Collection[str]
    expressions: Collection[str] = field(default=())

    def agree(self, name: str) -> bool:
        """Whether the database has what the seeds say."""
        return self.current is not None and name not in self.expressions and self.current[name] == self.wanted[name]


def digest(text: str | None) -> str:
    """Return a short digest of a value's text."""
    return sha256(repr(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def decide(sides: Sides, *, forced: bool = False) -> Decision:
    """Say what becomes of a row.

    Args:
        sides: The row.
        forced: Somebody asked for what the seeds say, whatever the database has.
    """
    if sides.current is None:
        return Decision(Fate.INSERT if sides.memory is None or forced else Fate.DELETED)
    take, edited, contested = [], [], []
    for name, wanted in sides.wanted.items():
        if name in sides.key or sides.agree(name):
            continue
        said = sides.memory.seed.get(name) if sides.memory else None
        held = sides.memory.stored.get(name) if sides.memory else None
        touched = sides.current[name] != held
        if sides.memory is None:
            # Somebody wrote a row with this key before the seeds did. An expression has no value to differ from.
            if name not in sides.expressions:
                contested.append(name)
        elif wanted == said:
            if touched:
                edited.append(name)
        elif held is None or not touched:  # of a column that the seeds give only now nothing is known
            take.append(name)
        else:
            contested.append(name)
    if forced:
        take, edited, contested = [*take, *edited, *contested], [], []
    fate = Fate.CONFLICT if contested else Fate.UPDATE if take else Fate.EDITED if edited else Fate.SAME
    return Decision(fate, tuple(take), tuple(edited), tuple(contested))


def remembered(sides: Sides, decision: Decision, stored: Mapping[str, str]) -> Memory | None:
    """Return what the next run shall know; ``None`` where it shall know no more than this one.

    Args:
        sides: The row as it was found.
        decision: What was decided and done.
        stored: Digests of what the database has now.
    """
    if decision.fate is Fate.DELETED or (sides.memory is None and decision.contested):
        return None
    if sides.memory is None:
        return Memory(dict(sides.wanted), dict(stored))
    seed, held = dict(sides.wanted), dict(stored)
    for name in (*decision.edited, *decision.contested):  # what people changed stays known as changed
        held[name] = sides.memory.stored[name]
    for name in decision.contested:  # and what the seeds want instead stays news
        seed[name] = sides.memory.seed.get(name, "")
    return Memory(seed, held)
