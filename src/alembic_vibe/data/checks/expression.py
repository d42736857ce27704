"""A CHECK as a tree of what it computes, with the type of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.kinds import BOOL, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.data.model import Value

OPPOSITES = {"<": ">=", "<=": ">", "=": "<>", "<>": "=", ">=": "<", ">": "<="}
MIRRORED = {"<": ">", "<=": ">=", "=": "=", "<>": "<>", ">=": "<=", ">": "<"}


class NotUnderstoodError(Exception):
    """An expression has a part that is not understood; the message says which."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One operation on ``args``; ``value`` is what belongs to it.

    ``op`` is one of: const (its value), column (its name), and, or, not, null (whether it is), is (whether it is True
    or False), compare (the operator), distinct, any and all (the operator; a value and an array), match (whether to
    ignore case; a text and a pattern), arithmetic (the operator), cast, case (condition, result, …, otherwise),
    coalesce, nullif, greatest, least, call (the function), array, present (a span), opaque (a condition that is not
    understood; the columns in it are its ``args``).
    """

    op: str
    kind: Kind
    args: tuple[Expression, ...] = ()
    value: Value = None

    def __iter__(self) -> Iterator[Expression]:
        """Yield the expression and all that is below it."""
        yield self
        for arg in self.args:
            yield from arg

    def columns(self) -> tuple[str, ...]:
        """Return the columns that it names, each once, in their order."""
        return tuple(dict.fromkeys(part.value for part in self if part.op == "column"))

    def is_constant(self) -> bool:
        """Whether it names no column (the present counts as constant)."""
        return not any(part.op == "column" for part in self)

    def is_moving(self) -> bool:
        """Whether it may be a span: it depends on the present, or on a rounded quotient."""
        return any(part.op == "present" or (part.op == "arithmetic" and part.value == "/") for part in self)


TRUE = Expression("const", BOOL, value=True)


def negated(expression: Expression) -> Expression:
    """Return NOT of it, pushed down to what is not a combination."""
    match expression.op:
        case "not":
            return expression.args[0]
        case "and" | "or":
            op = "or" if expression.op == "and" else "and"
            return Expression(op, BOOL, tuple(negated(arg) for arg in expression.args))
        case "compare":
            return Expression("compare", BOOL, expression.args, OPPOSITES[expression.value])
        case "any" | "all":
            op = "all" if expression.op == "any" else "any"
            return Expression(op, BOOL, expression.args, OPPOSITES[expression.value])
        case "const" if isinstance(expression.value, bool):
            return Expression("const", BOOL, value=not expression.value)
    return Expression("not", BOOL, (expression,))
