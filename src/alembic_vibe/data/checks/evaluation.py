"""An expression as a function of a row: SQL's own answer, NULL included.

What PostgreSQL would say must come out exactly; where that is not certain, ``UndecidedError`` is raised.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import moments, operators
from alembic_vibe.data.checks.automaton import matcher
from alembic_vibe.data.checks.casts import conversion, storing
from alembic_vibe.data.checks.comparing import comparing
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError
from alembic_vibe.data.checks.moments import Span
from alembic_vibe.data.checks.regex import UnreadableError, from_like
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Row = Mapping[str, Value]
    Compute = Callable[[Row], Value]


def compile_expression(expression: Expression) -> Compute:
    """Return the function that computes an expression for a row.

    It raises ``UndecidedError`` where it cannot tell, ``KeyError`` for a column that the row does not have, and
    ``TypeError`` and its like where a value is not of the column's type.

    Raises:
        NotUnderstoodError: Only the server can compute it.
    """
    compute: Callable[[Expression], Compute] | None = globals().get(f"_compile_{expression.op}")
    if compute is None:
        message = f"{expression.op} is not understood"
        raise NotUnderstoodError(message)
    return compute(expression)


def is_whole(expression: Expression) -> bool:
    """Whether every part of an expression can be computed here."""
    for part in expression:
        for arg in part.args if part.op in {"and", "or"} else ():
            try:
                compile_expression(arg)
            except NotUnderstoodError:
                return False
    return True


def _part(expression: Expression) -> Compute:
    """One of several conditions: one that only the server can judge is undecided, and the others may decide."""
    try:
        return compile_expression(expression)
    except NotUnderstoodError:

        def undecided(_: Row) -> Value:
            raise UndecidedError

        return undecided


def _compile_const(expression: Expression) -> Compute:
    value = expression.value
    return lambda _: value


_compile_present = _compile_const


def _compile_column(expression: Expression) -> Compute:
    name, kind = expression.value, expression.kind
    stored = storing(kind)
    if stored is None:
        return operator.itemgetter(name)

    def load(row: Row) -> Value:
        value = row[name]
        return None if value is None else stored(value)

    return load


# -- conditions ------------------------------------------------------------------------------------------------------


def _compile_and(expression: Expression) -> Compute:
    return _junction(expression, deciding=False)


def _compile_or(expression: Expression) -> Compute:
    return _junction(expression, deciding=True)


def _junction(expression: Expression, *, deciding: bool) -> Compute:
    """One part that is ``deciding`` decides; what is unknown or undecided counts only where none does."""
    parts = [_part(arg) for arg in expression.args]

    def junction(row: Row) -> bool | None:
        answer: bool | None = not deciding
        undecided: Exception | None = None
        for part in parts:
            try:
                found: bool | None = part(row)
            except (UndecidedError, KeyError) as error:
                undecided = error
                continue
            if found is deciding:
                return found
            if found is None:
                answer = None
        if undecided is not None:
            raise undecided
        return answer

    return junction


def _compile_not(expression: Expression) -> Compute:
    part = compile_expression(expression.args[0])

    def negation(row: Row) -> bool | None:
        found = part(row)
        return None if found is None else not found

    return negation


def _compile_null(expression: Expression) -> Compute:
    arg = expression.args[0]
    if arg.op == "column":
        name = arg.value
        return lambda row: row[name] is None
    part = compile_expression(arg)
    return lambda row: part(row) is None


def _compile_is(expression: Expression) -> Compute:
    part, wanted = compile_expression(expression.args[0]), expression.value
    return lambda row: part(row) is wanted


def _compile_compare(expression: Expression) -> Compute:
    left, right = expression.args
    test = comparing(expression.value, left, right)
    one, other = compile_expression(left), compile_expression(right)
    if right.op == "const":
        value = right.value
        if value is None:
            return lambda _: None

        def beside_constant(row: Row) -> bool | None:
            found = one(row)
            return None if found is None else test(found, value)

        return beside_constant

    def comparison(row: Row) -> bool | None:
        found, beside = one(row), other(row)
        return None if found is None or beside is None else test(found, beside)

    return comparison


def _compile_distinct(expression: Expression) -> Compute:
    left, right = expression.args
    one, other = compile_expression(left), compile_expression(right)
    test = comparing("<>", left, right)

    def distinct(row: Row) -> bool:
        found, beside = one(row), other(row)
        if found is None or beside is None:
            return found is not beside
        return test(found, beside)

    return distinct


def _compile_any(expression: Expression) -> Compute:
    return _each(expression, wanted=True)


def _compile_all(expression: Expression) -> Compute:
    return _each(expression, wanted=False)


def _each(expression: Expression, *, wanted: bool) -> Compute:
    left, right = expression.args
    element = right.kind.element
    assert element is not None
    one, items = compile_expression(left), compile_expression(right)
    test = comparing(expression.value, left, Expression("column", element))
    if right.op in {"const", "array"} and right.is_constant() and (expression.value == "=") is wanted:
        few = items({})
        if test in {operator.eq, operator.ne} and few and not any(x is None or isinstance(x, list) for x in few):
            return _among(one, frozenset(few), wanted=wanted)

    def each(row: Row) -> bool | None:
        found, beside = one(row), items(row)
        if beside is None:
            return None
        answer: bool | None = not wanted
        for item in beside:
            if found is None or item is None:
                answer = None
            elif test(found, item) is wanted:
                return wanted
        return answer

    return each


def _among(part: Compute, values: frozenset[Value], *, wanted: bool) -> Compute:
    """``= ANY`` and ``<> ALL`` of constants."""

    def among(row: Row) -> bool | None:
        found = part(row)
        return None if found is None else (found in values) is wanted

    return among


def _compile_match(expression: Expression) -> Compute:
    text, pattern = expression.args
    ignore_case, like = expression.value
    if pattern.op != "const" or text.kind.loose:
        message = "a pattern that is not constant is not understood"
        raise NotUnderstoodError(message)
    if pattern.value is None:
        return lambda _: None
    found = matcher(regex_of(pattern.value, like=like), ignore_case=ignore_case)
    if found is None:
        message = "the regular expression is not understood"
        raise NotUnderstoodError(message)
    part, matches = compile_expression(text), found.matches

    def match(row: Row) -> bool | None:
        value = part(row)
        return None if value is None else matches(value)

    return match


def regex_of(pattern: str, *, like: bool) -> str:
    """Return the regular expression that a pattern means; raises ``NotUnderstoodError``."""
    try:
        return from_like(pattern) if like else pattern
    except UnreadableError as error:
        message = "the pattern is not understood"
        raise NotUnderstoodError(message) from error


# -- values ----------------------------------------------------------------------------------------------------------


def _compile_arithmetic(expression: Expression) -> Compute:
    left, right = expression.args
    one, other = compile_expression(left), compile_expression(right)
    compute = operators.arithmetic(expression.value, left.kind, right.kind)
    moving = expression.is_moving()

    def arithmetic(row: Row) -> Value:
        found, beside = one(row), other(row)
        if found is None or beside is None:
            return None
        if moving and (found.__class__ is Span or beside.__class__ is Span):
            return moments.spread(compute, found, beside)
        return compute(found, beside)

    return arithmetic


def _compile_case(expression: Expression) -> Compute:
    parts = [compile_expression(arg) for arg in expression.args]
    branches = list(zip(parts[:-1:2], parts[1::2], strict=True))
    otherwise = parts[-1]

    def case(row: Row) -> Value:
        for condition, result in branches:
            if condition(row) is True:
                return result(row)
        return otherwise(row)

    return case


def _compile_coalesce(expression: Expression) -> Compute:
    parts = [compile_expression(arg) for arg in expression.args]

    def coalesce(row: Row) -> Value:
        for part in parts:
            found = part(row)
            if found is not None:
                return found
        return None

    return coalesce


def _compile_nullif(expression: Expression) -> Compute:
    left, right = expression.args
    one, other = compile_expression(left), compile_expression(right)
    test = comparing("=", left, right)

    def nullif(row: Row) -> Value:
        found, beside = one(row), other(row)
        return None if found is not None and beside is not None and test(found, beside) else found

    return nullif


def _compile_greatest(expression: Expression) -> Compute:
    return _extreme(expression, ">")


def _compile_least(expression: Expression) -> Compute:
    return _extreme(expression, "<")


def _extreme(expression: Expression, name: str) -> Compute:
    """GREATEST and LEAST leave NULL out."""
    parts = [compile_expression(arg) for arg in expression.args]
    first = expression.args[0]
    test = comparing(name, first, expression.args[-1])

    def extreme(row: Row) -> Value:
        found = None
        for part in parts:
            value = part(row)
            if value is not None and (found is None or test(value, found)):
                found = value
        return found

    return extreme


def _compile_array(expression: Expression) -> Compute:
    parts = [compile_expression(arg) for arg in expression.args]
    return lambda row: [part(row) for part in parts]


def _compile_call(expression: Expression) -> Compute:
    name = expression.value
    parts = [compile_expression(arg) for arg in expression.args]
    if name in {"num_nulls", "num_nonnulls"}:
        wanted = name == "num_nulls"
        return lambda row: sum((part(row) is None) is wanted for part in parts)
    call = operators.called(name, tuple(arg.kind for arg in expression.args))
    if name == "array_position":  # which finds NULL as well
        return lambda row: None if (array := parts[0](row)) is None else call(array, parts[1](row))
    if len(parts) == 1:
        (only,) = parts

        def call_one(row: Row) -> Value:
            value = only(row)
            return None if value is None else call(value)

        return call_one

    def call_all(row: Row) -> Value:
        values = [part(row) for part in parts]
        return None if any(value is None for value in values) else call(*values)

    return call_all


def _compile_cast(expression: Expression) -> Compute:
    arg = expression.args[0]
    part = compile_expression(arg)
    convert = conversion(arg.kind, expression.kind)
    if convert is None:
        return part

    def cast(row: Row) -> Value:
        value = part(row)
        if value is None:
            return None
        if value.__class__ is Span:
            return Span(convert(value.early), convert(value.late))
        return convert(value)

    return cast
