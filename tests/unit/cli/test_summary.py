"""The account of a run."""

from __future__ import annotations

import json

from alembic_vibe.cli.summary import SHOWN, check_lines, generate_lines, plural
from alembic_vibe.diagnostics import Diagnostic
from alembic_vibe.results import (
    CheckResult,
    Counts,
    GenerateOptions,
    GenerateResult,
    Phase,
    RevisionInfo,
)
from alembic_vibe.spec.coverage import CoverageEntry, CoverageStatus

RESULT = GenerateResult(
    counts=Counts(sections=2, tables=3, indexes=1, constraints=7, other=0),
    revisions=(RevisionInfo("0001", "migrations/versions/0001_core.py", "core system tables"),),
    repairs=("moved user_roles after roles",),
    pending=("drop users.name",),
    coverage=(
        CoverageEntry(8, "**Backup Strategy:** daily", CoverageStatus.ADVISORY, "not schema", 8, "5.2"),
        CoverageEntry(12, "CREATE TABLE users", CoverageStatus.COMPILED, "", 15, "5.3"),
    ),
    written=("migrations/versions/0001_core.py", "app/models/core.py"),
    proof=("upgrade head equals the specification",),
)


def test_the_whole_account() -> None:
    assert generate_lines(RESULT, GenerateOptions(), verbose=False) == [
        "Section 5: 3 tables, 1 index, 7 constraints in 2 sections.",
        "",
        "Revisions:",
        "  migrations/versions/0001_core.py  core system tables",
        "",
        "Files:",
        "  app/models/core.py",
        "",
        "Repaired, without changing what it means:",
        "  moved user_roles after roles",
        "",
        "Coverage of Section 5: 1 compiled, 1 advisory (-v lists each).",
        "",
        "Proven on a scratch database:",
        "  upgrade head equals the specification",
        "",
        "Pending, until the old release is gone:",
        "  drop users.name",
        "",
        "Next: alembic upgrade head",
    ]


def test_verbose_lists_every_line_of_section_5_in_order() -> None:
    lines = generate_lines(RESULT, GenerateOptions(), verbose=True)
    place = lines.index("Coverage of Section 5: 1 compiled, 1 advisory.")
    assert lines[place + 1 : place + 3] == [
        "          8  advisory  **Backup Strategy:** daily  (not schema)",
        "      12-15  compiled  CREATE TABLE users",
    ]


def test_a_dry_run_says_that_nothing_was_written() -> None:
    lines = generate_lines(RESULT, GenerateOptions(dry_run=True), verbose=False)
    assert "Revisions that would be written:" in lines
    assert lines[-1].startswith("Nothing was written")


def test_nothing_to_do() -> None:
    empty = GenerateResult()
    assert generate_lines(empty, GenerateOptions(), verbose=False) == [
        "Nothing to do: the project is up to date with the specification."
    ]
    assert generate_lines(empty, GenerateOptions(phase=Phase.PURGE), verbose=False) == [
        "Nothing to do: no purge step is pending."
    ]


def test_long_lists_are_cut_and_say_so() -> None:
    many = GenerateResult(written=tuple(f"app/models/m{i:03}.py" for i in range(40)))
    lines = generate_lines(many, GenerateOptions(), verbose=False)
    assert lines[-1] == f"  … and {40 - SHOWN + 1} more (-v lists them)"
    assert len(generate_lines(many, GenerateOptions(), verbose=True)) > 40


def test_check() -> None:
    assert check_lines(CheckResult(), verbose=False) == ["No mistakes found."]
    assert check_lines(CheckResult(diagnostics=(Diagnostic("AV999", "r", "m"),)), verbose=False) == []


def test_plural() -> None:
    assert [plural(n, "index") for n in (0, 1, 1200)] == ["0 indexes", "1 index", "1,200 indexes"]


def test_json_has_every_key_of_the_contract() -> None:
    data = json.loads(json.dumps(RESULT.as_dict()))
    assert {"revisions", "pending", "repairs", "coverage"} <= set(data)
    assert data["revisions"] == [
        {
            "revision": "0001",
            "path": "migrations/versions/0001_core.py",
            "title": "core system tables",
            "phase": "expand",
        }
    ]
    assert data["coverage"][0]["status"] == "advisory"
