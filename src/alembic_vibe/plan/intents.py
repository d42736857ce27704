"""What the author said about a change: annotations in the spec and options of the command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alembic_vibe.sql.statement import Statement


@dataclass(frozen=True)
class Intents:
    """Decisions about changes, by the key of the wanted state (tables, and columns with keys of kind COLUMN).

    ``renamed`` gives the old key; ``backfill`` an SQL expression over the row for a column's value in rows that have
    none; ``convert`` an SQL expression that makes a column's new value from the old row.
    """

    renamed: Mapping[Key, Key] = field(default_factory=dict)
    backfill: Mapping[Key, str] = field(default_factory=dict)
    convert: Mapping[Key, str] = field(default_factory=dict)


def find_intents(statements: Iterable[Statement], first: Mapping[Key, int]) -> Intents:
    """Return what the annotations of a spec say.

    Args:
        statements: The statements of the spec.
        first: For each object, the index of its first statement.
    """
    made = {index: key for key, index in first.items() if key.kind is Kind.TABLE}
    renamed: dict[Key, Key] = {}
    values: dict[str, dict[Key, str]] = {"backfill": {}, "convert": {}}
    for statement in statements:
        table = made.get(statement.index)
        for annotation in statement.annotations if table is not None else ():
            assert table is not None
            key = Key(Kind.COLUMN, table.schema, table.name, annotation.target) if annotation.target else table
            if annotation.name == "renamed from":
                old = annotation.value
                renamed[key] = key._replace(member=old) if annotation.target else key._replace(name=old)
            elif annotation.name in values:
                values[annotation.name][key] = annotation.value
    return Intents(renamed, values["backfill"], values["convert"])
