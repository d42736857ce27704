"""A catalog, and a plan, in the author's own words: what generated code shows.

Facts stay what PostgreSQL prints: they are compared, kept and proven. Only the text of an expression is replaced, and
the proof runs what the text makes.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Constraint, Domain, Index, Table
from alembic_vibe.sql.compose import Printed, compose
from alembic_vibe.sql.expressions import same_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Fact, IndexKey, TypeRef
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.expressions import Authored
    from alembic_vibe.plan.model import Plan, PlannedRevision, Step

# A date or time as a literal: PostgreSQL reads it when the object is made, by the clock and the session's time zone.
_MOMENT = re.compile(r"('[^']*')::(?:date|time|ts(?:tz)?(?:multi)?range)")

_CALL = re.compile(r"([\w.]+)\s*\(")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_CAST = re.compile(r"::[\w ]+\w")
_IGNORED = re.compile(r"[ \(\)'\"`\[\]\t\r\n]")
_SAME_TWICE = frozenset(
    {"now", "in", "any", "coalesce", "lower", "upper", "daterange", "tsrange", "tstzrange", "numrange"}
)
_WITHOUT_EQUALITY = frozenset({"json", "xml", "point", "box", "circle", "line", "lseg", "path", "polygon"})


def authored_catalog(catalog: Catalog, expressions: Mapping[Key, Authored]) -> Catalog:
    """Return the catalog with the author's text of defaults, generated columns, CHECK, EXCLUDE and indexes.

    PostgreSQL's own text stays where the author's is not known, differs in layout only, or would not always mean the
    same: a sequence's next value (it may be ``serial``), and moments that depend on when and where they are read.
    """
    facts = dict(catalog.facts)
    for key, words in expressions.items():
        fact = facts.get(key)
        if isinstance(fact, Table):
            facts[key] = replace(fact, columns=tuple(_column(column, words) for column in fact.columns))
        elif isinstance(fact, Constraint):
            facts[key] = _constraint(fact, words)
        elif isinstance(fact, Index):
            predicate = _chosen(fact.predicate, words.predicate)
            facts[key] = replace(fact, keys=_keys(fact.keys, words), predicate=predicate)
    return replace(catalog, facts=facts)


def comparable_catalog(catalog: Catalog, authored: Catalog) -> Catalog:
    """Return the author's catalog, with PostgreSQL's text where Alembic could not compare the author's.

    Alembic compares generated columns and the keys of indexes as texts, and asks the database whether two defaults
    are equal: where it would see a difference that is none, or get no answer, PostgreSQL's own text stays.
    """
    facts = {key: _comparable(fact, authored.facts[key], catalog) for key, fact in catalog.facts.items()}
    return replace(catalog, facts=facts)


def authored_plan(plan: Plan, catalog: Catalog, authored: Catalog) -> Plan:
    """Return the plan with the facts of ``catalog`` in the author's words; the operations' own SQL stays."""

    def in_words(value: Any) -> Any:
        if value.__class__ is tuple:  # a key is a tuple as well
            return tuple(in_words(item) for item in value)
        known = isinstance(value, Table | Constraint | Index) and catalog.facts.get(value.key) == value
        return authored.facts[value.key] if known else value

    def operation(found: Any) -> Any:
        return replace(found, **{item.name: in_words(getattr(found, item.name)) for item in fields(found)})

    def step(found: Step) -> Step:
        return replace(found, up=tuple(map(operation, found.up)), down=tuple(map(operation, found.down)))

    def revision(found: PlannedRevision) -> PlannedRevision:
        return replace(found, steps=tuple(map(step, found.steps)))

    return replace(plan, revisions=tuple(map(revision, plan.revisions)))


# -- the author's words ----------------------------------------------------------------------------------------------


def _chosen(printed: str | None, written: str | None) -> str | None:
    if printed is None or written is None or same_words(printed, written):
        return printed
    return printed if any(moment not in written for moment in _MOMENT.findall(printed)) else written


def _column(column: Column, words: Authored) -> Column:
    if column.inherited or column.identity or (column.default or "").startswith("nextval("):
        return column
    default = _chosen(column.default, words.columns.get(column.name))
    return column if default == column.default else replace(column, default=default)


def _constraint(constraint: Constraint, words: Authored) -> Constraint:
    check = _chosen(constraint.expression, words.check)
    definition = constraint.definition
    if check is not None and definition.startswith(printed := f"CHECK ({constraint.expression})"):
        options = Printed(definition.removeprefix(printed))  # NO INHERIT, NOT VALID, NOT ENFORCED
        definition = compose("CHECK ({check}){options}", check=Printed(check), options=options)
    predicate = _chosen(constraint.predicate, words.predicate)
    keys = _keys(constraint.keys, words)
    return replace(constraint, definition=definition, expression=check, keys=keys, predicate=predicate)


def _keys(keys: tuple[IndexKey, ...], words: Authored) -> tuple[IndexKey, ...]:
    if len(keys) != len(words.keys):
        return keys
    return tuple(
        key if key.column else replace(key, expression=_chosen(key.expression, written) or key.expression)
        for key, written in zip(keys, words.keys, strict=True)
    )


# -- what Alembic can compare ----------------------------------------------------------------------------------------


def _comparable(printed: Fact, written: Fact, catalog: Catalog) -> Fact:
    if isinstance(printed, Table) and isinstance(written, Table):
        pairs = zip(printed.columns, written.columns, strict=True)
        return replace(written, columns=tuple(_comparable_column(one, other, catalog) for one, other in pairs))
    if isinstance(printed, Index) and isinstance(written, Index):
        keys = zip(printed.keys, written.keys, strict=True)
        return replace(written, keys=tuple(other if _is_same_key(one, other) else one for one, other in keys))
    return written


def _comparable_column(printed: Column, written: Column, catalog: Catalog) -> Column:
    if printed.default is None or written.default is None or printed.default == written.default:
        return written
    if printed.generated:
        return written if _bare(printed.default) == _bare(written.default) else printed
    calls = {name.lower() for name in _CALL.findall(_LITERAL.sub("''", f"{printed.default} {written.default}"))}
    return written if calls <= _SAME_TWICE and _has_equality(printed.type, catalog) else printed


def _has_equality(type_: TypeRef, catalog: Catalog) -> bool:
    """Whether ``'…'::type = '…'`` can be asked: the second literal takes the type of the first."""
    domain = catalog.facts.get(type_.key) if type_.key is not None else None
    if isinstance(domain, Domain):
        return _has_equality(domain.type, catalog)
    known = type_.origin in {"base", "enum", "range"} and type_.base not in _WITHOUT_EQUALITY
    return known or type_.base == "citext"


def _is_same_key(printed: IndexKey, written: IndexKey) -> bool:
    return _bare(_CAST.sub("", printed.expression)) == _bare(_CAST.sub("", written.expression))


def _bare(text: str) -> str:
    """Return what Alembic compares: its own normal form, without the parts that only its newer releases ignore."""
    return _IGNORED.sub("", text).lower()
