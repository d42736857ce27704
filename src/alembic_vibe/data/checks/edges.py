"""Rows at the edges of a rule, and rows just outside."""

from __future__ import annotations

from itertools import chain, islice, product
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import intersect
from alembic_vibe.data.checks.kinds import OTHER
from alembic_vibe.data.checks.relations import fixer
from alembic_vibe.data.checks.samples import at_edges
from alembic_vibe.data.model import ANYTHING, Domain, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.data.checks.table import TableChecks
    from alembic_vibe.data.model import Case, CheckRule, Value

    Row = dict[str, Value]

_MOST_ROWS = 60  # for one rule
_MOST_COMBINATIONS = 400  # that are tried for one case


def edges(rule: CheckRule, checks: TableChecks) -> list[Row]:
    """Return partial rows at each boundary of a rule, on the accepted side.

    Args:
        rule: One of ``checks.rules``.
        checks: All of the table: no row breaks any of them, as far as can be told from the columns it has.
    """
    found: list[Row] = []
    for case in rule.cases:
        for row in rows_of(case, rule, checks):
            if row not in found and _answer(rule, row) is not False and not _others_broken(rule, checks, row):
                found.append(row)
    return _spread(found)


def violations(rule: CheckRule, checks: TableChecks) -> list[Row]:
    """Return partial rows just outside a rule, which break it and, as far as can be told, no other.

    Args:
        rule: One of ``checks.rules``.
        checks: All of the table.
    """
    found: list[Row] = []
    for case in rule.broken_by:
        for row in rows_of(case, rule, checks):
            if row not in found and _answer(rule, row) is False and not _others_broken(rule, checks, row):
                found.append(row)
    return _spread(found)


def _answer(rule: CheckRule, row: Mapping[str, Value]) -> bool | None:
    """The rule's answer; where it cannot be told, a row is neither an edge nor a violation for certain."""
    if rule.decide is None:
        return None
    try:
        return rule.decide(row)
    except UndecidedError:
        return None


def _others_broken(rule: CheckRule, checks: TableChecks, row: Mapping[str, Value]) -> bool:
    return any(other is not rule and _answer(other, row) is False for other in checks.rules)


def _spread(rows: list[Row]) -> list[Row]:
    """Keep a number that can be gone through, from all over."""
    if len(rows) <= _MOST_ROWS:
        return rows
    return [rows[i * len(rows) // _MOST_ROWS] for i in range(_MOST_ROWS)]


def _beside(rule: CheckRule, checks: TableChecks) -> dict[str, Domain]:
    """Return what the types and the other rules that leave no choice say about each column."""
    domains = {name: checks.types.get(name, ANYTHING) for name in rule.columns}
    for other in checks.rules:
        if other is rule or len(other.cases) != 1:
            continue
        for name, domain in other.cases[0].domains.items():
            if name in domains:
                domains[name] = intersect(domains[name], domain) or domains[name]
    return domains


def rows_of(case: Case, rule: CheckRule, checks: TableChecks) -> Iterator[Row]:
    """Yield partial rows of a case at the edges of each column, whatever the rules say of them.

    Args:
        case: One of the rule's.
        rule: Says which columns the rows have.
        checks: All of the table; what the types and its other rules say plainly is kept to.
    """
    options: dict[str, list[Value]] = {}
    for name, beside in _beside(rule, checks).items():
        domain = intersect(case.domains.get(name, ANYTHING), beside)
        if domain is None:
            return
        values = _values(name, domain, checks)
        if not values:
            return
        options[name] = values
    columns = tuple(options)
    repair = fixer(case, columns)
    combinations = islice(product(*options.values()), _MOST_COMBINATIONS)
    for combination in chain(_one_at_a_time(options), combinations):
        row = list(combination)
        if repair is None or repair(row):
            yield dict(zip(columns, row, strict=True))


def _values(name: str, domain: Domain, checks: TableChecks) -> list[Value]:
    kind = checks.kinds.get(name, OTHER)
    values = at_edges(kind, domain)
    return [*values, None] if domain.null is None and values else values


def _one_at_a_time(options: Mapping[str, list[Value]]) -> Iterator[tuple[Value, ...]]:
    first = [values[0] for values in options.values()]
    yield tuple(first)
    for place, values in enumerate(options.values()):
        for value in values[1:]:
            yield (*first[:place], value, *first[place + 1 :])
