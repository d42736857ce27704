"""Masks for the rows of tables, as they pass from the source to the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError, FindingsError
from alembic_vibe.subset.masking.dates import as_value, shift_of, shifted
from alembic_vibe.subset.masking.deciding import BY_TYPE, decide, leaves
from alembic_vibe.subset.masking.drawing import Drawer
from alembic_vibe.subset.masking.masks import all_masks
from alembic_vibe.subset.masking.meanings import mask_for_key
from alembic_vibe.subset.masking.model import Place, Shape
from alembic_vibe.subset.masking.originals import Originals
from alembic_vibe.subset.masking.rules import IMPOSSIBLE
from alembic_vibe.subset.masking.scalar import ScalarMask, Target
from alembic_vibe.subset.masking.structured import JsonMask, array_mask, composite_mask, hstore_mask
from alembic_vibe.subset.masking.uses import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.prove.rows_facts import SchemaFacts
    from alembic_vibe.subset.masking.classification import Classification
    from alembic_vibe.subset.masking.model import ColumnUse, Decision

Row = tuple["str | None", ...]
_ATTEMPTS = 8  # shifts for the dates of one row
_EMPTY = {"json": "{}", "array": "{}", "bytea": "\\x"}
_ANY_TEXT = Shape("text")


class Masker:
    """Everything that masks need of a database. The key is hashed at once and shows nowhere."""

    def __init__(
        self, classification: Classification, key: bytes, facts: SchemaFacts, connection: Connection | None = None
    ) -> None:
        """Prepare the masks of all columns.

        Args:
            classification: What is decided.
            key: Any bytes; 32 random ones are best.
            facts: Of the source.
            connection: To the source; without one the masks know nothing of CHECKs.

        Raises:
            ConfigurationError: The classification is wrong, or a mask cannot satisfy the constraints of its column.
        """
        self._drawer = Drawer(key)
        self._uses = survey(facts, connection)
        self._decided = decide(self._uses, classification)
        if self._decided.problems:
            raise ConfigurationError(self._decided.problems)
        self.originals = Originals()
        self._taken: dict[str, dict[int, int]] = {}
        self._scalars: dict[str, ScalarMask] = {}
        groups = self._decided.groups()
        self._wide = {
            self._decided.decisions[root].name
            for root, members in groups.items()
            if any(self._uses[place].unique for place in members)
        }
        self._writers: dict[Place, Callable[[str], str | None] | None] = {}
        wrong: list[Diagnostic] = []
        for root, members in groups.items():
            writer = self._writer(self._decided.decisions[root], [self._uses[place] for place in members], wrong)
            self._writers.update(dict.fromkeys(members, writer))
        if wrong:
            raise ConfigurationError(wrong)

    def masked(self, place: Place) -> bool:
        """Whether the values of a column do not stay what they are."""
        return self._decided.decisions[place].name != "keep"

    @property
    def open(self) -> list[Place]:
        """The columns that are replaced because nobody has decided about them."""
        return sorted(self._decided.open)

    def closed(self, place: Place) -> bool:
        """Whether a column can hold nothing but what the schema lists, or no text at all."""
        use = self._uses[place]
        return use.closed or not leaves(use.shape) & {"text", "json", "xml", "hstore", "tsvector", "inet", "other"}

    def table(self, key: Key, columns: Sequence[str]) -> TableMask:
        """Return what masks the rows of a table.

        Args:
            key: The table; of partitions, the root.
            columns: Those that its rows will have, in order.
        """
        places = [Place(key, column) for column in columns]
        dates: list[tuple[int, str]] = []
        writers: list[Callable[[str], str | None] | None] = []
        nulls: list[int] = []
        for i, place in enumerate(places):
            decision = self._decided.decisions[place]
            writers.append(self._writers[place] if decision.name not in {"keep", "null", "date_shift"} else None)
            if decision.name == "null":
                nulls.append(i)
            elif decision.name == "date_shift":
                dates.append((i, decision.argument))
        identity = [i for i, place in enumerate(places) if self._uses[place].primary]
        subjects = {
            i: [columns.index(argument)] if argument in columns else identity or [at for at, _ in dates]
            for i, argument in dates
        }
        return TableMask(
            self._drawer, [self._uses[place] for place in places], writers, nulls, subjects, self.originals
        )

    def _writer(
        self, decision: Decision, uses: list[ColumnUse], wrong: list[Diagnostic]
    ) -> Callable[[str], str | None] | None:
        name, first = decision.name, uses[0]
        if name in {"keep", "null", "date_shift"}:
            return None
        if name in {"constant", "empty"}:
            return self._same(decision.argument if name == "constant" else _EMPTY.get(first.shape.kind, ""))
        mask = all_masks().get(name)
        target = Target(
            str(first.place),
            tuple(use.shape for use in uses),
            nullable=all(use.nullable for use in uses) and len(uses) == 1,
            unique=any(use.unique for use in uses),
            folded=any(use.folded for use in uses),
            closed=any(use.closed for use in uses),
            wide=name in self._wide and mask is not None and mask.joined,
            rules=[(use.place.column, rule) for use in uses for rule in use.rules],
            taken=self._taken.setdefault(name, {}),
        )
        if mask is not None and first.shape.kind in mask.fits:
            scalar = ScalarMask(self._drawer, mask, target)
            if not scalar.likely and not scalar.possible() and not target.nullable:
                message = f"{first.place}: no {name} mask satisfies its constraints"
                wrong.append(IMPOSSIBLE.diagnostic(message))
            self.originals.watch(scalar)
            return scalar
        return self._of_shape(first.shape, decision.name, first.place)

    def _same(self, text: str) -> Callable[[str], str]:
        def write(value: str) -> str:
            if value != text:
                self.originals.removed((value,))
            return text

        return write

    def _of_shape(self, shape: Shape, name: str, place: Place) -> Callable[[str], str | None] | None:
        """Return a mask for a value within another, or for one that is made of others."""
        if shape.kind == "array" and shape.element is not None:
            element = self._of_shape(shape.element, name, place)
            return array_mask(element) if element is not None else None
        if shape.kind == "composite":
            return composite_mask([self._of_attribute(a, s, name, place) for a, s in shape.attributes])
        if shape.kind in {"json", "hstore"} or name == "json":
            mask = JsonMask(self._leaf, lambda key: mask_for_key(place.table.name, key))
            return hstore_mask(mask) if shape.kind == "hstore" else mask
        mask_ = all_masks().get(name)
        if mask_ is None or shape.kind not in mask_.fits:
            if not shape.denied:
                return None
            name = BY_TYPE.get(shape.kind, "null")
            mask_ = all_masks().get(name)
        if mask_ is None:
            return (lambda _value: "") if name == "empty" else lambda _value: None
        return self._scalar(name, shape, place)

    def _of_attribute(self, name: str, shape: Shape, mask: str, place: Place) -> Callable[[str], str | None] | None:
        meant = mask_for_key(place.table.name, name) if mask == "json" else mask
        if meant == "keep":
            return None
        return self._of_shape(
            shape, meant or BY_TYPE.get(shape.kind, "text") if meant or shape.denied else "keep", place
        )

    def _scalar(self, name: str, shape: Shape, place: Place) -> ScalarMask:
        mark = f"{name} {shape}"
        if mark not in self._scalars:
            mask = all_masks()[name]
            wide = name in self._wide and mask.joined
            target = Target(str(place), (shape,), nullable=True, wide=wide, taken=self._taken.setdefault(name, {}))
            self._scalars[mark] = ScalarMask(self._drawer, mask, target)
            self.originals.watch(self._scalars[mark])
        return self._scalars[mark]

    def _leaf(self, name: str, text: str) -> str | None:
        if name == "date_shift":
            return shifted(text, shift_of(self._drawer, text))
        if name == "null":
            return None
        shape = Shape("number") if name == "number" else _ANY_TEXT
        if name not in all_masks() or shape.kind not in all_masks()[name].fits:
            name = "text"
        return self._scalar(name, shape, Place(self._some_table, "json"))(text)

    @property
    def _some_table(self) -> Key:
        return next(iter(self._uses)).table


class TableMask:
    """Masks the rows of one table; a row never leaves with a value that should have been masked."""

    def __init__(
        self,
        drawer: Drawer,
        uses: list[ColumnUse],
        writers: list[Callable[[str], str | None] | None],
        nulls: list[int],
        subjects: dict[int, list[int]],
        originals: Originals,
    ) -> None:
        self._drawer, self._uses, self._originals = drawer, uses, originals
        self._writers = [(i, writer) for i, writer in enumerate(writers) if writer is not None]
        self._nulls, self._subjects = nulls, subjects

    def rows(self, batch: Sequence[Row]) -> list[Row]:
        """Return the rows as they may leave, in order: texts as PostgreSQL has written them, ``None`` for NULL.

        Raises:
            FindingsError: A value has no mask that its column accepts.
        """
        if not batch or not (self._writers or self._nulls or self._subjects):
            return list(batch)
        columns: list[Any] = list(zip(*batch, strict=True))
        originals = list(columns)
        for i, write in self._writers:
            columns[i] = [None if value is None else write(value) for value in originals[i]]
        for i in self._nulls:
            self._originals.removed(originals[i])
            columns[i] = [None] * len(batch)
        if self._subjects:
            self._shift(originals, columns)
        for i, use in enumerate(self._uses):
            if not use.nullable and columns[i] is not originals[i] and None in columns[i]:
                raise FindingsError(IMPOSSIBLE.diagnostic(f"{use.place}: one of its values has no mask"))
        return list(zip(*columns, strict=True))

    def _shift(self, originals: list[Any], columns: list[Any]) -> None:
        """Shift the dates of each row: those with the same subject by the same number of days."""
        by_subject: dict[tuple[int, ...], list[int]] = {}
        for i, subject in self._subjects.items():
            by_subject.setdefault(tuple(subject), []).append(i)
        for parts_of, places in by_subject.items():
            moved: list[list[str | None]] = [[] for _ in places]
            for row, parts in enumerate(zip(*(originals[i] for i in parts_of), strict=True)):
                dates = [originals[i][row] for i in places]
                for column, text in zip(
                    moved, self._dates("\0".join(p or "" for p in parts), places, dates), strict=True
                ):
                    column.append(text)
            for i, column in zip(places, moved, strict=True):
                columns[i] = column

    def _dates(self, subject: str, places: list[int], dates: list[str | None]) -> list[str | None]:
        if not any(dates):
            return dates
        first: list[str | None] | None = None
        for attempt in range(_ATTEMPTS):
            days = shift_of(self._drawer, subject, attempt)
            found = [None if text is None else shifted(text, days) for text in dates]
            if first is None:
                first = found
            if all(self._accepts(self._uses[i], text) for i, text in zip(places, found, strict=True)):
                return found
        return first or dates

    def _accepts(self, use: ColumnUse, text: str | None) -> bool:
        if not use.rules or text is None:
            return True
        row = {use.place.column: as_value(text)}
        return all(rule.holds is None or rule.holds(row) is not False for rule in use.rules)
