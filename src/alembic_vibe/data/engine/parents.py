"""The keys of parents: read back from their tables, or promised before the rows are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from alembic_vibe.data.engine.pools import Pool, read_pool
from alembic_vibe.data.engine.sources import source
from alembic_vibe.data.model import ANYTHING
from alembic_vibe.data.values.others import uuids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.facts import FillFact
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


def chance(seed: int, *words: str) -> Random:
    """Return random numbers of their own for each purpose, so that one more table changes no other."""
    return Random("/".join([str(seed), *words]))  # noqa: S311 - data to develop with, which shall be repeatable


@dataclass(slots=True)
class Parents:
    """What foreign keys refer to, by the oid of the root table.

    ``promised`` are values of columns of rows that will be made later, in their order.
    """

    connection: Connection
    facts: SchemaFacts
    known: dict[int, FillFact]
    seed: int
    roots: dict[tuple[int, str], int] = field(default_factory=dict)  # of a table and a foreign key of it
    promised: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    _pools: dict[tuple[int, tuple[str, ...]], Pool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the root of each foreign key."""
        root_of = {table.oid: table.target_oid for table in self.facts.tables.values()}
        for table in self.facts.tables.values():
            root_of.update(dict.fromkeys(table.ancestors, table.target_oid))
        for table in self.facts.tables.values():
            for constraint in table.constraints:
                if constraint.kind == "f":
                    parent = root_of.get(constraint.references, constraint.references)
                    self.roots[table.target_oid, constraint.name] = parent

    def pool(self, root: int, constraint: str, columns: tuple[str, ...]) -> Pool | None:
        """Return the keys that a foreign key may have; of a table that refers to itself they come with its rows."""
        parent = self.roots[root, constraint]
        if parent == root:
            return Pool(columns, ())
        promised = self.promised.get(parent, {})
        if promised and set(columns) <= promised.keys() and parent not in self.done:
            return Pool(columns, zip(*(promised[name] for name in columns), strict=True))
        found = self._pools.get((parent, columns))
        if found is None:
            key = self._key(parent)
            if key is None:
                return None
            order = chance(self.seed, key.qualified, *columns)
            found = self._pools[parent, columns] = read_pool(
                self.connection, key, columns, order, partitioned=parent in self.facts.parents
            )
        return found

    def forget(self, wanted: set[int]) -> None:
        """Drop the keys of tables that nothing refers to any more."""
        for parent, columns in [at for at in self._pools if at[0] not in wanted]:
            del self._pools[parent, columns]

    def name(self, root: int) -> str:
        """Return what a table is called."""
        key = self._key(root)
        return key.qualified if key is not None else "another table"

    def _key(self, root: int) -> Key | None:
        table = next((t for t in self.facts.tables.values() if t.target_oid == root), None)
        return table.target if table is not None else self.facts.parents.get(root)

    def promise(self, table: TableFact, columns: Sequence[str], count: int) -> bool:
        """Settle values of rows that are not there yet; return whether that can be done for all of the columns."""
        from alembic_vibe.data.checks import compile_checks
        from alembic_vibe.data.values import texts

        root = table.target_oid
        promised = self.promised.setdefault(root, {})
        for name in columns:
            if name in promised:
                continue
            column = table.column(name)
            random = chance(self.seed, table.target.qualified, name, "promised")
            type_ = self.facts.types.get(column.type)
            sequence = self.known[root].sequences.get(name)
            if sequence is not None:
                promised[name] = [str(sequence.next + number * sequence.increment) for number in range(count)]
            elif any(c.kind == "f" and name in c.columns for c in table.constraints):
                return False
            elif type_ is not None and type_.name == "uuid":
                promised[name] = uuids(random, count)
            else:
                cases = compile_checks(self.connection, self.facts, table).cases
                domain = cases[0].domains.get(name, ANYTHING) if cases else ANYTHING
                made = source(self.facts.types, column, table, domain, unique=True)
                if made is None or (made.capacity is not None and made.capacity < count):
                    return False
                promised[name] = [text or "" for text in texts(made.batch(random, 0, count))]
        return True
