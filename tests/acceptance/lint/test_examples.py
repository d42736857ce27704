"""The examples of every rule, carried out: the bad one does the harm that the rule says, the good one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from alembic_vibe.diagnostics import Severity
from alembic_vibe.lint import rules
from alembic_vibe.lint.engine import run
from alembic_vibe.lint.examples import Breaks, Example, Fails, Leaves, Takes, Told
from alembic_vibe.lint.model import Settings
from alembic_vibe.lint.request import Request, Scope
from alembic_vibe.locks import LockLevel
from tests.acceptance.lint.on_server import HEADER, Database, Measured, revisions

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.server import ScratchServer

ALL = [
    pytest.param(module.RULE.slug, example, id=f"{module.RULE.slug}-{number}")
    for module in rules.modules()
    for number, example in enumerate(getattr(module, "EXAMPLES", ()), 1)
    if not example.environment
]
PROVEN = [case for case in ALL if not isinstance(case.values[1].evidence, Told)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "module", [m for m in rules.modules() if hasattr(m, "EXAMPLES")], ids=lambda module: module.RULE.slug
)
def test_the_rule_shows_its_first_example(module: object) -> None:
    first = module.EXAMPLES[0]  # type: ignore[attr-defined]
    assert module.RULE.bad in {first.bad, first.environment}  # type: ignore[attr-defined]
    assert module.RULE.good  # type: ignore[attr-defined]


@pytest.mark.server
@pytest.mark.parametrize(("slug", "example"), PROVEN)
def test_on_a_server(slug: str, example: Example, server: ScratchServer, database: str) -> None:
    if server.version_num // 10000 < example.since:
        pytest.skip(f"needs PostgreSQL {example.since}")
    other = server.create_database()
    try:
        bad, error = _carry_out(Database(server, database), example, example.bad)
        good, good_error = _carry_out(Database(server, other), example, example.good)
        assert good_error is None, "the good code fails"
        _judge(example, bad, good, error, Database(server, database), Database(server, other))
    finally:
        server.drop_database(other)


def _carry_out(database: Database, example: Example, code: str) -> tuple[Measured, sa.exc.DBAPIError | None]:
    for earlier in revisions(example.before):
        database.run(earlier)
    if isinstance(example.evidence, Breaks):
        assert database.works(example.evidence.statement), "the application's statement fails before the revision"
    measured = Measured()
    try:
        for one in revisions(code):
            if example.runs == "downgrade":
                database.run(one)
            database.run(one, example.runs, measured)
    except sa.exc.DBAPIError as error:
        return measured, error
    return measured, None


def _judge(
    example: Example,
    bad: Measured,
    good: Measured,
    error: sa.exc.DBAPIError | None,
    bad_database: Database,
    good_database: Database,
) -> None:
    match example.evidence:
        case Fails(sqlstate):
            assert error is not None, "the bad code works"
            assert error.orig.sqlstate == sqlstate, error  # type: ignore[union-attr]
            return
        case Leaves(query, after_failure):
            assert after_failure or error is None
            assert bad_database.tells(query), "not so after the bad code"
            assert not good_database.tells(query), "so after the good code as well"
            return
    assert error is None, "the bad code fails"
    match example.evidence:
        case Takes(table, lock, work):
            level = LockLevel[lock.replace(" ", "_")]
            assert bad.does(table, level, work), bad.events
            assert not good.does(table, level, work), good.events
        case Breaks(statement):
            assert not bad_database.works(statement), "it works after the bad code"
            assert good_database.works(statement), "it fails after the good code"


@pytest.mark.parametrize(("slug", "example"), ALL)
def test_the_linter_tells_them_apart(slug: str, example: Example, tmp_path: Path) -> None:
    settings = Settings(pg_version=example.pg_version, severities=_switched_on(slug))
    before = revisions(example.before)
    found = _lint(tmp_path / "bad", before, revisions(example.bad), settings)
    assert slug in {diagnostic.rule for diagnostic in found}
    clean = _lint(tmp_path / "good", before, revisions(example.good), settings)
    assert [d for d in clean if d.rule == slug or d.severity is Severity.ERROR] == []


def _switched_on(slug: str) -> dict[str, Severity | None]:
    module = next(module for module in rules.modules() if slug == module.RULE.slug)
    return {slug: module.RULE.severity} if getattr(module, "OPT_IN", False) else {}


def _lint(folder: Path, before: list[str], judged: list[str], settings: Settings) -> tuple[Diagnostic, ...]:
    folder.mkdir()
    paths = []
    for number, code in enumerate([*before, *judged], 1):
        down = f'"{number - 1:04}"' if number > 1 else "None"
        more = "" if "def downgrade" in code else "\n\ndef downgrade() -> None:\n    raise NotImplementedError\n"
        path = folder / f"{number:04}_revision.py"
        docstring, body = _divided(code)
        path.write_text(docstring + HEADER.format(id=f"{number:04}", down=down) + body + more)
        paths.append(path)
    request = Request(settings, paths=tuple(paths[len(before) :]))
    return run(Scope(folder, (folder,)), request).diagnostics


def _divided(code: str) -> tuple[str, str]:
    """Return the docstring with which the code of a revision may begin, and the rest."""
    if not code.startswith('"""'):
        return "", code
    docstring, _, rest = code[3:].partition('"""')
    return f'"""{docstring}"""\n', rest
