"""The rows of a table: the specification's own, what its file has, and what the libraries know for the rest.

A file that is there stays as it is: its rows and values are the source, in the version that it names. Only what it
does not have, a new column of the table, comes from the installed library.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.seed.model import Origin, SeedRow, SeedTable, SqlValue
from alembic_vibe.seed.standards.languages import language_of
from alembic_vibe.seed.standards.mapping import NOW, UUID
from alembic_vibe.seed.standards.subject import Facts, standard_of
from alembic_vibe.sql.compose import Literal, Name, compose

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping
    from collections.abc import Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.seed.model import Value
    from alembic_vibe.seed.standards.mapping import Mapping, Use

_NOW = SqlValue("now()")


@dataclass
class Made:
    """A table with its rows, and what there is to say about them."""

    mapping: Mapping
    table: SeedTable
    left_out: list[str] = field(default_factory=list)  # rows that the table cannot hold
    blank: dict[str, int] = field(default_factory=dict)  # how many rows have nothing in a column
    unknown_to_library: list[str] = field(default_factory=list)  # rows of the file that the library no longer has
    added: dict[str, str] = field(default_factory=dict)  # columns that a file did not have, with their source


def make_rows(
    mapping: Mapping,
    own: Sequence[SeedRow],
    frozen: SeedTable | None,
    parents: AnyMapping[Key, SeedTable],
    mappings: AnyMapping[Key, Mapping],
) -> Made:
    """Put the rows of a table together.

    Args:
        mapping: What its columns hold; it has to work.
        own: Rows that the specification gives: they stay, and no other row has their key.
        frozen: What the table's file has now.
        parents: The rows of the tables that it may refer to.
        mappings: What the columns of those tables hold.
    """
    return _Maker(mapping, own, frozen, parents, mappings).make()


def identities(mapping: Mapping, rows: Sequence[SeedRow]) -> list[str | None]:
    """Return, for each row, which row of the standard it is; ``None`` for one that the standard does not have."""
    subject = mapping.subject
    facts = {
        fact: {row[fact].casefold(): row[subject.identity[0]] or "" for row in standard_of(subject.name).rows}  # type: ignore[union-attr]
        for fact in subject.identity
    }
    uses = [use for fact in subject.identity for use in mapping.uses if use.fact == fact and use.parent is None]
    return [_identity(row, uses, facts) for row in rows]


def _identity(row: SeedRow, uses: Sequence[Use], facts: AnyMapping[str, AnyMapping[str, str]]) -> str | None:
    for use in uses:
        value = row.values.get(use.column.name)
        if value is None or isinstance(value, SqlValue):
            continue
        text = str(value).casefold()
        found = facts[use.fact].get(text) or (facts[use.fact].get(text.zfill(3)) if use.fact == "numeric" else None)
        if found:
            return found
    return None


class _Maker:
    def __init__(
        self,
        mapping: Mapping,
        own: Sequence[SeedRow],
        frozen: SeedTable | None,
        parents: AnyMapping[Key, SeedTable],
        mappings: AnyMapping[Key, Mapping],
    ) -> None:
        self._mapping, self._own, self._parents, self._mappings = mapping, own, parents, mappings
        self._subject = mapping.subject
        self._standard = standard_of(mapping.subject.name)
        self._facts: dict[str, Facts] = {row[self._subject.identity[0]] or "": row for row in self._standard.rows}
        assert mapping.key is not None
        self._key = mapping.key
        self._frozen = frozen if frozen is not None and frozen.origin is not None and self._reusable(frozen) else None
        self._named = {
            use.fact: self._subject.named(use.fact)
            for use in mapping.uses
            if language_of(use.fact) or use.fact == "symbol"
        }
        self._referred = {use.column.name: self._parent_values(use) for use in mapping.uses if use.parent is not None}
        self._made = Made(mapping, SeedTable(mapping.table.key, (self._key.column.name,), ()))

    def _reusable(self, frozen: SeedTable) -> bool:
        """Whether the file still has a column that tells which row of the standard each of its rows is."""
        columns = frozen.origin.columns if frozen.origin is not None else {}
        return _fact(columns.get(self._key.column.name, "")) == self._key.words

    def make(self) -> Made:
        taken = {self._own_key(row) for row in self._own}
        known = {identity for identity in identities(self._mapping, self._own) if identity is not None}
        rows = list(self._own)
        for identity, values in self._others(known, taken):
            row = {use.column.name: values.get(use.column.name) for use in self._mapping.uses}
            missing = [use.column.name for use in self._mapping.uses if row[use.column.name] is None and _must(use)]
            if missing:
                self._made.left_out.append(identity)
                continue
            for name, value in row.items():
                if value is None:
                    self._made.blank[name] = self._made.blank.get(name, 0) + 1
            rows.append(SeedRow(row))
        self._made.table = SeedTable(
            self._mapping.table.key, (self._key.column.name,), tuple(rows), self._origin(sorted(taken))
        )
        return self._made

    def _own_key(self, row: SeedRow) -> str:
        return str(row.values.get(self._key.column.name))

    def _others(self, known: set[str], taken: set[str]) -> list[tuple[str, dict[str, Value]]]:
        """The rows that are not the specification's own, each with its name for people."""
        found: list[tuple[str, dict[str, Value]]] = []
        if self._frozen is not None and self._frozen.origin is not None:
            given_before = set(self._frozen.origin.own)
            new = self._new_uses(self._frozen)
            for row, identity in zip(self._frozen.rows, identities(self._mapping, self._frozen.rows), strict=True):
                key = self._own_key(row)
                if identity in known or key in taken or key in given_before:
                    continue
                facts = self._facts.get(identity or "")
                values: dict[str, Value] = {
                    use.column.name: (self._value(use, facts) if facts is not None else None)
                    if use.column.name in new
                    else row.values.get(use.column.name)
                    for use in self._mapping.uses
                }
                if facts is None and new:
                    self._made.unknown_to_library.append(key)
                found.append((key, values))
            known = known | {i for i in self._facts if i not in self._released(given_before)}
        for identity, facts in self._facts.items():
            if identity not in known:
                found.append((identity, {use.column.name: self._value(use, facts) for use in self._mapping.uses}))
        return found

    def _released(self, given_before: set[str]) -> set[str]:
        """Rows that the specification used to give itself, and gives no more: the library's take their place."""
        rows = [SeedRow({self._key.column.name: key}) for key in given_before]
        return {identity for identity in identities(self._mapping, rows) if identity is not None}

    def _new_uses(self, frozen: SeedTable) -> set[str]:
        had = frozen.origin.columns if frozen.origin is not None else {}
        new = {u.column.name for u in self._mapping.uses if _fact(had.get(u.column.name, "")) != u.words}
        self._made.added = {use.column.name: self._source(use) for use in self._mapping.uses if use.column.name in new}
        return new

    def _value(self, use: Use, facts: Facts) -> Value:
        identity = facts[self._subject.identity[0]] or ""
        if use.fact == UUID:
            return str(uuid.uuid5(uuid.NAMESPACE_URL, self._subject.urn + identity))
        if use.fact == NOW:
            return _NOW
        if use.parent is not None:
            return self._referred[use.column.name].get(facts.get(use.fact) or "")
        if use.fact in self._named:
            named = self._named[use.fact]
            return named[1].get(identity) if named is not None else None
        if use.fact == "country.alpha_3":
            countries = {row["alpha_2"]: row["alpha_3"] for row in standard_of("countries").rows}
            return countries.get(facts["country"])
        value = facts[use.fact]
        if value is not None and use.digits:
            return str(int(value))
        return value.lower() if value is not None and use.lower else value

    def _parent_values(self, use: Use) -> dict[str, Value]:
        """What refers to each row of another table: its value where the seeds give it, else a query for it."""
        assert use.parent is not None
        key, column = use.parent
        parent, mapping = self._parents.get(key), self._mappings.get(key)
        if parent is None or mapping is None:
            return {}
        values: dict[str, Value] = {}
        for row, identity in zip(parent.rows, identities(mapping, parent.rows), strict=True):
            if identity is None:
                continue
            name = parent.conflict[0]
            if column in row.values:
                values[identity] = row.values[column]
            elif isinstance(row.values.get(name), str):
                values[identity] = SqlValue(
                    compose(
                        "(SELECT {column} FROM {table} WHERE {name} = {value})",
                        column=Name(column),
                        table=Name(key.schema, key.name),
                        name=Name(name),
                        value=Literal(str(row.values[name])),
                    )
                )
        return values

    def _source(self, use: Use) -> str:
        named = self._named.get(use.fact)
        if named is not None:
            return named[0]
        return self._standard.sources.get(use.fact, self._standard.source)

    def _origin(self, own: list[str]) -> Origin:
        frozen = self._frozen.origin if self._frozen is not None else None
        columns = {}
        for use in self._mapping.uses:
            had = frozen.columns.get(use.column.name, "") if frozen is not None else ""
            if frozen is not None and _fact(had) == use.words:
                columns[use.column.name] = had
                continue
            source = self._source(use)
            plain = use.fact in {UUID, NOW} or source == (
                frozen.source if frozen is not None else self._standard.source
            )
            columns[use.column.name] = use.words if plain else f"{use.words} [{source}]"
        if frozen is None:
            return Origin(self._standard.source, columns, tuple(own))
        return Origin(frozen.source, columns, tuple(own), frozen.digest, frozen.comments)


def _fact(words: str) -> str:
    """Return what a column holds without the source that is named behind it."""
    return words.partition(" [")[0]


def _must(use: Use) -> bool:
    return use.column.not_null
