"""Values at the edges of a domain."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import fits
from alembic_vibe.data.checks.kinds import FLOATS, INTEGERS, JSON, Kind
from alembic_vibe.data.checks.witnesses import typical
from alembic_vibe.data.model import Bound, Domain, Value
from alembic_vibe.prove.rows_regex import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CHOICES = 40
_LONGEST = 10_000
_DOCUMENTS: dict[str, Value] = {
    "object": {}, "array": [], "string": "text", "number": 1, "boolean": True, "null": None,
}  # fmt: skip


def at_edges(kind: Kind, domain: Domain, most: int = 12) -> list[Value]:
    """Return values of a domain, at its edges where it has some; empty if none is found.

    Args:
        kind: The type of the column.
        domain: What its values are in.
        most: How many, at most (more where every choice counts).
    """
    if domain.null is True:
        return [None]
    if domain.choices is not None:
        return list(domain.choices[:_MOST_CHOICES])
    found: list[Value] = []
    for value in (*_candidates(kind, domain), *islice(typical(kind, domain.excluded), 400)):
        if value not in found and fits(domain, value) is True:
            found.append(value)
        if len(found) >= most:
            break
    return found


def _candidates(kind: Kind, domain: Domain) -> Iterator[Value]:
    step = unit(kind, domain)
    if step is not None:
        yield from _near_bounds(domain, step)
    if kind.is_text():
        yield from _texts(domain)
    elif kind.name == "bytea":
        yield from (bytes([1]) * size for size in _sizes(domain))
    elif kind.name == "array":
        item = _item(kind, domain)
        yield from ([item] * size for size in _sizes(domain)) if item is not None else ()
    elif kind.name in JSON:
        yield from _documents(domain)


def unit(kind: Kind, domain: Domain) -> Value:
    """Return the least difference between two values of a type, ``None`` where there is none."""
    if kind.name in INTEGERS:
        return domain.step or 1
    if kind.name == "numeric":
        scale = (kind.modifier - 4) & 0x7FF if kind.modifier >= 4 else 2
        return domain.step or Decimal(1).scaleb(-scale)
    if kind.name in FLOATS:
        return math.ulp(1.0) if kind.name == "float8" else 1e-5
    if kind.name == "date":
        return timedelta(days=1)
    return timedelta(microseconds=1) if kind.name in {"timestamp", "timestamptz", "interval"} else None


def _near_bounds(domain: Domain, step: Value) -> Iterator[Value]:
    for bound, sign in ((domain.low, 1), (domain.high, -1)):
        if bound is not None:
            yield from (move(bound, sign * times, step) for times in ((0, 1) if bound.inclusive else (1, 2)))
            if isinstance(bound.value, int) and domain.step:  # the first multiple inside
                whole = bound.value - (bound.value - domain.remainder) % domain.step
                yield from (whole, whole + domain.step)


def move(bound: Bound, times: int, step: Value) -> Value:
    """Return the value so many steps from a bound."""
    value = bound.value
    if isinstance(value, float):
        for _ in range(abs(times)):
            value = math.nextafter(value, math.inf if times > 0 else -math.inf)
        return value
    if isinstance(value, (date, datetime, timedelta, int, Decimal)):
        try:
            return value + times * step
        except OverflowError:
            return value
    return value


def _sizes(domain: Domain) -> list[int]:
    shortest, longest = domain.shortest or 0, domain.longest
    sizes = [shortest, shortest + 1] if longest is None else [shortest, longest]
    return [size for size in dict.fromkeys(sizes) if size <= _LONGEST]


def _texts(domain: Domain) -> Iterator[str]:
    wanted = [pattern for pattern in domain.patterns if not pattern.negated]
    made = [text for pattern in wanted for text in samples(pattern.regex, ignore_case=pattern.ignore_case, count=6)]
    refused = [
        text
        for pattern in domain.patterns
        if pattern.negated
        for text in samples(pattern.regex, ignore_case=pattern.ignore_case, count=2)
    ]
    if wanted:
        ordered = sorted(made, key=len)
        if domain.shortest is not None or domain.longest is not None:
            made += [text for size in _sizes(domain) for sample in ordered[:3] for text in _stretched(sample, size)]
        yield from (*ordered[:1], *ordered[-1:], *made)
    else:
        for size in _sizes(domain):
            yield from ("a" * size, "A" * size, "1" * size)
    # Beside what a pattern refuses, texts that nearly are like that.
    for text in refused:
        yield from (text + "!", "!" + text, text[:-1], text.swapcase(), text + " ", text[: len(text) // 2])
    for text in made:
        yield from (f"{text[:1]}{text}", text.lower(), text.upper())


def _stretched(text: str, size: int) -> Iterator[str]:
    """Yield texts of a length that repeat one character of a text."""
    more = size - len(text)
    if more > 0:
        yield from (text[:i] + char * more + text[i:] for i, char in enumerate(text))


def _item(kind: Kind, domain: Domain) -> Value:
    if kind.element is None:
        return None
    found = at_edges(kind.element, domain.elements or Domain(), 1)
    return found[0] if found else None


def _documents(domain: Domain) -> Iterator[str]:
    if domain.json_keys:
        yield json.dumps(dict.fromkeys(domain.json_keys, "value"))
    for name in domain.json_types or _DOCUMENTS:
        if name == "array" and (domain.shortest is not None or domain.longest is not None):
            yield from (json.dumps([1] * size) for size in _sizes(domain))
        else:
            yield json.dumps(_DOCUMENTS[name])
