"""How many of several conditions are true: ``num_nonnulls(a, b) = 1``, ``(a IS NULL)::int + (b IS NULL)::int <= 1``."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.evaluation import compile_expression
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError, negated
from alembic_vibe.data.checks.kinds import BOOL, INT4, INTEGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CONDITIONS = 10
_MOST_WAYS = 64


def counted(operator: str, left: Expression, right: Expression) -> Expression | None:
    """Return, for a count beside a constant, what must be true and what not; ``None`` for other forms."""
    if left.kind.name not in INTEGERS:
        return None
    made = _spelt(left)
    if made is None:
        return None
    try:
        conditions = list(dict.fromkeys(_conditions(made)))
    except TypeError:  # a constant array is in one
        return None
    if not 1 <= len(conditions) <= _MOST_CONDITIONS or any(part.is_constant() for part in conditions):
        return None
    names = {condition: f"{i}" for i, condition in enumerate(conditions)}
    try:
        holds = compile_expression(Expression("compare", BOOL, (_named(made, names), right), operator))
    except NotUnderstoodError:
        return None
    ways = []
    for answers in product((True, False), repeat=len(conditions)):
        if holds(dict(zip(names.values(), answers, strict=True))) is True:
            pairs = zip(conditions, answers, strict=True)
            ways.append(Expression("and", BOOL, tuple(c if answer else negated(c) for c, answer in pairs)))
    ways.sort(key=lambda way: sum(part.op == "null" for part in way.args))  # more values first
    return Expression("or", BOOL, tuple(ways[:_MOST_WAYS]))


def _spelt(expression: Expression) -> Expression | None:
    """Return a count as a sum of conditions that are cast to a number, ``None`` if it is something else."""
    if expression.op == "const":
        return expression
    if expression.op == "cast" and expression.args[0].kind == BOOL:
        return expression
    if expression.op == "cast" and expression.kind.name in INTEGERS:
        return _spelt(expression.args[0])
    if expression.op == "case":
        results = [*expression.args[1::2], expression.args[-1]]
        return expression if all(part.op == "const" for part in results) else None
    if expression.op == "call" and expression.value in {"num_nulls", "num_nonnulls"}:
        total: Expression | None = None
        for arg in expression.args:
            test = Expression("null", BOOL, (arg,))
            part = Expression("cast", INT4, (test if expression.value == "num_nulls" else negated(test),))
            total = part if total is None else Expression("arithmetic", INT4, (total, part), "+")
        return total
    if expression.op == "arithmetic" and expression.value in {"+", "-", "*"}:
        parts = [_spelt(arg) for arg in expression.args]
        if None in parts:
            return None
        return Expression("arithmetic", expression.kind, tuple(part for part in parts if part), expression.value)
    return None


def _conditions(expression: Expression) -> Iterator[Expression]:
    if expression.op == "cast":
        yield expression.args[0]
    elif expression.op == "case":
        yield from expression.args[:-1:2]
    else:
        for arg in expression.args:
            yield from _conditions(arg)


def _named(expression: Expression, names: dict[Expression, str]) -> Expression:
    """Put columns in the place of the conditions."""
    if expression.op == "cast":
        return Expression("cast", INT4, (Expression("column", BOOL, value=names[expression.args[0]]),))
    if expression.op == "case":
        parts = expression.args
        made = (
            Expression("column", BOOL, value=names[part]) if i % 2 == 0 and i < len(parts) - 1 else part
            for i, part in enumerate(parts)
        )
        return Expression("case", expression.kind, tuple(made))
    args = tuple(_named(arg, names) for arg in expression.args)
    return Expression(expression.op, expression.kind, args, expression.value)
