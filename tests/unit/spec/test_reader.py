import time
from pathlib import Path

import pytest

from alembic_vibe.diagnostics import Severity
from alembic_vibe.source import Source
from alembic_vibe.spec.model import SectionKind
from alembic_vibe.spec.reader import SpecReading, read_spec, read_spec_text
from alembic_vibe.spec.rules import RULES

SEED = Path(__file__).parents[2] / "cases" / "spec" / "seed.md"
HEAD = "## 5. Database Architecture & Schema Design\n**Primary Database:** PostgreSQL 15+\n"
SQL = "```sql\nCREATE TABLE a (id int);\n```\n"


def read(text: str) -> SpecReading:
    return read_spec_text(Source("spec.md", text))


def codes(reading: SpecReading) -> list[str]:
    return [d.code for d in reading.diagnostics]


def test_missing_file(tmp_path: Path) -> None:
    reading = read_spec(tmp_path / "none.md", "docs/none.md")
    assert reading.spec is None
    assert codes(reading) == ["AV101"]
    assert reading.diagnostics[0].shown_path == "docs/none.md"
    assert "docs/none.md" in reading.diagnostics[0].message


def test_directory(tmp_path: Path) -> None:
    reading = read_spec(tmp_path)
    assert codes(reading) == ["AV102"]
    assert "directory" in reading.diagnostics[0].message


def test_bytes_that_are_not_utf8_are_placed(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(HEAD.encode() + "Gäste".encode("latin-1"))
    (diagnostic,) = read_spec(path).diagnostics
    assert (diagnostic.code, diagnostic.line, diagnostic.column) == ("AV102", 3, 2)
    assert "0xe4" in diagnostic.message


def test_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wide.md"
    path.write_bytes(HEAD.encode("utf-16"))
    (diagnostic,) = read_spec(path).diagnostics
    assert "UTF-16" in diagnostic.message


@pytest.mark.parametrize("rule", RULES[2:], ids=lambda rule: rule.slug)
def test_examples_of_rules(rule: object) -> None:
    from alembic_vibe.diagnostics import Rule

    assert isinstance(rule, Rule)
    found = [d for d in read(rule.bad).diagnostics if d.code == rule.code]
    assert [(d.rule, d.severity) for d in found] == [(rule.slug, rule.severity)]
    assert read(rule.good).diagnostics == ()


def test_rules_are_complete_and_unique() -> None:
    assert [rule.code for rule in RULES] == [f"AV{101 + i}" for i in range(len(RULES))]
    assert len({rule.slug for rule in RULES}) == len(RULES)
    assert all(rule.summary and rule.why and rule.fix and rule.bad and rule.good for rule in RULES)


@pytest.mark.parametrize(
    ("value", "code", "version"),
    [
        ("PostgreSQL 15+", None, 15),
        ("PostgreSQL 15+ with Redis cache", None, 15),
        ("**PostgreSQL 16.2**", None, 16),
        ("PostgreSQL (version 17) on RDS", None, 17),
        ("Postgres >= 15", None, 15),
        ("Amazon Aurora PostgreSQL, v16", None, 16),
        ("PostgreSQL with 3 read replicas", None, None),
        ("Supabase", None, None),
        ("[PostgreSQL 15+]", None, 15),
        ("PostgreSQL 14", "AV108", None),
        ("PostgreSQL 9.6", "AV108", None),
        ("MySQL 8+", "AV107", None),
        ("MongoDB 6+ and PostgreSQL for reports", "AV107", None),
        ("a relational database", "AV107", None),
        ("[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]", "AV110", None),
        ("{database}", "AV110", None),
        ("TBD", "AV110", None),
    ],
)
def test_primary_database(value: str, code: str | None, version: int | None) -> None:
    text = f"# 5. Database Schema\n## 5.1 Overview\n- **Primary Database:** {value}\n## 5.3 Core\n{SQL}"
    reading = read(text)
    assert codes(reading) == ([code] if code else [])
    if code is None:
        assert reading.spec is not None
        assert reading.spec.overview.minimum_version == version
    else:
        assert reading.spec is None
        assert reading.diagnostics[0].line == 3
        assert reading.diagnostics[0].column == text.split("\n")[2].index(value) + 1


def test_placeholder_in_primary_database_is_reported_once() -> None:
    reading = read(SEED.read_text())
    assert [d.line for d in reading.diagnostics if d.severity is Severity.ERROR] == [72]


def test_sql_can_be_looked_at_before_the_database_is_chosen() -> None:
    reading = read(SEED.read_text())
    assert reading.has_errors
    assert reading.spec is None
    assert reading.draft is not None
    assert len(reading.draft.blocks) == 2
    reading = read(HEAD.replace("PostgreSQL 15+", "MySQL") + SQL)
    assert (reading.spec, reading.draft) == (None, None)
    reading = read(HEAD + SQL)
    assert reading.spec is reading.draft is not None


def test_seed_document_with_its_database_chosen() -> None:
    reading = read(SEED.read_text().replace("[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]", "PostgreSQL 15+"))
    spec = reading.spec
    assert spec is not None
    assert {d.code for d in reading.diagnostics} == {"AV111"}
    lines = [(spec.source.position(e.start).line, spec.source.position(e.end - 1).line) for e in spec.extents]
    assert lines == [(69, 154), (163, 219), (226, 283), (290, 309), (316, 341)]
    assert [(s.number, s.slug, s.kind) for s in spec.sections] == [
        ("5.1", "architecture_overview", SectionKind.OVERVIEW),
        ("5.2", "connection_performance_configuration", SectionKind.CONFIGURATION),
        ("5.3", "core_system", SectionKind.FEATURE),
        ("5.X", "section_5_x", SectionKind.FEATURE),
        ("5.P", "performance_optimization", SectionKind.PERFORMANCE),
        ("5.M", "migration_versioning", SectionKind.MIGRATION),
        ("5.S", "security_compliance", SectionKind.SECURITY),
    ]
    assert [(b.section, b.heading, spec.source.position(b.span.start).line) for b in spec.blocks] == [
        ("5.3", "Users and Authentication", 88),
        ("5.X", "Primary Tables", 170),
    ]
    assert spec.blocks[0].text.startswith("-- Users table")
    assert spec.blocks[0].text.endswith("user_roles(role_id);\n")
    assert spec.configuration.statement_timeout_ms == 30_000
    assert spec.configuration.max_connections == 100
    labels = {label.name: label for label in spec.section("5.P").labels}
    assert len(labels["Composite Indexes"].items) == 3
    assert labels["Specialized Indexes"].value == ""
    assert len(spec.section("5.M").labels) == 13
    with pytest.raises(KeyError):
        spec.section("5.9")


@pytest.mark.parametrize(
    "heading",
    [
        "## 5. Database Architecture & Schema Design",
        "# Section 5: Database Architecture & Schema Design",
        "### Database Architecture & Schema",
        "###### 5) Database schema",
        "## **5. Database Architecture**",
        "## 5\\. Database Schema",
        "## 🗄️ 5. Database Schema ##",
        "Section 5: Database Schema\n---",
        "## [5. Database Schema](#db)",
        "## 5 Database Schema {#database}",
        "## § 5 Data model",
        "## 5. Our tables",
        "## Chapter 5 \u2013 Storage",
    ],
)
def test_headings_of_section_5(heading: str) -> None:
    text = f"# Intro\n\n## 4. API\n\n{heading}\n\n**Primary Database:** PostgreSQL 15+\n\n{SQL}"
    reading = read(text)
    assert codes(reading) == []
    assert reading.spec is not None
    assert len(reading.spec.blocks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no heading at all",
        "# Title\n\n## 5. Rollout\n\ntext\n",
        "- ## 5. Database Schema\n",
        "## 15. Database of users\n",
    ],
)
def test_no_section_5(text: str) -> None:
    reading = read(text)
    assert codes(reading) == ["AV103"]
    assert reading.diagnostics[0].help


