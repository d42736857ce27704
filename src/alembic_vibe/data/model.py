"""What constraints mean for single values and rows: the language that the parts of this package speak.

A value is a Python value where PostgreSQL's type has one (``None``, ``bool``, ``int``, ``float``, ``Decimal``, ``str``,
``date``, ``datetime`` with a time zone for ``timestamptz``, ``time``, ``timedelta``, ``bytes``, ``list`` for arrays);
of any other type it is the text that PostgreSQL reads, as a ``str``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = Any


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range of values."""

    value: Value
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in PostgreSQL's spelling that a text matches, or does not; ``LIKE`` becomes one."""

    regex: str
    ignore_case: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """What one column may hold; each field narrows it, and the default is everything that its type has.

    ``null``: must be NULL (``True``), must not be (``False``), may be (``None``). ``choices``: nothing but these.
    ``shortest`` and ``longest``: characters of a text, bytes of a ``bytea``, elements of an array. ``step``: the value
    is a multiple of it.
    """

    null: bool | None = None
    choices: tuple[Value, ...] | None = None
    excluded: tuple[Value, ...] = ()
    low: Bound | None = None
    high: Bound | None = None
    patterns: tuple[Pattern, ...] = ()
    shortest: int | None = None
    longest: int | None = None
    step: Value = None


ANYTHING = Domain()


@dataclass(frozen=True, slots=True)
class Relation:
    """``left operator right + offset`` between two columns; the operator is one of ``< <= = <> >= >``."""

    left: str
    operator: str
    right: str
    offset: Value = None


@dataclass(frozen=True, slots=True)
class Case:
    """One way to satisfy a constraint: all of its domains and relations together. Columns without a domain are free."""

    domains: Mapping[str, Domain] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A CHECK (of a table, a domain type or a partition's bound) that is understood.

    ``cases`` are alternatives: a row of any one of them satisfies the constraint if ``exact``; otherwise it probably
    does, and ``holds`` tells. ``holds`` takes a row and gives SQL's answer (``None`` is unknown, which satisfies a
    CHECK); it is ``None`` where only PostgreSQL can tell.
    """

    name: str
    columns: tuple[str, ...]
    expression: str
    cases: tuple[Case, ...]
    exact: bool = True
    holds: Callable[[Mapping[str, Value]], bool | None] | None = None
