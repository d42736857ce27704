from pathlib import Path

from alembic_vibe.source import Source
from alembic_vibe.spec.coverage import CoverageEntry, CoverageStatus, StatementRecord, coverage
from alembic_vibe.spec.model import Spec
from alembic_vibe.spec.reader import read_spec_text

SEED = Path(__file__).parents[2] / "cases" / "spec" / "seed.md"


def seed() -> Spec:
    text = SEED.read_text().replace("[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]", "PostgreSQL 15+")
    spec = read_spec_text(Source("spec.md", text)).spec
    assert spec is not None
    return spec


def by_line(entries: tuple[CoverageEntry, ...]) -> dict[int, CoverageEntry]:
    return {entry.line: entry for entry in entries}


def test_every_line_of_the_seed_has_an_entry() -> None:
    spec = seed()
    covered = {n for entry in coverage(spec) for n in range(entry.line, entry.last_line + 1)}
    for extent in spec.extents:
        for line in range(spec.source.position(extent.start).line, spec.source.position(extent.end - 1).line + 1):
            text = spec.source.line_text(line).strip()
            if text and not text.startswith(("--", "```")):
                assert line in covered, (line, text)


def test_settings_have_their_fate() -> None:
    entries = by_line(coverage(seed()))
    expected = {
        72: CoverageStatus.CHECKED,
        73: CoverageStatus.IGNORED,
        78: CoverageStatus.ADVISORY,
        79: CoverageStatus.COMPILED,
        302: CoverageStatus.COMPILED,
        306: CoverageStatus.SEED,
        309: CoverageStatus.SEED,
        319: CoverageStatus.ADVISORY,
        320: CoverageStatus.ADVISORY,
    }
    assert {line: entries[line].status for line in expected} == expected
    assert all(entry.reason for entry in entries.values())


def test_statements_are_accounted_for_by_their_records() -> None:
    records = [
        StatementRecord(89, 106, "CREATE TABLE users (...)", CoverageStatus.COMPILED, "table users"),
        StatementRecord(109, 109, "CREATE INDEX idx_users_email ...", CoverageStatus.EXAMPLE, "an example"),
    ]
    entries = by_line(coverage(seed(), records))
    assert (entries[89].status, entries[89].last_line, entries[89].section) == (CoverageStatus.COMPILED, 106, "5.3")
    assert (entries[109].status, entries[109].reason) == (CoverageStatus.EXAMPLE, "an example")
    assert 90 not in entries
    assert (entries[110].status, entries[110].last_line) == (CoverageStatus.IGNORED, 112)


def test_entries_are_in_order_and_as_data() -> None:
    entries = coverage(seed())
    assert [entry.line for entry in entries] == sorted(entry.line for entry in entries)
    assert set(entries[0].as_dict()) == {"line", "last_line", "section", "text", "status", "reason"}


def test_a_timeout_without_a_time_is_not_compiled() -> None:
    text = "## 5. Database Schema\n**Query Timeout:** short\n```sql\nCREATE TABLE a ();\n/* one\ntwo */\n```\n"
    spec = read_spec_text(Source("spec.md", text)).spec
    assert spec is not None
    entries = by_line(coverage(spec))
    assert entries[2].status is CoverageStatus.IGNORED
    assert set(entries) == {1, 2, 4}
