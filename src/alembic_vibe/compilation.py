"""Read, parse and load: a document → everything that its Section 5 says, as facts with their places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, Rule, Severity, SpecError
from alembic_vibe.plan.authored import authored_catalog
from alembic_vibe.plan.origins import find_origins
from alembic_vibe.plan.planner import Origins, Section
from alembic_vibe.spec.coverage import CoverageEntry, CoverageStatus, StatementRecord, coverage
from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.history.loads import Load
    from alembic_vibe.history.partial import Trial
    from alembic_vibe.postgres.loader import LoadResult
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.seed.model import SeedTable
    from alembic_vibe.source import Span
    from alembic_vibe.spec.model import Spec
    from alembic_vibe.sql.statement import ParsedSql, Statement

HIDDEN = Rule(
    code="AV350",
    slug="hidden-by-built-in",
    severity=Severity.ERROR,
    summary="A type, function or table has the name of one of PostgreSQL's own.",
    why="PostgreSQL looks into pg_catalog first: without its schema the name means the built-in one, in the "
    "specification, in revisions and in the application's queries.",
    fix="Choose another name, or put it into a schema of its own and name that schema everywhere.",
    bad="CREATE TYPE public.uuid AS ENUM ('a', 'b');",
    good="CREATE TYPE ticket_kind AS ENUM ('a', 'b');",
)
RULES = (HIDDEN,)

_FATES = {
    StatementKind.DEFINITION: (CoverageStatus.COMPILED, ""),
    StatementKind.SEED: (CoverageStatus.SEED, "rows for the seeds"),
    StatementKind.EXAMPLE: (CoverageStatus.EXAMPLE, "shown, not executed"),
    StatementKind.PREAMBLE: (CoverageStatus.IGNORED, "clears the way for what the chain makes on an empty database"),
    StatementKind.SESSION: (CoverageStatus.IGNORED, "belongs to a session, not to a schema"),
    StatementKind.UNSUPPORTED: (CoverageStatus.IGNORED, "not supported; see its diagnostic"),
}


@dataclass(frozen=True)
class Parsed:
    """A spec that was read and parsed, and all that was found on the way."""

    spec: Spec
    sql: ParsedSql
    diagnostics: tuple[Diagnostic, ...]
    seeds: Path | None = None  # the project's data files: what libraries gave stays as they have it

    @property
    def has_errors(self) -> bool:
        """Whether the spec cannot be compiled as it is."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def coverage(self) -> tuple[CoverageEntry, ...]:
        """Return what becomes of each line of Section 5."""
        return coverage(self.spec, _records(self.spec, self.sql))

    def digest(self) -> str:
        """Return a digest of what the SQL says, whatever its layout, comments and order, and of the rows asked for."""
        from alembic_vibe.seed.role_lists import roles_asked_for
        from alembic_vibe.seed.standards import asked_for
        from alembic_vibe.sql.grammar import scan

        texts = sorted(
            " ".join(token.text for token in scan(statement.text))
            for statement in self.sql.statements
            if statement.kind in {StatementKind.DEFINITION, StatementKind.SEED}
        )
        asked = "\n".join(filter(None, (asked_for(self.spec), roles_asked_for(self.spec))))
        return hashlib.sha256("\n".join([*texts, asked] if asked else texts).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Compiled:
    """A spec as facts."""

    parsed: Parsed
    loaded: LoadResult
    catalog: Catalog
    origins: Origins
    sections: tuple[Section, ...]
    seeds: tuple[SeedTable, ...]
    diagnostics: tuple[Diagnostic, ...]  # findings that do not stop the run

    @property
    def spec(self) -> Spec:
        """The typed model of Section 5."""
        return self.parsed.spec

    @cached_property
    def authored(self) -> Catalog:
        """The catalog in the author's own words, for code that people read; never for comparing."""
        return authored_catalog(self.catalog, self.origins.expressions)


def parse(path: Path, shown: str, seeds: Path | None = None) -> Parsed:
    """Read and parse a document; ``seeds`` is the folder of the project's data files.

    Raises:
        SpecError: There is no Section 5 to parse.
    """
    from alembic_vibe.spec.reader import read_spec
    from alembic_vibe.sql.parser import parse_spec

    reading = read_spec(path, shown)
    spec = reading.spec or reading.draft
    if spec is None:
        raise SpecError(reading.diagnostics)
    parsed = parse_spec(spec)
    return Parsed(spec, parsed, (*reading.diagnostics, *parsed.diagnostics), seeds)


def extensions_of(parsed: Parsed) -> frozenset[str]:
    """Return the extensions that the spec creates or needs."""
    created = {
        statement.node.get("CreateExtensionStmt", {}).get("extname", "")
        for statement in parsed.sql.statements
        if statement.node_type == "CreateExtensionStmt"
    }
    return frozenset(created - {""}) | {missing.name for missing in parsed.sql.missing_extensions}


def compile_spec(parsed: Parsed, server: ScratchServer, *, fresh: bool = False) -> Compiled:
    """Find out what PostgreSQL makes of the spec: on a database of its own, or from what earlier runs found out.

    Args:
        parsed: The spec.
        server: Where it is executed; a private one is not started for what is known.
        fresh: Whether to execute all of it whatever is known.

    Raises:
        SpecError: The spec does not compile; the diagnostics are its root causes.
    """
    from alembic_vibe.history import loads, partial

    if fresh or parsed.has_errors:
        return _load(parsed, server)
    known = loads.recall(parsed.sql, server)
    if known is not None:
        seeds, about_seeds = _seeds(parsed, known.catalog)
        if not seeds or _seeds_digest(seeds) == known.seeds:
            if known.refused:
                seeds, about_seeds = _seeds(parsed, known.catalog, known.refused)
            return _compiled(parsed, known, seeds, about_seeds)
    known = partial.load_changes(parsed.sql, server, _trial_of_seeds(parsed))
    if known is None:
        return _load(parsed, server)
    seeds, about_seeds = _seeds(parsed, known.catalog)
    known = replace(known, seeds=_seeds_digest(seeds))
    compiled = _compiled(parsed, known, seeds, about_seeds)
    loads.remember(parsed.sql, server, known)
    return compiled


def _trial_of_seeds(parsed: Parsed) -> Trial:
    """Return the trial of the seed rows on a database that holds a part of the schema."""
    from alembic_vibe.history.partial import Trial
    from alembic_vibe.seed.verify import verify_seeds

    return Trial(
        tables=lambda catalog: [table.key for table in _seeds(parsed, catalog)[0]],
        works=lambda connection, catalog: not verify_seeds(connection, _seeds(parsed, catalog)[0]),
    )


def _load(parsed: Parsed, server: ScratchServer) -> Compiled:
    """Execute the spec on a database of its own, read it back, and remember it."""
    from alembic_vibe.history import loads
    from alembic_vibe.postgres.introspect import read_catalog
    from alembic_vibe.postgres.loader import load
    from alembic_vibe.seed.verify import roots, verify_seeds

    database = server.create_database()
    try:
        loaded = load(
            parsed.sql.statements,
            server,
            database,
            refused=parsed.sql.refused,
            repeated=parsed.sql.repeated,
            broken=[broken.name for broken in parsed.sql.broken],
            missing_extensions=parsed.sql.missing_extensions,
        )
        known = _with_consequences(parsed, loaded)
        if parsed.has_errors or not loaded.ok:
            raise SpecError(_in_order((*known, *loaded.diagnostics)))
        with server.connect(database, autocommit=True) as connection:
            introspection = read_catalog(connection)
            tried, about_seeds = _seeds(parsed, introspection.catalog)
            refused: dict[Key, list[str]] = {}
            rejected = verify_seeds(connection, tried, refused)
            seeds, left = tried, roots(refused, introspection.catalog)
            while left:  # without these, others have nothing to refer to, or are taken at last
                found: dict[Key, list[str]] = {}
                seeds, about_seeds = _seeds(parsed, introspection.catalog, left)
                rejected = verify_seeds(connection, seeds, found)
                if not found:
                    break
                left |= roots(found, introspection.catalog)
            refused = left
    finally:
        server.drop_database(database)
        server.reset_roles()  # so that the proof sees the revisions make them
    result = loads.Load(
        catalog=introspection.catalog,
        found=loads.found_objects(introspection.addresses, loaded.origins),
        result=loaded,
        seeds=_seeds_digest(tried),
        refused=refused,
    )
    compiled = _compiled(parsed, result, seeds, [*about_seeds, *rejected], introspection.hidden)
    loads.remember(parsed.sql, server, result)
    return compiled


def _compiled(
    parsed: Parsed,
    load: Load,
    seeds: tuple[SeedTable, ...],
    about_seeds: Iterable[Diagnostic],
    hidden: Iterable[Key] = (),
) -> Compiled:
    """Put together what is known of a spec.

    Raises:
        SpecError: There is an error among the findings.
    """
    statements, loaded = parsed.sql.statements, load.result
    origins = find_origins(statements, load.found, loaded.role_origins, loaded.order, load.catalog)
    sections = tuple(Section(section.number, section.title) for section in parsed.spec.sections)
    behind = [_hidden(key, parsed, origins) for key in hidden]
    known = _with_consequences(parsed, loaded)
    diagnostics = _in_order((*known, *loaded.diagnostics, *about_seeds, *behind))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise SpecError(diagnostics)
    return Compiled(parsed, loaded, load.catalog, origins, sections, seeds, diagnostics)


def _hidden(key: Key, parsed: Parsed, origins: Origins) -> Diagnostic:
    index = origins.first.get(key)
    statement = parsed.sql.statements[index] if index is not None else None
    return HIDDEN.diagnostic(
        f"{key} has the name of something that is PostgreSQL's own, which every mention of it means instead",
        source=statement.source if statement else None,
        span=statement.span if statement else None,
    )


def _seeds(
    parsed: Parsed, catalog: Catalog, refused: Mapping[Key, Sequence[str]] | None = None
) -> tuple[tuple[SeedTable, ...], list[Diagnostic]]:
    """Collect the rows that the spec gives or asks for, but what PostgreSQL has refused of what a library gave."""
    from alembic_vibe.seed.extract import extract_seeds
    from alembic_vibe.seed.roles import add_default_roles
    from alembic_vibe.seed.standards import add_standards, frozen_tables

    extraction = add_default_roles(parsed.spec, extract_seeds(parsed.sql.statements, catalog), catalog)
    extraction = add_standards(parsed.spec, extraction, catalog, frozen_tables(parsed.seeds), refused)
    return extraction.tables, list(extraction.diagnostics)


def _seeds_digest(seeds: Sequence[SeedTable]) -> str:
    """Return a digest of seed rows, wherever they stand in the document; "" for none."""
    rows = [(table.key, table.conflict, [sorted(row.values.items()) for row in table.rows]) for table in seeds]
    return hashlib.sha256(repr(rows).encode(errors="surrogatepass")).hexdigest()[:20] if rows else ""


def _in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (rank[d.severity], d.line, d.column)))


