"""Values of a column that satisfy a condition in no known form, found by trying many."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.evaluation import compile_expression
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError
from alembic_vibe.data.checks.kinds import FLOATS, INTEGERS, MOMENTS
from alembic_vibe.data.model import NOW, UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.data.checks.kinds import Kind

_MOST = 200
_MOST_TRIED = 4000
_TEXTS = (
    "a", "abc", "name", "Name", "ABC", "some words", "user@example.com", "https://example.com/page", "/path/to/file",
    "+15550100123", "12345", "0", "1", "1.0.0", "2024-01-15", "de", "DE", "en-US", "abc-def", "abc_def", "a.b", "{}",
    "00000000-0000-4000-8000-000000000000", "#aabbcc", "true", "", " ", "x" * 10, "x" * 32, "a" * 64, "aA1!aA1!",
)  # fmt: skip
_LARGE = 2**31
_LONG = 4096
_FEW = 20
_FIXED: dict[str, tuple[Value, ...]] = {
    "bool": (True, False),
    "time": tuple(time(hour, minute) for minute in (0, 30, 15, 45) for hour in range(24)),
    "interval": (
        *(timedelta(hours=hours) for hours in (1, 2, 8, 24, 48, 24 * 7, 24 * 30, 0)),
        *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 90)),
    ),
    "uuid": tuple(f"00000000-0000-4000-8000-{n:012x}" for n in range(1, 10)),
    "macaddr": ("00:00:5e:00:53:01", "00:00:5e:00:53:02"),
    "bit": ("1", "0"),
    "inet": ("192.0.2.1", "198.51.100.0/24", "2001:db8::1", "2001:db8::/32"),
    "cidr": ("198.51.100.0/24", "2001:db8::/32"),
}
_DOCUMENTS = ("{}", "[]", '{"key": "value"}', '["value"]', '"text"', "1", "true", "null", '{"key": 1}', "[1]")


def witnesses(expression: Expression) -> tuple[list[Value], bool]:
    """Return values of the one column of a condition for which it is true.

    Second, whether it is true for most values, so that those which suit the column better will do as well: told of
    texts and moments alone, as of other types the values that are tried lie near the constants.
    """
    column = next(part for part in expression if part.op == "column")
    try:
        holds = compile_expression(expression)
    except NotUnderstoodError:
        return [], False
    constants = [part.value for part in expression if part.op == "const" and part.value is not None]
    found: list[Value] = []
    tried = good = 0
    for value in islice(typical(column.kind, constants), _MOST_TRIED):
        tried += 1
        try:
            if holds({column.value: value}) is not True:
                continue
        except (UndecidedError, ArithmeticError, TypeError, ValueError, AttributeError):
            continue
        good += 1
        if len(found) < _MOST and value not in found:
            found.append(value)
    return found, 2 * good > tried and (column.kind.is_text() or column.kind.name in MOMENTS)


def witnesses_null(expression: Expression) -> bool | None:
    """Return what a condition on one column says to NULL, ``False`` where that is not known."""
    column = next(part for part in expression if part.op == "column")
    try:
        answer: bool | None = compile_expression(expression)({column.value: None})
    except (NotUnderstoodError, UndecidedError, ArithmeticError, TypeError, ValueError, AttributeError):
        return False
    return answer


def typical(kind: Kind, constants: Sequence[Value] = ()) -> Iterator[Value]:
    """Yield values of many sorts of a type, those near the constants included.

    Args:
        kind: The type.
        constants: What is mentioned beside the column.
    """
    numbers = _whole_numbers(constants)
    texts = [text for text in constants if isinstance(text, str)]
    name = kind.name
    if name in INTEGERS | FLOATS | {"numeric"}:
        yield from _numbers(kind, numbers)
    elif kind.is_text():
        yield from (*_TEXTS, *texts, *(f"{a}{text}{b}" for text in texts for a in ("", "a") for b in ("", "b")))
        yield from ("x" * size for n in numbers if 0 < n < _LONG for size in (n, n + 1))
    elif name in {"date", "timestamp", "timestamptz"}:
        yield from _moments(name)
    elif name in {"json", "jsonb"}:
        yield from _DOCUMENTS
        near = (form for n in numbers for x in (n, n + 1, n - 1) for form in (str(x), f'"{x}"'))
        contents = (*near, '"value"', "1", "0", "[1]", "true", "[]", "{}", '"1"')
        plain = [text for text in texts if '"' not in text and "\\" not in text]
        yield from (f'{{"{text}": {content}}}' for text in plain for content in contents)
    elif name == "array" and kind.element is not None:
        mentioned = [*texts, *numbers, *islice(typical(kind.element, constants), _FEW)]
        items = list(dict.fromkeys(item for item in mentioned if _is(kind.element, item)))
        yield from ([item] for item in items[:50])
        yield from (
            *(value for value in constants if isinstance(value, list)),
            items[:2],
            items[1::-1],
            items[:3],
            [],
            [None],
        )
    elif name == "range":
        yield from (*texts, *_ranges(kind))
    elif name == "bytea":
        yield from (b"\x01" * size for size in (1, 4, 8, 16, 20, 32, 64, *(n for n in numbers if 0 <= n < _LONG), 0))
    else:
        yield from kind.labels or _FIXED.get(name, ())


def _whole_numbers(constants: Sequence[Value]) -> list[int]:
    return [int(n) for n in constants if isinstance(n, (int, Decimal)) and -_LARGE < n < _LARGE]


def _is(element: Kind, value: Value) -> bool:
    if element.name in INTEGERS:
        return isinstance(value, int)
    return isinstance(value, str) if element.is_text() or element.name == "enum" else True


def _numbers(kind: Kind, mentioned: list[int]) -> Iterator[Value]:
    near = [n + d for n in mentioned for d in (0, 1, -1, 2, -2)]
    whole = [*range(1, 400), 0, *near, *range(-20, 0), *(10**power for power in range(3, 9))]
    limit = {"int2": 2**15 - 1, "int4": 2**31 - 1}.get(kind.name, 2**53)
    for n in whole:
        if abs(n) <= limit:
            yield n if kind.name in INTEGERS else float(n) if kind.name in FLOATS else Decimal(n)
    if kind.name == "numeric":
        yield from (*(Decimal(n) / 10 for n in range(1, 100)), Decimal("0.125"), Decimal("0.0001"))


def _moments(name: str) -> Iterator[Value]:
    for days in range(3650 if name == "date" else 900):
        day = NOW.date() - timedelta(days=days)
        if name == "date":
            yield day
            continue
        for hour, minute in ((0, 0), (9, 30), (12, 0), (18, 15)):
            zone = UTC if name == "timestamptz" else None
            yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def _ranges(kind: Kind) -> Iterator[str]:
    element = kind.element.name if kind.element is not None else ""
    if element in {"date", "timestamp", "timestamptz"}:
        zone = "+00" if element == "timestamptz" else ""
        for days in (1, 7, 30, 365):
            start = NOW.date() - timedelta(days=400)
            clock = "" if element == "date" else f" 08:00:00{zone}"
            yield f'["{start}{clock}","{start + timedelta(days=days)}{clock}")'
        if element != "date":
            yield from (f'["2025-01-15 08:00:00{zone}","2025-01-15 {hour:02d}:00:00{zone}")' for hour in (9, 10, 12))
    else:
        yield from (f"[{low},{high})" for low, high in ((1, 2), (1, 10), (0, 1), (0, 100), (10, 20), (-9, 9999)))
    yield "empty"
