"""``seed test``: compile the specification into test data and the pytest module that runs them.

The rows are found and verified on a scratch database; no database of the user's is needed. What was written is
remembered in ``seeds/test/digests.txt``, so that a file edited by hand is left alone and nothing is done twice.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Diagnostic, ExitCode, Rule, Severity, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from alembic_vibe.compilation import Parsed
    from alembic_vibe.config import Project
    from alembic_vibe.data.edges import TestData
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import Progress

BEHIND = Rule(
    code="AV646",
    slug="test-data-behind-specification",
    severity=Severity.WARNING,
    summary="The test data say something else than the specification.",
    why="Rows at the edges of constraints are compiled from the specification, like the tests that run them.",
    fix="Run `alembic-vibe seed test`.",
    bad="-- a CHECK changed in the specification only\nCHECK (price_cents > 0)",
    good="$ alembic-vibe seed test",
)
EMPTY = Rule(
    code="AV647",
    slug="table-without-test-data",
    severity=Severity.WARNING,
    summary="No row was found that a table accepts, so it has no test data.",
    why="Every test row is stated beside a row that the table is known to accept. Constraints that contradict each "
    "other, or that only a function of yours can satisfy, leave none.",
    fix="Look at the constraint that the message names: if no row satisfies it, mend it.",
    bad="CREATE TABLE slots (id integer PRIMARY KEY, hour integer NOT NULL CHECK (hour > 24 AND hour < 8));",
    good="CREATE TABLE slots (id integer PRIMARY KEY, hour integer NOT NULL CHECK (hour >= 8 AND hour < 24));",
)
RULES = (BEHIND, EMPTY)

_DIGESTS = "digests.txt"
_VERSION = "1"  # of what makes the rows: another one makes others
_SHOWN = 12  # constraints without a row, in the lines for people


@dataclass(frozen=True)
class TestDataResult:
    """What ``seed test`` did, or with ``check`` would do (``FINDINGS``). ``lines`` are for people.

    ``covered`` and ``constraints`` count, by kind, constraints with a row that they refuse, and all; both are empty
    where everything was up to date. ``loaded`` are rows by table, where a database was named.
    """

    __test__ = False  # pytest takes classes of such a name for tests

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    lines: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    covered: dict[str, int] = field(default_factory=dict)
    constraints: dict[str, int] = field(default_factory=dict)
    uncovered: tuple[str, ...] = ()
    loaded: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        return {
            "written": list(self.written),
            "removed": list(self.removed),
            "unchanged": list(self.unchanged),
            "covered": dict(self.covered),
            "constraints": dict(self.constraints),
            "uncovered": list(self.uncovered),
            "loaded": dict(self.loaded),
        }


def _silent(_what: str) -> None:
    """Tell nobody."""


def write_test_data(
    project: Project,
    spec_path: Path,
    *,
    check: bool = False,
    scratch_url: str | None = None,
    database_url: str | None = None,
    progress: Progress = _silent,
) -> TestDataResult:
    """Bring ``seeds/test`` and the constraint tests up to date with the specification.

    Args:
        project: Where the files are.
        spec_path: The specification.
        check: Write nothing; the exit code is FINDINGS if something would be written.
        scratch_url: A server to compile on, instead of the embedded one.
        database_url: A migrated database that the accepted rows are loaded into, in one transaction.
        progress: Called with what is being done.

    Raises:
        SpecError: The spec does not compile.
        ConfigurationError: A file of test data is damaged.
        FindingsError: The database lacks a table.
        EnvironmentFailureError: No PostgreSQL, or a file or the database cannot be written.
    """
    from alembic_vibe import compilation, writing

    progress("reading the specification")
    parsed = compilation.parse(spec_path, project.shown(spec_path))
    source, known = _remembered(project)
    data: TestData | None = None
    if source == _source(parsed) and _are_there(project, known):
        files = {}
    else:
        data = _compile(parsed, scratch_url, progress)
        files = _files(project, data)
    tests = project.tests.relative_to(project.root).as_posix()
    files |= _tests(project, tests)
    found = _sort(project, files, known, gone=data is not None)
    if (found.write or found.stale or source != _source(parsed)) and not check:
        digests = f"{_folder(project)}/{_DIGESTS}"
        remembered = {**{path: known[path] for path in known if data is None}, **found.digests}
        writing.write_all(project.root, {**found.write, digests: _digests(_source(parsed), remembered)})
        for path in found.stale:
            with contextlib.suppress(FileNotFoundError):
                (project.root / path).unlink()
    diagnostics = list(found.diagnostics)
    if data is not None:
        diagnostics += [
            EMPTY.diagnostic(f"{key.qualified} has no test data: {reason}")
            for key, reason in sorted(data.empty.items())
        ]
    behind = sorted([*found.write, *found.stale])
    if check and behind:
        diagnostics.append(BEHIND.diagnostic(f"{', '.join(behind[:3])}{' ...' if len(behind) > 3 else ''}"))
    loaded: dict[str, int] = {}
    if database_url is not None and not check:
        progress("loading the rows")
        loaded = _load(project, database_url)
    return TestDataResult(
        exit_code=ExitCode.FINDINGS if check and behind else ExitCode.DONE,
        diagnostics=tuple(diagnostics),
        lines=tuple(_lines(data, found, loaded, check=check)),
        written=tuple(found.write),
        removed=tuple(found.stale),
        unchanged=tuple(sorted({*found.same, *(known if data is None else ())} - {*found.write})),
        covered=dict(data.coverage.covered) if data is not None else {},
        constraints=dict(data.coverage.total) if data is not None else {},
        uncovered=tuple(data.coverage.missing) if data is not None else (),
        loaded=loaded,
    )


# The rows


def _compile(parsed: Parsed, scratch_url: str | None, progress: Progress) -> TestData:
    """Make the rows on a database of their own, and leave out what turns out otherwise when it is tried as written."""
    from alembic_vibe import compilation
    from alembic_vibe.data.edges import test_rows
    from alembic_vibe.data.edges.checking import keep_right
    from alembic_vibe.postgres.server import scratch_server

    with scratch_server(scratch_url, compilation.extensions_of(parsed)) as server:
        progress("compiling the specification")
        compilation.compile_spec(parsed, server)
        database = _loaded(parsed, server)
        try:
            with server.connect(database) as connection:
                data = test_rows(connection, progress)
                connection.rollback()
                progress("trying all rows as they are written")
                keep_right(connection, data)
                connection.rollback()
        finally:
            server.drop_database(database)
            server.reset_roles()
    return data


def _loaded(parsed: Parsed, server: ScratchServer) -> str:
    """Make a database with the schema of the specification."""
    from alembic_vibe.postgres.loader import load

    database = server.create_database()
    loaded = load(
        parsed.sql.statements,
        server,
        database,
        refused=parsed.sql.refused,
        repeated=parsed.sql.repeated,
        missing_extensions=parsed.sql.missing_extensions,
    )
    if not loaded.ok:
        raise SpecError(loaded.diagnostics)
    return database


def _load(project: Project, url: str) -> dict[str, int]:
    from alembic_vibe.data.edges.files import read_test_data
    from alembic_vibe.data.edges.loading import load_rows
    from alembic_vibe.postgres.connect import open_database

    with open_database(url) as connection:
        return load_rows(connection, read_test_data(project.seeds))


# The files


@dataclass(frozen=True)
class _Sorted:
    """What becomes of the files."""

    write: dict[str, str]
    same: tuple[str, ...]
    stale: tuple[str, ...]
    digests: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]


def _folder(project: Project) -> str:
    from alembic_vibe.data.edges.files import FOLDER

    return f"{project.seeds.relative_to(project.root).as_posix()}/{FOLDER}"


def _files(project: Project, data: TestData) -> dict[str, str]:
    from alembic_vibe.data.edges import render_test_data

    seeds = project.seeds.relative_to(project.root).as_posix()
    return {f"{seeds}/{path}": text for path, text in render_test_data(data).items()}


def _tests(project: Project, folder: str) -> dict[str, str]:
    from alembic_vibe.render.code import quote_docstring
    from alembic_vibe.render.template import render

    text = render("tests/test_constraints.py.mako", project=quote_docstring(project.package))
    return {f"{folder}/test_constraints.py": text}


def _sort(project: Project, files: Mapping[str, str], known: Mapping[str, str], *, gone: bool) -> _Sorted:
    """Tell what is to be written from what is as it should be and what a person has edited.

    Args:
        project: Where the files are.
        files: What they shall say.
        known: What earlier runs wrote.
        gone: Whether files that are known and not among ``files`` are to go.
    """
    from alembic_vibe.artifacts import EDITED
    from alembic_vibe.history.snapshot import digest

    write: dict[str, str] = {}
    same: list[str] = []
    stale: list[str] = []
    edited: list[Diagnostic] = []
    for path, text in sorted(files.items()):
        there = _read(project.root / path)
        if there == text:
            same.append(path)
        elif there is None or known.get(path) == digest(there):
            write[path] = text
        else:
            same.append(path)
            if known.get(path) != digest(text):
                message = f"{path} was edited by hand and is left as it is; the specification asks for other content"
                edited.append(EDITED.diagnostic(message, path=path))
    for path in sorted(known.keys() - files.keys()) if gone else ():
        there = _read(project.root / path)
        if there is not None and known[path] == digest(there):
            stale.append(path)
        elif there is not None:
            message = f"{path} was edited by hand and is left as it is; the specification has no such table"
            edited.append(EDITED.diagnostic(message, path=path))
    digests = {path: digest(text) for path, text in files.items()}
    return _Sorted(write, tuple(same), tuple(stale), digests, tuple(edited))


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError:
        return ""  # it counts as edited


def _source(parsed: Parsed) -> str:
    return f"{parsed.digest()}-{_VERSION}"


def _remembered(project: Project) -> tuple[str, dict[str, str]]:
    """Return the specification that the files were made from, and their digests; nothing where that is not known."""
    text = _read(project.root / _folder(project) / _DIGESTS) or ""
    pairs = [line.split(maxsplit=1) for line in text.splitlines() if not line.startswith("#")]
    found = {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
    source = found.pop("specification", "")
    return source, found


def _digests(source: str, files: Mapping[str, str]) -> str:
    lines = ["# Written by alembic-vibe seed test: tells files that were edited by hand.", f"{source}  specification"]
    return "\n".join([*lines, *(f"{digest}  {path}" for path, digest in sorted(files.items()))]) + "\n"


def _are_there(project: Project, paths: Iterable[str]) -> bool:
    return all((project.root / path).is_file() for path in paths)


def _lines(data: TestData | None, found: _Sorted, loaded: Mapping[str, int], *, check: bool) -> list[str]:
    lines = []
    if data is not None:
        accepted = sum(len(table.accepted) for table in data.tables)
        rejected = sum(len(table.rejected) for table in data.tables)
        total, covered = data.coverage.total, data.coverage.covered
        lines.append(f"{len(data.tables)} tables: {accepted} rows that go in, {rejected} that are refused")
        kinds = ", ".join(f"{kind} {covered[kind]} of {total[kind]}" for kind in total)
        lines.append(f"Constraints that refuse a row: {sum(covered.values())} of {sum(total.values())} ({kinds})")
        lines += [f"  without one: {line}" for line in data.coverage.missing[:_SHOWN]]
        more = len(data.coverage.missing) - _SHOWN
        lines += [f"  and {more} more"] if more > 0 else []
        if data.coverage.dropped:
            lines.append(f"{data.coverage.dropped} rows were left out: tried as written, they turned out otherwise")
    word = "Would write" if check else "Wrote"
    if found.write or found.stale:
        lines.append(f"{word} {len(found.write)} files" + (f", removed {len(found.stale)}" if found.stale else ""))
    else:
        lines.append("The test data are up to date.")
    if loaded:
        filled = sum(1 for count in loaded.values() if count)
        lines.append(f"Loaded {sum(loaded.values())} rows into {filled} tables")
    return lines
