"""A whole schema: its facts by key, and what depends on what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from alembic_vibe.catalog.facts import Constraint, Fact, Index, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from alembic_vibe.catalog.keys import Key

FactT = TypeVar("FactT", bound=Fact)
PartT = TypeVar("PartT", Constraint, Index)


@dataclass(frozen=True)
class Catalog:
    """Facts by key, in a stable order, and the dependency graph between them.

    ``depends[a]`` are the keys that must exist before ``a`` can be made (``pg_depend``). ``column_users[a, column]``
    are the keys of what uses that very column of the table or view ``a``, directly (``pg_depend.refobjsubid``); one is
    ``a`` itself where another column of it is generated from the column.
    """

    facts: Mapping[Key, Fact] = field(default_factory=dict)
    depends: Mapping[Key, frozenset[Key]] = field(default_factory=dict, compare=False)
    server_version: int = field(default=0, compare=False)  # server_version_num, such as 180006
    column_users: Mapping[tuple[Key, str], frozenset[Key]] = field(default_factory=dict, compare=False)
    _by_type: dict[type, list[Fact]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _parts: dict[type, dict[Key, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _users: dict[Key, set[Key]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of_type(self, fact_type: type[FactT]) -> Iterator[FactT]:
        """Yield the facts of one class, in catalog order."""
        if not self._by_type:
            for fact in self.facts.values():
                self._by_type.setdefault(type(fact), []).append(fact)
        yield from cast("list[FactT]", self._by_type.get(fact_type, ()))

    def table(self, key: Key) -> Table:
        """Return the table of that key; raises ``KeyError``."""
        fact = self.facts[key]
        if not isinstance(fact, Table):
            raise KeyError(key)
        return fact

    def users(self) -> Mapping[Key, AbstractSet[Key]]:
        """Return the objects that depend on each object directly; found out once."""
        if not self._users:
            for key, needed in self.depends.items():
                if key in self.facts:
                    for need in needed:
                        self._users.setdefault(need, set()).add(key)
        return self._users

    def constraints(self) -> dict[Key, list[Constraint]]:
        """Constraints by the key of their table, in catalog order."""
        return self._by_table(Constraint)

    def indexes(self) -> dict[Key, list[Index]]:
        """Indexes by the key of their table, in catalog order."""
        return self._by_table(Index)

    def _by_table(self, fact_type: type[PartT]) -> dict[Key, list[PartT]]:
        """Return the parts of tables; sorted once, and copied for each who asks."""
        known = cast("dict[Key, list[PartT]]", self._parts.setdefault(fact_type, {}))
        if not known:
            for fact in self.of_type(fact_type):
                known.setdefault(fact.table, []).append(fact)
        return {table: list(facts) for table, facts in known.items()}