def _with_consequences(parsed: Parsed, loaded: LoadResult) -> list[Diagnostic]:
    """Tell the mistakes that were found without a server what else failed because of them."""
    counts: list[tuple[Span, int]] = [
        (parsed.sql.statements[index].span, count) for index, count in loaded.consequences_of_refused.items()
    ]
    names = loaded.consequences_of_broken
    counts += [(broken.span, names[broken.name]) for broken in parsed.sql.broken if names.get(broken.name)]
    result = []
    for diagnostic in parsed.diagnostics:
        span = diagnostic.span
        more = 0
        if span is not None and diagnostic.severity is Severity.ERROR:
            more = next((n for place, n in counts if place.start <= span.start < max(place.end, place.start + 1)), 0)
        result.append(replace(diagnostic, consequences=diagnostic.consequences + more) if more else diagnostic)
    return result


def _records(spec: Spec, sql: ParsedSql) -> list[StatementRecord]:
    records = []
    for statement in sql.statements:
        status, reason = _FATES[statement.kind]
        if statement.index in sql.repeated:
            status, reason = CoverageStatus.IGNORED, "says again what an earlier statement says"
        first, last = lines_of(spec, statement)
        records.append(StatementRecord(first, last, statement.text, status, reason))
    return records


def lines_of(spec: Spec, statement: Statement) -> tuple[int, int]:
    """Return the first and last line of a statement in the document."""
    first = spec.source.position(statement.span.start).line
    return first, spec.source.position(max(statement.span.start, statement.span.end - 1)).line
