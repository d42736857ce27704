"""A materialised view is built beside the old one, and takes its name when it is ready (recipe 56).

Its query and its indexes run under locks that readers do not notice; they wait for the change of names only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import execute, vibe_name
from alembic_vibe.plan.context import Context
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, privileges_between, recreate
from alembic_vibe.plan.described import owner
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation


@dataclass(frozen=True)
class Exchange:
    """How a materialised view becomes another one and itself again; ``locked`` are it and what depends on it."""

    up: tuple[Operation, ...]
    down: tuple[Operation, ...]
    takes: frozenset[Node]
    locked: tuple[Key, ...]
    stuck: tuple[Key, ...]


def exchange(situation: Situation, key: Key) -> Exchange:
    """Return what builds the new form beside the old one, drops that, and gives the new one its names.

    Args:
        situation: Both states.
        key: A materialised view of both.
    """
    old, new = (_Form(situation, words, key) for words in (situation.old_words, situation.new_words))
    around = recreate(situation, [key], WITH_EXPRESSIONS, apart=[*old.indexes, *new.indexes])
    drop = execute("DROP MATERIALIZED VIEW {name}", name=name_of(key))
    return Exchange(
        (*new.build(), *around.drops, drop, *new.take_names(), *around.creates_new),
        (*old.build(), *around.drops_new, drop, *old.take_names(), *around.creates_old),
        around.takes | changes_of(situation, {key, *old.indexes, *new.indexes}),
        (key, *around.tables),
        around.stuck,
    )


class _Form:
    """One form of the view, with its indexes and the name that it has while it is built."""

    def __init__(self, situation: Situation, words: Catalog, key: Key) -> None:
        view = words.facts[key]
        assert isinstance(view, View)
        self._situation, self._view = situation, view
        self._context = Context(words)
        self._beside = key._replace(name=vibe_name(key.name))
        tables = {key, key._replace(kind=Kind.TABLE)}
        self.indexes = {fact.key: fact for fact in words.of_type(Index) if fact.table in tables}

    def build(self) -> Iterator[Operation]:
        """Yield what makes it under another name, with indexes of other names."""
        makers = makers_by_kind()
        beside = replace(self._view, key=self._beside, owner=None)
        yield from makers[Kind.MATERIALIZED_VIEW].create(beside, self._context).up
        for index in self.indexes.values():
            yield from makers[Kind.INDEX].create(self._index_beside(index), self._context).up

    def take_names(self) -> Iterator[Operation]:
        """Yield what gives it and its indexes their names, and what the names alone can be given."""
        key = self._view.key
        rename = "ALTER MATERIALIZED VIEW {name} RENAME TO {other}"
        yield execute(rename, name=name_of(self._beside), other=Name(key.name))
        for found in self.indexes:
            beside = Name(found.schema, vibe_name(found.name))
            yield execute("ALTER INDEX {name} RENAME TO {other}", name=beside, other=Name(found.name))
        if self._view.owner is not None:
            yield owner(key, self._view)
        for fact in privileges_between(self._situation, {key}):
            yield from makers_by_kind()[Kind.PRIVILEGES].create(fact, self._context).up

    def _index_beside(self, index: Index) -> Index:
        """Return the index as PostgreSQL prints it, with both names changed: ``CREATE INDEX name ON table USING …``."""
        name = vibe_name(index.key.name)
        old = f" INDEX {Name(index.key.name)} ON {name_of(index.table)} "
        new = f" INDEX {Name(name)} ON {name_of(self._beside)} "
        return replace(
            index,
            key=index.key._replace(name=name),
            table=index.table._replace(name=self._beside.name),
            definition=index.definition.replace(old, new, 1),
        )
