"""Which generator a column gets."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import fits, intersect
from alembic_vibe.data.checks.types import base_of, type_domain
from alembic_vibe.data.meaning import meaning_of
from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.model import ANYTHING
from alembic_vibe.data.values import documents, moments, nested, numbers, others, strings
from alembic_vibe.data.values.model import InTurn, Pool, weighted
from alembic_vibe.data.values.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.data.model import Domain
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.prove.rows_facts import ColumnFact, TypeFact

_TRIED = 40
_MAKERS = (numbers, moments, strings, documents, others)


def generator(
    types: Mapping[int, TypeFact], column: ColumnFact, table_name: str, domain: Domain = ANYTHING, *, unique: bool
) -> Generator | None:
    """Return what gives realistic values of a column within a domain.

    Args:
        types: Every type by oid.
        column: The column.
        table_name: Its table, which tells more of what the column means.
        domain: What its CHECKs leave; what its type allows is known here.
        unique: Whether no two rows may have the same value (also if letters' case does not count).

    Returns:
        The generator, or ``None``: where only NULL is in the domain, where nothing is known of the type, or where no
        value is found for certain.
    """
    fact, modifier = base_of(types, column.type, column.modifier)
    if fact is None or domain.null is True:
        return None
    own = intersect(replace(type_domain(types, column), null=None), replace(domain, null=None))
    if own is None or own.null is True:
        return None
    meaning = meaning_of(table_name, column.name, column.base_text)
    wanted = Wanted(types, fact, modifier, table_name, column.name, meaning, own, unique)
    made = make(wanted)
    return made if made is not None and _is_right(made, own) else None


def make(wanted: Wanted) -> Generator | None:
    """Return a generator, also for a part of a column: an element of an array, an attribute."""
    if wanted.fact.typtype == "c":
        return nested.composite(wanted, make)
    if wanted.fact.typtype in {"r", "m"}:
        return nested.ranges(wanted)
    if wanted.domain.choices is not None:
        return _chosen(wanted)
    if wanted.fact.category == "A" and wanted.fact.element:
        return nested.array(wanted, make)
    return next((module.make(wanted) for module in _MAKERS if wanted.fact.name in module.TYPES), None)


def _chosen(wanted: Wanted) -> Generator | None:
    values = wanted.fitting(wanted.domain.choices or ())
    if not values:
        return None
    if wanted.unique:
        return InTurn(values)
    if set(values) == {True, False}:
        often = {Meaning.ON: 0.85, Meaning.OFF: 0.1}.get(wanted.meaning, 0.5)
        return Pool([True, False], [often, 1 - often])
    return weighted(values)


def _is_right(made: Generator, domain: Domain) -> bool:
    """Whether no value is seen that is not in the domain: the first ones, and some of far down."""
    random = Random(0)  # noqa: S311 - no secret
    far = 987_654 if made.capacity is None else made.capacity // 2
    values = [*made.batch(random, 0, _TRIED), *made.batch(random, far, _TRIED)]
    return all(fits(domain, value) is not False for value in values)
