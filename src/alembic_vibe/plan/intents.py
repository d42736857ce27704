"""What the author said about a change: annotations in the spec and options of the command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.identifiers import read_label, read_name
from alembic_vibe.sql.places import defined_by
from alembic_vibe.sql.statement import Place, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alembic_vibe.sql.statement import Annotation, Statement


@dataclass(frozen=True)
class Intents:
    """Decisions about changes, by the key of the wanted state (tables, and columns with keys of kind COLUMN).

    ``renamed`` gives the old key; ``backfill`` an SQL expression over the row for a column's value in rows that have
    none; ``convert`` an SQL expression that makes a column's new value from the old row. ``renamed_labels`` gives the
    old label of an enum by the key of the type and the new label. ``places`` says where a renaming or move stands in
    the document: by the new key, for a label by the key of its type with the label as its member. ``moved`` gives, for
    a column that comes from another table, the key that it has there.
    """

    renamed: Mapping[Key, Key] = field(default_factory=dict)
    backfill: Mapping[Key, str] = field(default_factory=dict)
    convert: Mapping[Key, str] = field(default_factory=dict)
    renamed_labels: Mapping[tuple[Key, str], str] = field(default_factory=dict)
    places: Mapping[Key, Place] = field(default_factory=dict)
    moved: Mapping[Key, Key] = field(default_factory=dict)


def find_intents(statements: Iterable[Statement], first: Mapping[Key, int]) -> Intents:
    """Return what the annotations of a spec say: beside columns and labels, and with whole tables.

    What stands where it says nothing has been reported when the spec was parsed (AV225), and is left out.

    Args:
        statements: The statements of the spec.
        first: For each object, the index of its first statement; an object that it lacks was not made.
    """
    found = _Found()
    for statement in statements:
        target = defined_by(statement) if statement.annotations else None
        if target is not None and target in first:
            for annotation in statement.annotations:
                if annotation.value:
                    found.add(target, annotation, statement)
    return Intents(
        found.renamed, found.values["backfill"], found.values["convert"], found.labels, found.places, found.moved
    )


class _Found:
    def __init__(self) -> None:
        self.renamed: dict[Key, Key] = {}
        self.labels: dict[tuple[Key, str], str] = {}
        self.values: dict[str, dict[Key, str]] = {"backfill": {}, "convert": {}}
        self.places: dict[Key, Place] = {}
        self.moved: dict[Key, Key] = {}

    def add(self, target: Key, annotation: Annotation, statement: Statement) -> None:
        place = Place(statement.source, annotation.span)
        renamed = annotation.name == "renamed from"
        match annotation.target_kind:
            case TargetKind.COLUMN if target.kind is Kind.TABLE:
                key = Key(Kind.COLUMN, target.schema, target.name, annotation.target)
                if annotation.name in self.values:
                    self.values[annotation.name][key] = annotation.value
                elif renamed and len(parts := read_name(annotation.value)) == 1:
                    self._rename(key, key._replace(member=parts[0]), place)
                elif annotation.name == "moved from" and len(parts := read_name(annotation.value)) in {2, 3}:
                    schema = parts[0] if len(parts) == 3 else target.schema
                    self.moved[key] = Key(Kind.COLUMN, schema, *parts[-2:])
                    self.places[key] = place
            case TargetKind.LABEL if renamed and target.kind is Kind.ENUM:
                self.labels[target, annotation.target] = read_label(annotation.value)
                self.places[target._replace(member=annotation.target)] = place
            case TargetKind.STATEMENT if renamed and statement.node_type == "CreateStmt":
                parts = read_name(annotation.value)
                if len(parts) in {1, 2}:
                    schema = parts[0] if len(parts) == 2 else target.schema
                    self._rename(target, target._replace(schema=schema, name=parts[-1]), place)

    def _rename(self, new: Key, old: Key, place: Place) -> None:
        self.renamed[new] = old
        self.places[new] = place
