"""A run that goes on from what an earlier one has left finds what a run from the beginning finds."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.lint import cache, engine, past
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.packing import pack, unpack
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.request import Request, Result, Scope
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.walk import Walker

if TYPE_CHECKING:
    from pathlib import Path

REVISION = '''"""{docstring}"""
from alembic import op
{imports}
revision = "r{number:02d}"
down_revision = {down!r}


def upgrade():
    op.execute("""{up}""")


def downgrade():
    pass  # {comment}
'''

STATEMENTS = """
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN price AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE TABLE "Odd names" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, how mood[] NOT NULL DEFAULT '{}',
    cost price, length interval(3), twice numeric GENERATED ALWAYS AS (cost * 2) STORED, UNIQUE (cost) INCLUDE (how));
CREATE TABLE item (id bigserial PRIMARY KEY, odd bigint REFERENCES "Odd names" ON DELETE CASCADE, name varchar(20),
    CONSTRAINT named CHECK (name <> '') NOT VALID) PARTITION BY RANGE (id);
CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (1) TO (10);
CREATE TABLE item_rest PARTITION OF item DEFAULT;
CREATE UNIQUE INDEX some_of_them ON item (id, lower(name)) WHERE name IS NOT NULL;
CREATE VIEW names AS SELECT name FROM item;
CREATE FUNCTION now_or_so() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()';
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
ALTER TABLE item ADD COLUMN gone text;
ALTER TABLE item DROP COLUMN gone;
CREATE TABLE heir (more text) INHERITS ("Odd names");
"""


def test_a_schema_is_the_same_after_it_was_written_down() -> None:
    schema = Schema()
    for one in read(Emitted(STATEMENTS, START)):
        assert not one.error
        for action in one.actions:
            apply(action, schema, "r1")
    assert len(schema.tables) == 5
    packed = pack(schema.copy())
    back = unpack(json.loads(json.dumps(packed)))
    assert back == schema
    assert pack(back) == packed  # the trees of expressions, which do not count as different, included
    apply(read(Emitted("ALTER TABLE item RENAME TO things", START))[0].actions[0], back, "r2")
    assert back != schema


def test_what_has_no_form_is_told() -> None:
    with pytest.raises(TypeError, match="object is not packed"):
        pack({"a": object()})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(past, "FEWEST", 2)
    root = tmp_path / "project"
    (root / "versions").mkdir(parents=True)
    put(root, 1, "CREATE TABLE one (id bigint PRIMARY KEY, name varchar(20), old int)")
    put(root, 2, "CREATE TABLE two (id bigint PRIMARY KEY, one_id bigint REFERENCES one)")
    put(root, 3, "ALTER TABLE one ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID")
    put(root, 4, "ALTER TABLE one VALIDATE CONSTRAINT named")
    put(root, 5, "ALTER TABLE one ALTER name SET NOT NULL; ALTER TABLE one ALTER name TYPE varchar(40)")
    put(root, 6, "CREATE INDEX ix ON two (one_id)")
    return root


def put(root: Path, number: int, up: str, *, imports: str = "", comment: str = "nothing to do") -> None:
    text = REVISION.format(
        docstring="Some change", number=number, down=f"r{number - 1:02d}" if number > 1 else None, up=up,
        imports=imports, comment=comment,
    )  # fmt: skip
    (root / f"versions/{number:02d}.py").write_text(text)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The revisions that runs have walked through without judging them."""
    seen: list[str] = []
    original = Walker.pass_by

    def pass_by(self: Walker, revision, rendering) -> None:  # type: ignore[no-untyped-def]
        seen.append(revision.id)
        original(self, revision, rendering)

    monkeypatch.setattr(Walker, "pass_by", pass_by)
    return seen


def lint(root: Path, passed: list[str], *files: int, everything: bool = False) -> tuple[Result, list[str]]:
    """Lint with the cache; what it says must be what a run without it says. Also return what was walked through."""
    scope = Scope(root, (root / "versions",), (root,))
    paths = tuple(root / f"versions/{number:02d}.py" for number in files)
    request = Request(all=everything, paths=paths, today=dt.date(2026, 1, 1))
    passed.clear()
    result = cache.run(scope, request)
    through = list(passed)
    fresh = engine.run(scope, request)
    assert [(found.rule, found.line, found.message) for found in result.diagnostics] == [
        (found.rule, found.line, found.message) for found in fresh.diagnostics
    ]
    return result, through


def rules(result: Result) -> set[str]:
    return {found.rule for found in result.diagnostics}


def test_a_run_goes_on_from_where_the_last_one_began(project: Path, passed: list[str]) -> None:
    result, through = lint(project, passed, 5, 6)
    assert through == ["r01", "r02", "r03", "r04"]
    assert "set-not-null" not in rules(result)
    assert "index-not-concurrent" in rules(result)
    put(project, 5, "ALTER TABLE one ALTER name SET NOT NULL; ALTER TABLE one ALTER old SET NOT NULL")
    result, through = lint(project, passed, 5, 6)
    assert through == []
    assert "set-not-null" in rules(result)
    result, through = lint(project, passed, 6)
    assert through == ["r05"]


def test_an_edited_revision_makes_the_state_void(project: Path, passed: list[str]) -> None:
    lint(project, passed, 5, 6)
    put(project, 4, "SELECT 1")
    result, through = lint(project, passed, 5, 6)
    assert through == ["r01", "r02", "r03", "r04"]
    assert "set-not-null" in rules(result)


def test_a_run_that_begins_earlier_walks_through_all(project: Path, passed: list[str]) -> None:
    lint(project, passed, 5, 6)
    assert lint(project, passed, 4)[1] == ["r01", "r02", "r03"]


def test_the_state_before_the_end_is_kept_when_all_are_linted(
    project: Path, passed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past, "BEHIND", 3)
    lint(project, passed, everything=True)
    assert lint(project, passed, 6)[1] == ["r04", "r05"]


def test_a_module_that_a_revision_imports_counts(project: Path, passed: list[str]) -> None:
    (project / "names_of_shop.py").write_text("")
    put(project, 4, "ALTER TABLE one VALIDATE CONSTRAINT named", imports="import names_of_shop")
    lint(project, passed, 5, 6)
    put(project, 6, "SELECT 1")
    assert lint(project, passed, 5, 6)[1] == []
    (project / "names_of_shop.py").write_text("NAME = 1")
    put(project, 6, "SELECT 2")
    assert lint(project, passed, 5, 6)[1] == ["r01", "r02", "r03", "r04"]


def test_what_cannot_be_remembered_is_not_gone_on_from(project: Path, passed: list[str]) -> None:
    put(project, 4, "ALTER TABLE one VALIDATE CONSTRAINT named", imports="import not_installed_here")
    lint(project, passed, 5, 6)
    put(project, 6, "SELECT 1")
    assert lint(project, passed, 5, 6)[1] == ["r01", "r02", "r03", "r04"]


def test_what_sources_tell_is_read_again_after_an_edit(project: Path, passed: list[str]) -> None:
    first, _ = lint(project, passed, everything=True)
    assert "unused-suppression" not in rules(first)
    put(project, 2, "SELECT 1", comment="vibe: ignore[truncate] reason=none")
    assert lint(project, passed, everything=True)[0].diagnostics != first.diagnostics
