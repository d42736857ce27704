"""What becomes of the labels of an enum, and which columns hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Enum, Index, Statistics
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.model import Verify
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation


@dataclass(frozen=True)
class Labels:
    """How the labels of an enum differ: ``renamed`` is old → new, as the author says."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    renamed: dict[str, str]

    @property
    def removed(self) -> tuple[str, ...]:
        """Labels that go, and have no new name."""
        return tuple(label for label in self.old if label not in self.new and label not in self.renamed)

    @property
    def added(self) -> tuple[str, ...]:
        """Labels that nobody had before, under whatever name."""
        known = {*self.old, *self.renamed.values()}
        return tuple(label for label in self.new if label not in known)

    @property
    def only_renamed(self) -> bool:
        """Whether new names are all there is."""
        return bool(self.renamed) and tuple(self.renamed.get(label, label) for label in self.old) == self.new

    @property
    def only_added(self) -> bool:
        """Whether new labels are all there is."""
        return tuple(label for label in self.new if label in self.old) == self.old


def labels_of(change: Change, situation: Situation) -> Labels | None:
    """Return how labels differ, ``None`` if the change is about something else."""
    old, new = change.before, change.after
    if change.kind is not ChangeKind.ALTER or not isinstance(old, Enum) or not isinstance(new, Enum):
        return None
    if old.labels == new.labels or (change.only and "labels" not in change.only):
        return None
    renamed = {
        before: label
        for (key, label), before in situation.intents.renamed_labels.items()
        if key == change.key and before in old.labels and label in new.labels and label not in old.labels
    }
    return Labels(old.labels, new.labels, renamed)


def in_use(columns: Iterable[tuple[Key, Column]], labels: Sequence[str]) -> list[Verify]:
    """Return what must hold before labels go: no row has one of them."""
    found = []
    literals = [Literal(label) for label in labels]
    shown = ", ".join(labels)
    for table, column in columns if labels else ():
        condition = "{name}::text[] && ARRAY[{labels}]" if column.type.array else "{name}::text IN ({labels})"
        query = compose(
            "SELECT count(*) FROM {table} WHERE {condition}",
            table=name_of(table),
            condition=Printed(compose(condition, name=Name(column.name), labels=literals)),
        )
        found.append(Verify(query, f"rows of {table.qualified} with {column.name} in ({shown})"))
    return found


def converted(column: Column, type_: Key, renamed: dict[str, str]) -> str:
    """Return the expression that makes a value of the new type of the same name."""
    name, target = Name(column.name), name_of(type_)
    if column.type.array:
        text = Printed(compose("{name}::text[]", name=name))
        for old, new in renamed.items():
            sql = "array_replace({text}, {old}, {new})"
            text = Printed(compose(sql, text=text, old=Literal(old), new=Literal(new)))
        return compose("{text}::{type}[]", text=text, type=target)
    if not renamed:
        return compose("{name}::text::{type}", name=name, type=target)
    whens = " ".join(
        compose("WHEN {old} THEN {new}", old=Literal(old), new=Literal(new)) for old, new in renamed.items()
    )
    sql = "(CASE {name}::text {whens} ELSE {name}::text END)::{type}"
    return compose(sql, name=name, whens=Printed(whens), type=target)


def with_literals(columns: Iterable[tuple[Key, Column]], situation: Situation) -> list[Key]:
    """Return the CHECKs, foreign keys, indexes and statistics on columns that ALTER COLUMN … TYPE cannot carry over."""
    users = {
        user
        for table, column in columns
        for user in situation.before.column_users.get((table, column.name), ())
        if user.kind in {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS}
    }
    names = {(table, column.name) for table, column in columns}
    for fact in situation.before.of_type(Constraint):
        if fact.kind == ConstraintKind.FOREIGN and (
            any((fact.table, name) in names for name in fact.columns)
            or any((fact.references, name) in names for name in fact.reference_columns)
        ):
            users.add(fact.key)
    found = []
    for user in users:
        fact_ = situation.before.facts.get(user)
        if isinstance(fact_, Constraint) and not fact_.inherited:
            if fact_.kind in {ConstraintKind.CHECK, ConstraintKind.FOREIGN, ConstraintKind.EXCLUDE}:
                found.append(user)
        elif isinstance(fact_, Index) and not fact_.inherited:
            if fact_.predicate or any(key.column is None for key in fact_.keys):
                found.append(user)
        elif isinstance(fact_, Statistics):
            found.append(user)
    rank = {Kind.CONSTRAINT: 1, Kind.INDEX: 0, Kind.STATISTICS: 2}
    return sorted(found, key=lambda key: (rank[key.kind], key))


def follows(change: Change, labels: Labels) -> bool:
    """Whether a change is nothing but the new names of labels, which PostgreSQL writes into all that names them."""
    if change.kind is not ChangeKind.ALTER or change.before is None or change.after is None:
        return False
    text = _text(change.before)
    for old, new in labels.renamed.items():
        text = text.replace(str(Literal(old)), str(Literal(new)))
    return text == _text(change.after)


def _text(fact: object) -> str:
    return str(fact).replace('\\"', '"').replace("\\'", "'")
