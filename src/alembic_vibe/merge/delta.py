"""What changed between two catalogs, table by table, in the terms of models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from alembic_vibe.catalog.facts import Constraint, Enum, Index, Table
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column

PartT = TypeVar("PartT", Constraint, Index)


@dataclass(frozen=True)
class TableDelta:
    """One table: ``old`` or ``new`` is ``None`` where it comes or goes. The pairs are (before, after), one may miss.

    ``renamed_columns`` gives the old name of each column that has a new one.
    """

    old: Table | None
    new: Table | None
    columns: tuple[tuple[Column | None, Column | None], ...] = ()
    constraints: tuple[tuple[Constraint | None, Constraint | None], ...] = ()
    indexes: tuple[tuple[Index | None, Index | None], ...] = ()
    comment: bool = False
    name: bool = False
    renamed_columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The key of the table, the new one where there is one."""
        table = self.new or self.old
        if table is None:  # pragma: no cover - never made so
            raise ValueError
        return table.key


@dataclass(frozen=True)
class Delta:
    """All that changed and that models say."""

    tables: tuple[TableDelta, ...] = ()
    enums: tuple[tuple[Enum, Enum], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything did."""
        return bool(self.tables or self.enums)


def find_delta(before: Catalog, after: Catalog, renames: Mapping[Key, Key]) -> Delta:
    """Return what changed.

    Args:
        before: What the models say now.
        after: What they shall say.
        renames: The old key of each table, enum and column that has a new name; those of columns have the table's
            new name.
    """
    old_tables = {table.key: table for table in before.of_type(Table) if table.partition_of is None}
    new_tables = {table.key: table for table in after.of_type(Table) if table.partition_of is None}
    gone = dict(old_tables)
    found = []
    for key, new in new_tables.items():
        former = renames.get(key, key)
        old = gone.pop(former, None)
        if old is None and former != key:
            old = gone.pop(key, None)
        delta = _table(before, after, old, new, renames)
        if delta is not None:
            found.append(delta)
    found.extend(TableDelta(old, None) for old in gone.values())
    enums = []
    old_enums = {enum.key: enum for enum in before.of_type(Enum)}
    for enum in after.of_type(Enum):
        former_enum = old_enums.get(renames.get(enum.key, enum.key))
        if former_enum is not None and (former_enum.labels, former_enum.key) != (enum.labels, enum.key):
            enums.append((former_enum, enum))
    return Delta(tuple(found), tuple(enums))


def _table(
    before: Catalog, after: Catalog, old: Table | None, new: Table, renames: Mapping[Key, Key]
) -> TableDelta | None:
    if old is None:
        return TableDelta(None, new)
    columns_of = {column.name: column for column in old.columns}
    renamed: dict[str, str] = {}
    columns: list[tuple[Column | None, Column | None]] = []
    for column in new.columns:
        key = Key(Kind.COLUMN, new.key.schema, new.key.name, column.name)
        former = renames[key].member if key in renames and renames[key].member in columns_of else column.name
        if former != column.name:
            renamed[column.name] = former
        was = columns_of.pop(former, None)
        if was is None or _shown(was) != _shown(column):
            columns.append((was, column))
    columns += [(column, None) for column in columns_of.values()]
    constraints = _with_keys(_pairs(before.constraints().get(old.key, []), after.constraints().get(new.key, [])))
    indexes = _pairs(before.indexes().get(old.key, []), after.indexes().get(new.key, []))
    delta = TableDelta(
        old,
        new,
        tuple(columns),
        tuple(constraints),
        tuple(indexes),
        comment=old.comment != new.comment,
        name=old.key != new.key,
        renamed_columns=renamed,
    )
    changed = delta.columns or delta.constraints or delta.indexes or delta.comment or delta.name
    return delta if changed else None


def _shown(column: Column) -> tuple[object, ...]:
    """Return what a model says of a column."""
    return (
        column.name,
        column.type,
        column.not_null,
        column.default,
        column.generated,
        column.identity,
        column.identity_options,
        column.collation,
        column.comment,
    )


def _pairs(before: list[PartT], after: list[PartT]) -> list[tuple[PartT | None, PartT | None]]:
    old: dict[str, PartT] = {part.key.member or part.key.name: part for part in before if not part.inherited}
    result: list[tuple[PartT | None, PartT | None]] = []
    for part in after:
        if part.inherited:
            continue
        was = old.pop(part.key.member or part.key.name, None)
        if was is None or _plain(was) != _plain(part):
            result.append((was, part))
    gone: list[tuple[PartT | None, PartT | None]] = [(part, None) for part in old.values()]
    return gone + result


def _with_keys(
    pairs: list[tuple[Constraint | None, Constraint | None]],
) -> list[tuple[Constraint | None, Constraint | None]]:
    """Put both states of a primary key together, whatever their names: there is only one."""
    old = next((was for was, now in pairs if was is not None and now is None and was.kind == "p"), None)
    new = next((now for was, now in pairs if was is None and now is not None and now.kind == "p"), None)
    if old is None or new is None:
        return pairs
    rest = [pair for pair in pairs if pair not in ((old, None), (None, new))]
    return [(old, new), *rest]


def _plain(part: PartT) -> PartT:
    """Return a constraint or index without what no model says, and without the place where it is."""
    nowhere = Key(Kind.TABLE, "", "")
    if isinstance(part, Index):
        return replace(part, key=nowhere, table=nowhere, definition="", comment=None, clustered=False, valid=True)
    return replace(part, key=nowhere, comment=None, options=(), clustered=False)
