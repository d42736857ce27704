"""What masks, columns and decisions about them are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.model import CheckRule
    from alembic_vibe.prove.rows_facts import ColumnFact

ENOUGH = 60  # bits: among a million masks two are equal with a probability below one in two million


class Place(NamedTuple):
    """A column, by its table (of a partition: the root) and its name."""

    table: Key
    column: str

    def __str__(self) -> str:
        """Its name for people."""
        return f"{self.table.qualified}.{self.column}"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a mask: from a drawn number and the original. ``bits``: how many masks there are, at least."""

    write: Callable[[int, str], str]
    bits: int


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask by meaning.

    ``fits``: kinds of types. ``forms``: the best first. ``folded``: originals that differ in case alone get masks that
    do. ``joined``: its values identify somebody, so it is written alike in unique columns and in others. ``permuted``:
    values are permuted within their form before any ``forms`` are tried. ``distinctive``: an original found anywhere in
    the output is a leak, whatever it looks like.
    """

    name: str
    fits: frozenset[str]
    forms: tuple[Form, ...] = ()
    folded: bool = False
    joined: bool = False
    permuted: bool = False
    distinctive: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a type is made of, below domains.

    ``kind``: "text", "json", "xml", "hstore", "inet", "cidr", "macaddr", "macaddr8", "bytea", "uuid", "date",
    "timestamp", "number", "money", "tsvector", "plain" (nothing that could be personal by its type), "array",
    "composite", "range", or "other", of which nothing is known.
    """

    kind: str
    element: Shape | None = None
    attributes: tuple[tuple[str, Shape], ...] = ()
    folded: bool = False  # citext
    fixed: bool = False  # char(n), padded with spaces
    longest: int | None = None
    high: int | None = None  # of numbers: the largest whole part

    @property
    def denied(self) -> bool:
        """Whether a column of this type is replaced unless it is classified."""
        match self.kind:
            case "array" | "range":
                return self.element is None or self.element.denied
            case "composite":
                return any(shape.denied for _, shape in self.attributes)
        return self.kind not in {"plain", "number", "money", "date", "timestamp", "uuid"}


@dataclass(slots=True)
class ColumnUse:
    """What is known of a column.

    ``primary``, ``unique``: part of such a key. ``folded``: compared without regard to case. ``closed``: a CHECK lists
    its values. ``refers``: what its foreign keys refer to. ``rules``: CHECKs about this column alone; ``shared``:
    about more.
    """

    place: Place
    fact: ColumnFact
    shape: Shape
    nullable: bool
    primary: bool = False
    unique: bool = False
    folded: bool = False
    closed: bool = False
    refers: list[Place] = field(default_factory=list)
    rules: list[CheckRule] = field(default_factory=list)
    shared: list[CheckRule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a column: the name of a mask, and what stands behind its colon."""

    name: str
    argument: str = ""

    def __str__(self) -> str:
        """As the classification has it."""
        return f"{self.name}:{self.argument}" if self.argument else self.name
