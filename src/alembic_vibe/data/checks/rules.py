"""One CHECK, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks.cases import cases_of
from alembic_vibe.data.checks.evaluation import compile_expression, is_whole
from alembic_vibe.data.checks.expression import NotUnderstoodError, negated
from alembic_vibe.data.checks.reading import read
from alembic_vibe.data.model import CheckRule, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alembic_vibe.data.checks.kinds import Kind, Kinds
    from alembic_vibe.data.model import Value

    Row = Mapping[str, Value]


def compile_rule(
    name: str, text: str, columns: Mapping[str, Kind], known: Kinds, names: Mapping[str, str] | None = None
) -> CheckRule | None:
    """Compile a CHECK; ``None`` if it is not understood at all.

    Args:
        name: Of the constraint.
        text: Its expression, as PostgreSQL prints it.
        columns: The kinds of the columns it may name.
        known: Finds the kind of a type by its name.
        names: What the words that stand for columns are called in a row (``VALUE`` in the CHECK of a domain type).
    """
    try:
        expression = read(text, columns, known, names or {})
        cases, exact = cases_of(expression)
        broken_by, _ = cases_of(negated(expression), strict=True)
    except (NotUnderstoodError, UndecidedError, RecursionError):
        return None
    named = expression.columns()
    try:
        compute = compile_expression(expression)
    except NotUnderstoodError:
        return CheckRule(name, named, text, cases, exact, broken_by=broken_by)
    whole = is_whole(expression)
    return CheckRule(
        name, named, text, cases, exact, _holding(compute, whole=whole), _deciding(compute), broken_by, whole=whole
    )


def _holding(compute: Callable[[Row], Value], *, whole: bool) -> Callable[[Row], bool | None]:
    doubtful = False if whole else None  # where another part is the server's to judge, doubt is the rule

    def holds(row: Row) -> bool | None:
        try:
            answer: bool | None = compute(row)
        except KeyError:
            return None
        except (UndecidedError, ArithmeticError, TypeError, ValueError, AttributeError):
            return doubtful
        return answer

    return holds


def _deciding(compute: Callable[[Row], Value]) -> Callable[[Row], bool | None]:
    def decide(row: Row) -> bool | None:
        try:
            answer: bool | None = compute(row)
        except (KeyError, ArithmeticError, TypeError, ValueError, AttributeError) as error:
            raise UndecidedError from error
        return answer

    return decide
