"""All CHECKs of one table together: what its rows are made from, and whether a row is good."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, LiteralString

from alembic_vibe.data.checks.combining import combined
from alembic_vibe.data.checks.kinds import Kind, Kinds, collated
from alembic_vibe.data.checks.rules import compile_rule
from alembic_vibe.data.checks.types import type_domain
from alembic_vibe.data.model import Case, Domain
from alembic_vibe.prove.rows_facts import unfold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

    from alembic_vibe.data.model import CheckRule, Value
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact, TypeFact

# Which collations go by code points: manual, "Collation Support". `by_code_points` of the database's own, and of each
# column that has another.
_COLLATIONS: LiteralString = """
SELECT a.attname,
       CASE WHEN k.collprovider = 'd' THEN d.datlocprovider::text ELSE k.collprovider::text END,
       CASE WHEN k.collprovider = 'd' THEN d.datcollate ELSE k.collcollate END,
       k.collisdeterministic
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_collation k ON k.oid = a.attcollation
CROSS JOIN pg_catalog.pg_database d
WHERE a.attrelid = %s::oid AND a.attnum > 0 AND NOT a.attisdropped AND d.datname = pg_catalog.current_database()
"""
_DOMAIN_VALUE = "value"


@dataclass(frozen=True, slots=True)
class TableChecks:
    """What the CHECKs of a table mean.

    ``rules`` are those that are understood, ``left_to_server`` the names of those that only PostgreSQL can judge (one
    may be in both: its cases are likely, but there is no ``holds``). ``cases`` combine all rules and NOT NULL, the
    likeliest first; ``types`` has what the type alone says about each column, which the cases already include.
    """

    rules: tuple[CheckRule, ...] = ()
    left_to_server: tuple[str, ...] = ()
    cases: tuple[Case, ...] = (Case(),)
    types: Mapping[str, Domain] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def holds(self, row: Mapping[str, Value]) -> bool | None:
        """Say whether the CHECKs accept a row: ``None`` if a rule is left to the server, and no other fails."""
        for rule in self.rules:
            if rule.holds is not None and rule.holds(row) is False:
                return False
        return None if self.left_to_server else True

    def broken(self, row: Mapping[str, Value]) -> list[str]:
        """Return the names of the rules that a row does not satisfy, as far as they can be told."""
        return [rule.name for rule in self.rules if rule.holds is not None and rule.holds(row) is False]


def compile_checks(connection: Connection, facts: SchemaFacts, table: TableFact) -> TableChecks:
    """Compile the CHECKs of a table, those of the domain types of its columns and its bound as a partition.

    Args:
        connection: Where the table is; it says how texts are ordered, and what SIMILAR TO means.
        facts: What :func:`~alembic_vibe.prove.rows_facts.read_facts` has read.
        table: One of its tables.
    """
    known = Kinds(facts.types, partial(_similar, connection))
    kinds = _column_kinds(connection, known, table)
    types = {column.name: type_domain(facts.types, column) for column in table.columns}
    rules: list[CheckRule] = []
    left: list[str] = []
    for name, text, names in _texts(facts, table):
        rule = compile_rule(name, text, {key: kinds[column] for key, column in names.items()}, known, names)
        if rule is not None:
            rules.append(rule)
        if rule is None or rule.holds is None or not rule.whole:
            left.append(name)
    return TableChecks(tuple(rules), tuple(left), combined(types, rules), types, kinds)


def _texts(facts: SchemaFacts, table: TableFact) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield name and expression of each CHECK, and the columns that the words in it stand for."""
    own = {column.name: column.name for column in table.columns}
    for constraint in table.constraints:
        if constraint.kind in {"c", "b"} and constraint.expression is not None:
            yield constraint.name, constraint.expression, own
    for column in table.columns:
        for name, text in _domain_checks(facts.types, column.type):
            yield f"{column.name}: {name}", text, {_DOMAIN_VALUE: column.name}


def _domain_checks(types: Mapping[int, TypeFact], type_: int) -> Iterator[tuple[str, str]]:
    for domain in unfold(types, type_)[0]:
        for text in domain.checks:
            yield domain.name, text


def _column_kinds(connection: Connection, known: Kinds, table: TableFact) -> dict[str, Kind]:
    kinds = {column.name: known.of(column.type, column.modifier) for column in table.columns}
    for name, provider, collate, deterministic in connection.execute(_COLLATIONS, (table.oid,)):
        if name in kinds:
            by_code_points = (provider == "c" and collate in {"C", "POSIX"}) or provider == "b"
            kinds[name] = collated(kinds[name], by_code_points=by_code_points, loose=not deterministic)
    return kinds


def _similar(connection: Connection, *args: str | None) -> str:
    """Ask the server which regular expression a pattern of SIMILAR TO is."""
    row = connection.execute(_SIMILAR[len(args)], args).fetchone()
    return str(row[0]) if row is not None else ""


_SIMILAR: dict[int, LiteralString] = {
    1: "SELECT pg_catalog.similar_to_escape(%s::text)",
    2: "SELECT pg_catalog.similar_to_escape(%s::text, %s::text)",
}
