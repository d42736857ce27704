"""Comparisons of two values as PostgreSQL makes them."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import functions, kinds, moments
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError
from alembic_vibe.data.checks.literals import document, range_of
from alembic_vibe.data.checks.moments import Span
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.data.checks.kinds import Kind

_TESTS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


def comparing(name: str, left: Expression, right: Expression) -> Callable[[Value, Value], bool]:
    """Return the comparison of two values of these kinds.

    Raises:
        NotUnderstoodError: The collation, or something else that only the server knows, decides.
    """
    test = _TESTS[name]
    key = _key(name, left.kind, right.kind)
    if key is _refused:
        message = f"{left.kind.name} {name} {right.kind.name} is the server's to decide"
        raise NotUnderstoodError(message)
    moving = left.is_moving() or right.is_moving()
    if key is None and not moving:
        return test
    if not moving:
        assert key is not None
        return lambda a, b: test(key(a), key(b))

    def spanning(one: Value, other: Value) -> bool:
        return moments.compare(test, _mapped(key, one), _mapped(key, other))

    return spanning


def _mapped(key: Callable[[Value], Value] | None, value: Value) -> Value:
    if key is None:
        return value
    return Span(key(value.early), key(value.late)) if value.__class__ is Span else key(value)


def _key(name: str, left: Kind, right: Kind) -> Callable[[Value], Value] | None:
    """Return what makes values compare in Python as they do in PostgreSQL."""
    kind = right if left.name == "null" else left
    both = {left.name, right.name}
    equality = name in {"=", "<>"}
    if kind.is_text():
        return _text_key(both, equality=equality, by_code_points=left.by_code_points or right.by_code_points,
                         loose=left.loose or right.loose)  # fmt: skip
    if kind.name == "enum":
        order = {label: i for i, label in enumerate(kind.labels)}
        return None if equality else order.__getitem__
    if kind.name == "interval":
        return moments.reckoned
    if both & kinds.MOMENTS and len(both) > 1:
        return moments.as_timestamptz if "timestamptz" in both else moments.as_timestamp
    if kind.name == "range" and equality:
        return lambda value: range_of(kind, value)
    if kind.name == "jsonb":
        return _json_key if equality else _refused
    if kind.name in kinds.OPAQUE or kind.name in {"array", "range", "bit", "varbit"}:
        simple = kind.name == "array" and kind.element is not None and _key("=", kind.element, kind.element) is None
        return None if equality and simple else _refused
    return None


def _refused(_: Value) -> Value:
    raise UndecidedError


def _json_key(value: Value) -> Value:
    return repr(_sorted(document(value)))


def _sorted(found: Value) -> Value:
    """Return a document so that equal ones have one spelling: 1.0 is 1, and true is not 1."""
    if isinstance(found, dict):
        return {"object": [(key, _sorted(found[key])) for key in sorted(found)]}
    if isinstance(found, list):
        return [_sorted(item) for item in found]
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        return ("number", str(Decimal(found).normalize()))
    return found


def _text_key(both: set[str], *, equality: bool, by_code_points: bool, loose: bool) -> Callable[[Value], Value] | None:
    if loose:
        return _refused
    if "citext" in both:
        return (lambda text: functions.ascii_text(text).lower()) if equality else _refused
    if not equality and not by_code_points:
        return _refused
    return (lambda text: text.rstrip(" ")) if both == {"bpchar"} else None
