"""Making the values of a row satisfy the relations between its columns."""

from __future__ import annotations

import math
import operator
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import fits
from alembic_vibe.data.model import ANYTHING, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.data.model import Case, Computed, Domain, Relation, Value

    Fix = Callable[[list[Value]], bool]
    Step = Callable[[list[Value]], bool | None]  # None: nothing had to be changed; False: it cannot be done

_TESTS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, "<>": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_ROUNDS = 6
_CENT = Decimal("0.01")


def fixer(case: Case, columns: tuple[str, ...]) -> Fix | None:
    """Return a function that changes a row in place until the relations and computations of a case hold.

    It says ``False`` where no values within the case's domains do. ``None``: there is nothing to fix.

    Args:
        case: Its relations, its computations, and the domains to stay in.
        columns: The column of each place of a row; what is not among them is taken as satisfied.
    """
    places = {name: i for i, name in enumerate(columns)}
    steps: list[Step] = []
    for relation in case.relations:
        if relation.left in places and relation.right in places:
            left, right = (case.domains.get(name, ANYTHING) for name in (relation.left, relation.right))
            steps.append(_relation(relation, places[relation.left], places[relation.right], left, right))
    steps += [
        _computed(computed, places, case.domains.get(computed.left, ANYTHING))
        for computed in case.computed
        if computed.left in places and all(name in places for name in computed.columns)
    ]
    if not steps:
        return None

    def fix(row: list[Value]) -> bool:
        for _ in range(_ROUNDS):
            changed = False
            for step in steps:
                answer = step(row)
                if answer is False:
                    return False
                changed = changed or answer is True
            if not changed:
                return True
        return False

    return fix


def _relation(relation: Relation, left: int, right: int, left_domain: Domain, right_domain: Domain) -> Step:
    test, offset = _TESTS[relation.operator], relation.offset

    def holds(one: Value, other: Value) -> bool:
        return test(one, other if offset is None else other + offset)

    def step(row: list[Value]) -> bool | None:
        one, other = row[left], row[right]
        if one is None or other is None:
            return None
        try:
            if holds(one, other):
                return None
            for new_one, new_other in _proposals(relation, one, other, left_domain, right_domain):
                changed_one, changed_other = new_one is not one, new_other is not other
                if changed_one and fits(left_domain, new_one) is False:
                    continue
                if changed_other and fits(right_domain, new_other) is False:
                    continue
                if new_one is None or new_other is None or holds(new_one, new_other):
                    row[left], row[right] = new_one, new_other
                    return True
        except (TypeError, OverflowError, ArithmeticError):  # values that do not compare: for others to judge
            return None
        return False

    return step


def _proposals(
    relation: Relation, one: Value, other: Value, left: Domain, right: Domain
) -> Iterator[tuple[Value, Value]]:
    """Yield pairs that may be in the relation, those first that keep the values as they are, or their distance."""
    sign = relation.operator
    unit = _unit(one, left)
    if sign == "<>":
        yield from _others(one, other, left, unit)
    elif unit is not None:
        yield from _ordered(relation, one, other, unit)
    elif sign == "=":
        yield other, other
        yield one, one
    else:
        yield other, one
    if left.null is None:
        yield None, other
    if right.null is None:
        yield one, None


def _others(one: Value, other: Value, left: Domain, unit: Value) -> Iterator[tuple[Value, Value]]:
    for value in left.choices or ():
        if value != one:
            yield value, other
    if unit is not None:
        yield one + unit, other
        yield one - unit, other
        yield one, other + unit
    elif isinstance(one, str) and left.choices is None:
        for letter in "abc123":
            yield one[:-1] + letter, other
            yield one + letter, other


def _ordered(relation: Relation, one: Value, other: Value, unit: Value) -> Iterator[tuple[Value, Value]]:
    sign, offset = relation.operator, relation.offset
    zero = unit - unit
    away = zero if offset is None else offset
    edge = other + away
    if sign == "=":
        yield edge, other
        yield one, one - away
        return
    if offset is None:
        yield other, one
    gap = one - edge
    step = zero if sign in {"<=", ">="} else (unit if sign == "<" else -unit)
    yield one, one - away + gap + step  # the other one as far beyond as it was short
    yield edge - gap - step, other
    yield edge - step, other
    yield one, one - away + step


def _unit(value: Value, domain: Domain) -> Value:
    """Return the least difference that matters between two values, ``None`` where there is none."""
    if isinstance(value, bool):
        return None
    if domain.step is not None and isinstance(value, (int, Decimal)):
        return domain.step
    if isinstance(value, int):
        return 1
    if isinstance(value, Decimal):
        return _CENT
    if isinstance(value, float):
        return max(abs(value) * 1e-6, 0.001)
    if isinstance(value, timedelta | datetime):
        return timedelta(seconds=1)
    return timedelta(days=1) if isinstance(value, date) else None


def _computed(computed: Computed, places: dict[str, int], domain: Domain) -> Step:
    test, left = _TESTS[computed.operator], places[computed.left]
    inputs = [(name, places[name]) for name in computed.columns]
    value = computed.value

    def step(row: list[Value]) -> bool | None:
        one = row[left]
        if one is None:
            return None
        try:
            found = value({name: row[place] for name, place in inputs})
            if found is None or test(one, found):
                return None
            for proposal in _near(computed.operator, found, one, domain):
                if fits(domain, proposal) is not False and test(proposal, found):
                    row[left] = proposal
                    return True
        except (UndecidedError, TypeError, OverflowError, ArithmeticError):
            return None
        if domain.null is None:
            row[left] = None
            return True
        return False

    return step


def _near(sign: str, found: Value, one: Value, domain: Domain) -> Iterator[Value]:
    """Yield values like ``one`` that may stand in a relation to another, the nearest first."""
    unit = _unit(one, domain)
    down = sign in {"<", "<="}
    if isinstance(one, int) and not isinstance(one, bool):
        found = math.floor(found) if down else math.ceil(found)
    elif isinstance(one, Decimal):
        found = Decimal(found)
        if isinstance(unit, Decimal) and sign != "=":
            found = found.quantize(unit, rounding=ROUND_FLOOR if down else ROUND_CEILING)
    yield found
    if unit is not None:
        for times in (1, 2):
            yield found - times * unit if down or sign == "<>" else found + times * unit
    yield from domain.choices or ()
