"""Feature flags: those that the document lists, in whatever form; never any other."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Table
from alembic_vibe.seed.extract import natural_key
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.standards.lists import Entry, NamedList, find_lists
from alembic_vibe.seed.standards.mapping import INTEGERS, NUMBERS, TEXTS, plain_type, snake, tables_for
from alembic_vibe.seed.standards.subject import prefixed_table, words
from alembic_vibe.spec.model import SectionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.columns import Column
    from alembic_vibe.spec.model import Spec

TABLE = prefixed_table("feature_?(?:flags?|toggles?|switch(?:es)?)|flags|toggles")
EXAMPLE = "CREATE TABLE feature_flags (key text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false, description text);"
_TITLE = re.compile(
    r"(?:(?:the|our|all|initial|default|seeded|known|current|available) )*"
    r"feature (?:flags?|toggles?|switch(?:es)?)(?: (?:list|catalogu?e|seeds?|seed data|data|defaults|register))?"
)
_KEYS = ("key", "name", "code", "slug", "flag", "feature", "identifier", "toggle", "id")
_LABELS = words("name title label display_name description")
_SWITCHES = words(
    "enabled is_enabled active is_active on is_on default default_value default_enabled enabled_by_default default_on"
    " is_default_on default_state state status value enabled_default globally_enabled enabled_globally"
)
_ON = re.compile(
    r"[(\[]?\s*(?:(?:by )?default\w*\s*[:=]?\s*)?"
    r"(?:(on|enabled|true|yes|active|off|disabled|false|no|inactive)\b|([✓✅✗❌]))(?: by default)?"
)
_TRUE = {"on", "enabled", "true", "yes", "active", "✓", "✅"}
_PREFIXES = ("feature_flag_", "feature_toggle_", "flag_", "feature_", "toggle_")


def listed_flags(spec: Spec) -> tuple[NamedList, ...]:
    """Return the lists of feature flags in the document."""
    seeding = [section.span for section in spec.sections if section.kind is SectionKind.MIGRATION]
    found = []
    for flags in find_lists(spec, _TITLE):
        inside = any(span.start <= flags.span.start < span.end for span in seeding)
        # Elsewhere a heading "Feature flags" may stand above any text: only what looks like a name is one there.
        entries = tuple(e for e in flags.entries if inside or e.cells or e.marked or re.search(r"[_.:-]", e.name))
        if entries:
            found.append(NamedList(flags.title, flags.span, entries, flags.inline))
    return tuple(found)


def flag_tables(catalog: Catalog) -> list[Table]:
    """Return the tables that hold feature flags, going by their names."""
    return tables_for(TABLE, catalog)


def make_flags(
    table: Table, lists: Sequence[NamedList], spec: Spec, catalog: Catalog
) -> tuple[SeedTable | None, tuple[str, ...]]:
    """Return the flags as rows of a table; or ``None`` and the columns whose values nobody gives."""
    maker = _Maker(table, spec, catalog)
    columns = {snake(column.name) for column in table.columns}
    entries: dict[str, Entry] = {}
    for flags in lists:
        if all(snake(entry.name) in columns for entry in flags.entries):
            continue  # it explains the table's columns
        for entry in flags.entries:
            entries.setdefault(entry.name, entry)
    if maker.name is None:
        return None, ()
    rows, lacking = [], set[str]()
    for entry in entries.values():
        row, missing = maker.row(entry)
        rows.append(row)
        lacking |= missing
    if lacking:
        return None, tuple(column.name for column in table.columns if column.name in lacking)
    key = natural_key(table.key, {maker.name.name}, catalog) or (maker.name.name,)
    return (SeedTable(table.key, key, tuple(rows)) if rows else None), ()


class _Maker:
    def __init__(self, table: Table, spec: Spec, catalog: Catalog) -> None:
        self._table, self._spec, self._catalog = table, spec, catalog
        named = {self._short(column): column for column in table.columns if self._base(column) in TEXTS}
        self.name = next((named[name] for name in _KEYS if name in named), None)
        self._primary = {
            name
            for c in catalog.constraints().get(table.key, ())
            if c.kind == ConstraintKind.PRIMARY
            for name in c.columns
        }

    def _base(self, column: Column) -> str:
        found = plain_type(column.type, self._catalog)
        return "" if found.array or column.type.array else found.base

    def _short(self, column: Column) -> str:
        name = snake(column.name)
        return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)

    def row(self, entry: Entry) -> tuple[SeedRow, set[str]]:
        """Return the row of a flag, and the columns that need a value and have none."""
        values: dict[str, Value] = {}
        missing = set()
        for column in self._table.columns:
            if column.generated:
                continue
            value = self._value(column, entry)
            if value is not None:
                values[column.name] = value
            elif column.not_null and column.default is None and not column.identity:
                missing.add(column.name)
        return SeedRow(values, self._spec.source, entry.span), missing

    def _value(self, column: Column, entry: Entry) -> Value:
        name, base = self._short(column), self._base(column)
        assert self.name is not None
        if column.name == self.name.name:
            return entry.name if " " not in entry.name or name in {"name", "flag", "feature"} else snake(entry.name)
        if base == "uuid" and column.name in self._primary:
            return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:feature-flag:{entry.name}"))
        cells = {snake(header): text for header, text in entry.cells.items()}
        cell = next((cells[n] for n in (snake(column.name), name) if cells.get(n)), "")
        if base == "boolean" and name in _SWITCHES:
            said = cell or next((text for header, text in cells.items() if header in _SWITCHES), "") or entry.text
            return _switched(said)
        if name == "description" and base in TEXTS:
            return cell or (_described(entry.text) if not entry.cells else "") or None
        if cell and base in TEXTS:
            return cell
        if cell and base in NUMBERS:
            number = re.search(r"-?\d+(?:\.\d+)?", cell)
            return (int(number[0]) if base in INTEGERS else number[0]) if number else None
        if cell and base == "boolean":
            return _switched(cell)
        if name in _LABELS and base in TEXTS and column.not_null and column.default is None:
            return entry.name
        if name in {"created_at", "updated_at"} and column.not_null and column.default is None:
            return SqlValue("now()")
        return None


def _switched(text: str) -> bool | None:
    match = _ON.match(text.strip().lower())
    return (match[1] or match[2]) in _TRUE if match is not None else None


def _described(text: str) -> str:
    """Return what is said of a flag beside its state: ``(on)`` says nothing else."""
    rest = _ON.sub("", text, count=1) if _ON.match(text.lower()) else text
    return rest.strip().strip("()[]").lstrip(",;:.–—- ").strip()  # noqa: RUF001
