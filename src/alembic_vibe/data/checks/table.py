"""All CHECKs of one table together: what its rows are made from, and whether a row is good."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.types import type_domain
from alembic_vibe.data.model import Case, Domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection

    from alembic_vibe.data.model import CheckRule, Value
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


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
        connection: Where the table is; it says which collations compare by code points.
        facts: What :func:`~alembic_vibe.prove.rows_facts.read_facts` has read.
        table: One of its tables.
    """
    _ = connection
    types = {column.name: type_domain(facts.types, column) for column in table.columns}
    names = [c.name for c in table.constraints if c.kind in {"c", "b"}]
    return TableChecks(left_to_server=tuple(names), cases=(Case(domains=types),), types=types)
