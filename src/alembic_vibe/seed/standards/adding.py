"""What 5.M.3 asks for, added to the rows that the specification gives itself; and what there is to say about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.seed.extract import Extraction, in_dependency_order
from alembic_vibe.seed.standards import flags, rules
from alembic_vibe.seed.standards.languages import has_babel, language_of
from alembic_vibe.seed.standards.mapping import Mapping, map_table, snake, tables_for
from alembic_vibe.seed.standards.requests import FLAGS, Request, requests
from alembic_vibe.seed.standards.rows import Made, make_rows
from alembic_vibe.seed.standards.subject import subjects
from alembic_vibe.spec.model import SectionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Mapping as AnyMapping
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.seed.model import SeedTable
    from alembic_vibe.seed.standards.subject import Subject
    from alembic_vibe.spec.model import Spec

_SHOWN = 6
_BABEL = "Symbols and names in other languages come with: pip install 'alembic-vibe[names]'."


def add_standards(
    spec: Spec,
    extraction: Extraction,
    catalog: Catalog,
    frozen: AnyMapping[Key, SeedTable] | None = None,
    refused: AnyMapping[Key, Sequence[str]] | None = None,
) -> Extraction:
    """Add the reference data that the seeding strategy asks for by name.

    Args:
        spec: The specification.
        extraction: The seeds so far; rows of INSERTs always stay.
        catalog: The schema that the specification makes.
        frozen: What the project's files have already: they stay as they are.
        refused: Tables of which PostgreSQL has refused what would be added, with its reasons: they get nothing.

    Returns:
        The seeds with the tables that are added, in the order of loading, and a diagnostic at each request.
    """
    wanted = _wanted(spec)
    if not wanted:
        return extraction
    run = _Run(spec, extraction, catalog, frozen or {}, refused or {})
    for request in sorted(wanted, key=lambda found: _rank(found.subject)):
        run.take(request)
    tables = in_dependency_order(list(run.tables.values()), catalog)
    return Extraction(tuple(tables), (*extraction.diagnostics, *run.diagnostics))


def asked_for(spec: Spec) -> str:
    """Return what is asked for as a text that changes with it; "" for nothing."""
    wanted = [f"{request.subject or request.phrase} {request.whole}" for request in _wanted(spec)]
    listed = [
        f"{entry.name} {entry.text} {sorted(entry.cells.items())}"
        for found in (flags.listed_flags(spec) if wanted else ())
        for entry in found.entries
    ]
    return "\n".join([*sorted(wanted), *listed])


def frozen_tables(directory: Path | None) -> dict[Key, SeedTable]:
    """Return the tables whose files were filled from libraries, as they are.

    Raises:
        ConfigurationError: Such a file cannot be read.
    """
    from alembic_vibe.seed.write import read_table, seed_files

    found = {}
    for path in seed_files(directory) if directory is not None else ():
        try:
            table = read_table(path)
        except ConfigurationError:
            if path.suffix == ".csv":
                raise
            continue  # rows of the specification are written again, and nothing is taken from their file
        if table.origin is not None:
            found[table.key] = table
    return found


def _wanted(spec: Spec) -> tuple[Request, ...]:
    """Return what is asked for; a list of flags within the seeding strategy asks for them as well."""
    wanted = requests(spec)
    if any(request.subject == FLAGS for request in wanted) or "flag" not in spec.source.text.lower():
        return wanted
    within = [section.span for section in spec.sections if section.kind is SectionKind.MIGRATION]
    listed = [f for f in flags.listed_flags(spec) if any(span.start <= f.span.start < span.end for span in within)]
    return (*wanted, Request(FLAGS, listed[0].title, False, listed[0].span)) if listed else wanted


def _rank(subject: str) -> int:
    names = [known.name for known in subjects()]
    return names.index(subject) if subject in names else len(names)


class _Run:
    def __init__(
        self,
        spec: Spec,
        extraction: Extraction,
        catalog: Catalog,
        frozen: AnyMapping[Key, SeedTable],
        refused: AnyMapping[Key, Sequence[str]],
    ) -> None:
        self._spec, self._catalog, self._frozen, self._refused = spec, catalog, frozen, refused
        self.tables = {table.key: table for table in extraction.tables}
        self.diagnostics: list[Diagnostic] = []
        self._places: dict[str, list[Key]] = {}
        self._mappings: dict[Key, Mapping] = {}
        for subject in subjects():
            found = tables_for(subject.table, catalog)
            self._places[subject.name] = [table.key for table in found]
            for table in found:
                file = frozen.get(table.key)
                had = tuple(file.origin.columns) if file is not None and file.origin is not None else ()
                self._mappings[table.key] = map_table(subject, table, catalog, self._places, had)

    def take(self, request: Request) -> None:
        subject = next((known for known in subjects() if known.name == request.subject), None)
        if subject is not None:
            self._standard(request, subject)
        elif request.subject == FLAGS:
            self._flags(request)
        else:
            self._others(request)

    def _say(
        self,
        rule: Rule,
        request: Request,
        message: str,
        *,
        help: str | None = None,  # noqa: A002 - as Rule has it
        notes: tuple[str, ...] = (),
    ) -> None:
        self.diagnostics.append(
            rule.diagnostic(message, source=self._spec.source, span=request.span, help=help, notes=notes)
        )

    def _standard(self, request: Request, subject: Subject) -> None:
        keys = self._places[subject.name]
        if not keys:
            message = f"{request.phrase} are asked for, and no table holds them"
            self._say(rules.NO_TABLE, request, message, help=f"Add: {subject.example}")
            return
        working = [key for key in keys if self._mappings[key].works]
        for key in working or keys[:1]:
            self._table(request, self._mappings[key])

    def _table(self, request: Request, mapping: Mapping) -> None:
        key = mapping.table.key
        own = self.tables[key].rows if key in self.tables else ()
        whole = request.whole and mapping.works and mapping.key is not None
        if own and not (whole and all(mapping.key.column.name in row.values for row in own)):  # type: ignore[union-attr]
            message = f"{key.qualified} has the rows that the specification gives: {_count(own, mapping.subject)}"
            more = f"To have the others as well, ask for them: all {mapping.subject.name}."
            self._say(rules.AUTHORS, request, message, help=f"Nothing, if these are all. {more}")
            return
        if not mapping.works:
            self._unfillable(request, mapping)
            return
        if key in self._refused:
            first, *others = self._refused[key]
            message = f"{key.qualified} gets no {mapping.subject.name}, for PostgreSQL refuses {first}"
            self._say(rules.REFUSED, request, message, notes=tuple(dict.fromkeys(others[:_SHOWN])))
            return
        made = make_rows(mapping, own, self._frozen.get(key), self.tables, self._mappings)
        if not made.table.rows:
            lacking = ", ".join(u.column.name for u in mapping.uses if u.parent is not None and u.column.not_null)
            message = f"{key.qualified} gets no {mapping.subject.name}: {lacking} refers to rows that are not there"
            self._say(rules.UNFILLABLE, request, message, help="Ask for the rows that it refers to as well.")
            return
        self.tables[key] = made.table
        if key not in self._frozen or made.added or made.unknown_to_library:  # else it is known already
            self._say(rules.WRITTEN, request, _account(made), help=_advice(made))

    def _unfillable(self, request: Request, mapping: Mapping) -> None:
        table, subject = mapping.table.key.qualified, mapping.subject
        if mapping.key is None:
            message = f"{table} gets no {subject.name}: no column of it holds a code or name that tells them apart"
            self._say(rules.UNFILLABLE, request, message, help=f"Such as: {subject.example}")
            return
        needs = ", ".join(mapping.unknown)
        message = f"{table} gets no {subject.name}: nobody knows {needs}, and there is no default"
        advice = f"Give {needs} a default or let it be NULL, or write the rows as INSERTs."
        if _needs_babel(mapping.unknown):
            advice += f" {_BABEL}"
        self._say(rules.UNFILLABLE, request, message, help=advice)

    def _flags(self, request: Request) -> None:
        tables = flags.flag_tables(self._catalog)
        if any(table.key in self.tables for table in tables):
            return  # the specification gives them itself
        if not tables:
            message = f"{request.phrase} are asked for, and no table holds them"
            self._say(rules.NO_TABLE, request, message, help=f"Add: {flags.EXAMPLE}")
            return
        table = tables[0]
        lists = flags.listed_flags(self._spec)
        made, lacking = flags.make_flags(table, lists, self._spec, self._catalog)
        if made is not None:
            self.tables[table.key] = made
        elif lacking:
            needs = ", ".join(lacking)
            message = f"{table.key.qualified} gets no feature flags: the document does not say {needs} of each"
            self._say(rules.UNFILLABLE, request, message, help=f"Say it in the list, or give {needs} a default.")
        else:
            self._say(rules.NO_FLAGS, request, f"{request.phrase} are asked for, and the document lists none")

    def _others(self, request: Request) -> None:
        """Rows that no standard has: silent where the specification gives them."""
        name = _stem(request.phrase)
        holders = [table for table in self._catalog.of_type(Table) if _same(name, _stem(table.key.name))]
        if any(table.key in self.tables for table in holders):
            return
        message = f"{request.phrase} are asked for; no standard has them, and the specification gives none"
        if holders:
            table = holders[0]
            columns = [c.name for c in table.columns if not c.generated and not c.identity and c.default is None]
            advice = f"Write its rows as INSERTs; they have to give {', '.join(columns)}."
        else:
            advice = "Add a table for them, and its rows: INSERT INTO … (…) VALUES (…);"
        self._say(rules.NOT_A_STANDARD, request, message, help=advice)


def _stem(name: str) -> frozenset[str]:
    text = snake(re.sub(r"\([^()]*\)", " ", name))
    return frozenset(re.sub(r"ies$", "y", word).removesuffix("s") for word in text.split("_") if word)


def _same(asked: frozenset[str], table: frozenset[str]) -> bool:
    return bool(table) and (
        asked == table or (len(asked) > 1 and asked <= table) or (len(table) > 1 and table <= asked)
    )


def _count(rows: Sequence[object], subject: Subject) -> str:
    return f"{len(rows)} {subject.singular if len(rows) == 1 else subject.name}"


def _account(made: Made) -> str:
    mapping, origin = made.mapping, made.table.origin
    assert origin is not None
    parts = [
        f"{mapping.table.key.qualified}: {_count(made.table.rows, mapping.subject)} from {origin.source}"
        + (f", {len(origin.own)} of them the specification's own" if origin.own else "")
    ]
    if made.left_out:
        parts.append(f"left out, for the table cannot hold them: {_some(made.left_out)}")
    nothing = [name for name, count in made.blank.items() if count == len(made.table.rows)]
    if nothing or mapping.empty:
        parts.append(f"left empty: {_some([*nothing, *mapping.empty])}")
    some = [f"{name} of {count}" for name, count in made.blank.items() if name not in nothing and _is_odd(made, name)]
    if some:
        parts.append(f"not known: {_some(some)}")
    if mapping.default:
        parts.append(f"not known, and by default: {_some(mapping.default)}")
    if made.added:
        parts.append(f"new in the file: {_some([f'{name} ({source})' for name, source in made.added.items()])}")
    if made.unknown_to_library:
        parts.append(f"no longer in the library: {_some(made.unknown_to_library)}")
    return "; ".join(parts)


def _is_odd(made: Made, column: str) -> bool:
    """Whether a value that is not there is worth a word: one that refers to another table."""
    return any(
        use.column.name == column and use.fact in made.mapping.subject.parents.values() for use in made.mapping.uses
    )


def _advice(made: Made) -> str:
    return _BABEL if _needs_babel(made.mapping.empty) else rules.WRITTEN.fix


def _needs_babel(columns: Iterable[str]) -> bool:
    names = [snake(name) for name in columns]
    return any(language_of(name) or name.endswith("symbol") for name in names) and not has_babel()


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
