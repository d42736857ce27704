"""What constraints mean for single values and rows: the language that the parts of this package speak.

A value is a Python value where PostgreSQL's type has one (``None``, ``bool``, ``int``, ``float``, ``Decimal``, ``str``,
``date``, ``datetime`` with a time zone for ``timestamptz``, ``time``, ``timedelta``, ``bytes``, ``list`` for arrays);
of any other type it is the text that PostgreSQL reads, as a ``str``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = Any

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""The present of all generated data. The clock of a server that reads them is between it and ``LATEST``."""

LATEST = datetime(2100, 1, 1, 12, tzinfo=UTC)
"""What is later than this is in the future wherever the data are read: the bound of ``expires_at > now()``."""


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
    is a multiple of it, plus ``remainder``. ``letters``: equal to its own ``lower()`` or ``upper()``. ``elements``:
    what each element of an array is. ``json_types``: what ``jsonb_typeof`` says, ``json_keys``: the keys an object has.
    ``empty``: of a range. Texts have bounds only where the collation goes by code points.
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
    remainder: Value = 0
    letters: Literal["lower", "upper"] | None = None
    elements: Domain | None = None
    json_types: tuple[str, ...] | None = None
    json_keys: tuple[str, ...] = ()
    empty: bool | None = None


ANYTHING = Domain()


@dataclass(frozen=True, slots=True)
class Relation:
    """``left operator right + offset`` between two columns; the operator is one of ``< <= = <> >= >``."""

    left: str
    operator: str
    right: str
    offset: Value = None


@dataclass(frozen=True, slots=True)
class Computed:
    """``left operator value(row)``: a column beside an expression over ``columns``, which are others.

    ``value`` gives ``None`` where the expression is NULL: then the comparison does not matter.
    """

    left: str
    operator: str
    columns: tuple[str, ...]
    value: Callable[[Mapping[str, Value]], Value]


@dataclass(frozen=True, slots=True)
class Case:
    """One way to satisfy a constraint: all of its domains and relations together. Columns without a domain are free.

    A relation or computation in which a column is NULL is satisfied.
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    computed: tuple[Computed, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A CHECK (of a table, a domain type or a partition's bound) that is understood.

    ``cases`` are alternatives: a row of any one of them satisfies the constraint if ``exact``; otherwise it probably
    does, and ``holds`` tells. ``holds`` takes a row and gives SQL's answer (``None`` is unknown, which satisfies a
    CHECK, and so does a column that the row does not have); it is ``None`` where only PostgreSQL can tell. Of values
    about which it cannot be sure (letters outside ASCII in an expression that depends on the locale, moments between
    ``NOW`` and ``LATEST`` beside ``now()``) it says ``False``, and ``decide`` raises ``UndecidedError``. ``broken_by``:
    the ways to violate it. ``whole``: nothing in it is left to PostgreSQL (where something is, ``holds`` says ``None``
    unless the rest decides).
    """

    name: str
    columns: tuple[str, ...]
    expression: str
    cases: tuple[Case, ...]
    exact: bool = True
    holds: Callable[[Mapping[str, Value]], bool | None] | None = None
    decide: Callable[[Mapping[str, Value]], bool | None] | None = None
    broken_by: tuple[Case, ...] = ()
    whole: bool = True


class UndecidedError(Exception):
    """What PostgreSQL would say to this row is not known for certain."""