def test_missing_section_names_the_nearest_heading() -> None:
    (diagnostic,) = read("# Shop\n\n## 3. Data model\n\ntext\n\n## 4. API\n").diagnostics
    assert "3. Data model" in diagnostic.message
    assert diagnostic.line == 3
    assert diagnostic.notes == ("line 3: ## 3. Data model",)


def test_second_section_without_sql_is_a_warning() -> None:
    reading = read(f"{HEAD}{SQL}\n## 5. Database Schema\n\nSee above.\n")
    assert [(d.code, d.severity, d.line) for d in reading.diagnostics] == [("AV106", Severity.WARNING, 7)]
    assert reading.spec is not None
    assert len(reading.spec.blocks) == 1


def test_unclosed_wrapper_is_a_warning() -> None:
    reading = read(f"```markdown\n{HEAD}{SQL}")
    assert [(d.code, d.severity, d.line) for d in reading.diagnostics] == [("AV112", Severity.WARNING, 1)]
    assert reading.spec is not None


def test_unclosed_wrapper_does_not_hide_that_there_is_no_sql() -> None:
    reading = read(f"```markdown\n{HEAD}")
    assert codes(reading) == ["AV112", "AV105"]


def test_repeated_number_keeps_sections_apart() -> None:
    reading = read(f"{HEAD}### 5.3 A\n{SQL}### 5.3 B\n{SQL}### 5.3 C\n{SQL}")
    assert codes(reading) == ["AV114", "AV114"]
    assert reading.spec is not None
    assert [b.section for b in reading.spec.blocks] == ["5.3", "5.3-2", "5.3-3"]


def test_unclosed_fence_does_not_hide_the_next_one() -> None:
    reading = read(f"{HEAD}```sql\nCREATE TABLE a ();\n\n```sql\nCREATE TABLE b ();\n```\n### 5.4 {{Name}}\n")
    assert [(d.code, d.line) for d in reading.diagnostics] == [("AV112", 3), ("AV111", 9)]


def test_sql_in_every_kind_of_section_counts() -> None:
    sections = ["5.1 Overview", "5.2 Configuration", "5.3 Users", "5.P Performance", "5.M Migration", "5.S Security"]
    reading = read(HEAD + SQL + "".join(f"### {name}\n{SQL}" for name in sections))
    assert reading.spec is not None
    assert [b.section for b in reading.spec.blocks] == ["5", "5.1", "5.2", "5.3", "5.P", "5.M", "5.S"]
    assert reading.spec.sections[-1].kind is SectionKind.SECURITY


def test_a_large_document_is_read_in_linear_time() -> None:
    def seconds(tables: int) -> float:
        columns = "".join(f"    column_{i} varchar(255) NOT NULL DEFAULT 'value {i}',\n" for i in range(30))
        sections = (
            f"\n### 5.{i + 3} Feature {i}\n\n**Context:** text\n\n- item\n\n"
            f"```sql\nCREATE TABLE t{i} (\n{columns});\n```\n"
            for i in range(tables)
        )
        text = HEAD + "".join(sections)
        start = time.process_time()
        spec = read(text).spec
        taken = time.process_time() - start
        assert spec is not None
        assert len(spec.blocks) == tables
        return taken

    seconds(10)
    small, large = min(seconds(100) for _ in range(3)), seconds(1000)
    assert large < 30 * small
    assert large < 10
