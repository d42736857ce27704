"""What a column's type is below its domains, and what the constraints about the column mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import unfold
from alembic_vibe.prove.rows_harvest import Harvest, harvest
from alembic_vibe.prove.rows_values import candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.prove.rows_facts import ColumnFact, SchemaFacts, TableFact

WHOLE = {"int2": 15, "int4": 31, "int8": 63}  # bits of the type's range on either side
TEXTS = frozenset({"text", "varchar", "bpchar", "citext"})
MOMENTS = frozenset({"date", "timestamp", "timestamptz"})
DOCUMENTS = frozenset({"json", "jsonb"})

# A default that is the same every time: anything else must not decide whether a row goes in.
_CONSTANT = re.compile(r"\(*(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|NULL|ARRAY\[\])\)*(?:::[\w .\"\[\]()]+)*")


@dataclass(frozen=True, slots=True)
class Shape:
    """A column: ``base`` is the name of its type below domains, ``modifier`` that type's.

    ``kind`` is the ``typtype`` of ``pg_type``. ``mentions`` are the constants in the constraints over this column
    alone, ``near`` those of all constraints that have to do with it.
    """

    column: ColumnFact
    base: str
    kind: str
    category: str
    modifier: int
    labels: tuple[str, ...]
    mentions: Harvest
    near: Harvest

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def is_array(self) -> bool:
        """Whether it is an array."""
        return self.category == "A"

    @property
    def length(self) -> int | None:
        """The longest text that the type holds, of ``varchar(n)`` and ``char(n)``."""
        return self.modifier - 4 if self.base in {"varchar", "bpchar"} and self.modifier > 4 else None

    @property
    def precision(self) -> tuple[int, int] | None:
        """Precision and scale of a ``numeric(p, s)``."""
        if self.base != "numeric" or self.modifier < 4:
            return None
        scale = (self.modifier - 4) & 0x7FF
        return (self.modifier - 4) >> 16 & 0xFFFF, scale - 0x800 if scale & 0x400 else scale

    @property
    def counts(self) -> bool:
        """Whether the server numbers it: an identity column, or the next value of a sequence."""
        return self.column.identity != "" or "nextval(" in (self.column.default or "")

    @property
    def varies(self) -> bool:
        """Whether its default may be another one each time."""
        default = self.column.default
        return default is not None and not self.column.generated and _CONSTANT.fullmatch(default) is None


def shapes_of(facts: SchemaFacts, table: TableFact) -> dict[str, Shape]:
    """Return the shape of each column of a table."""
    return {column.name: _shape(facts, table, column) for column in table.columns}


def _shape(facts: SchemaFacts, table: TableFact, column: ColumnFact) -> Shape:
    domains, fact = unfold(facts.types, column.type)
    modifier = domains[-1].modifier if domains else column.modifier
    checks = [check for domain in domains for check in domain.checks]
    own, near = list(checks), list(checks)
    for constraint in table.constraints:
        if constraint.expression and column.name in constraint.columns:
            near.append(constraint.expression)
            if constraint.columns == [column.name]:
                own.append(constraint.expression)
    return Shape(
        column,
        fact.name if fact is not None else "",
        fact.typtype if fact is not None else "b",
        fact.category if fact is not None else "",
        modifier,
        tuple(fact.labels) if fact is not None else (),
        harvest(own),
        harvest(near),
    )


def likely(facts: SchemaFacts, table: TableFact, shape: Shape, number: int = 0) -> Sequence[str]:
    """Return values that the column may well take, the likeliest first."""
    column = shape.column
    return candidates(facts.types, column.type, column.modifier, column.name, str(table.target), number, shape.near)
