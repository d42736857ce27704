"""The rules of the read stage: everything that can be wrong with a Section 5 before its SQL is looked at."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

_GOOD = """\
## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.2 Connection and Performance Configuration
- **Query Timeout:** 30 seconds

### 5.3 Core System Tables
```sql
CREATE TABLE users (id bigint PRIMARY KEY);
```
"""


def _with(old: str, new: str) -> str:
    """An example that differs from the good one in one place."""
    return _GOOD.replace(old, new)


FILE_MISSING = Rule(
    "AV101",
    "spec-missing",
    Severity.ERROR,
    "The specification is not where it was looked for.",
    "Without the document there is nothing to compile.",
    "Give the path on the command line, or set `spec` under `[tool.alembic-vibe]` in pyproject.toml.",
    "alembic-vibe check docs/no-such-file.md",
    "alembic-vibe check docs/06-technical-specification.md",
)
UNREADABLE = Rule(
    "AV102",
    "spec-unreadable",
    Severity.ERROR,
    "The specification cannot be read as UTF-8 text.",
    "Every place in a diagnostic is counted in characters; bytes of another encoding would be read as wrong names.",
    "Save the document as UTF-8.",
    "a document saved as Latin-1 or UTF-16",
    "the same document saved as UTF-8",
)
SECTION_MISSING = Rule(
    "AV103",
    "section-missing",
    Severity.ERROR,
    "The document has no Section 5.",
    "The database is compiled from one section, found by its number or its title.",
    "Add a heading `## 5. Database Architecture & Schema Design` above the database sections.",
    "# Shop\n\n## 4. API\n\nSome text.\n",
    _GOOD,
)
SECTION_EMPTY = Rule(
    "AV104",
    "section-empty",
    Severity.ERROR,
    "Section 5 has a heading and nothing below it.",
    "An empty section would compile to an empty database, which is never meant.",
    "Write at least one subsection such as `### 5.3 Core System Tables` with a ```sql fence below it.",
    "## 5. Database Architecture & Schema Design\n\n## 6. Security\n",
    _GOOD,
)
SECTION_WITHOUT_SQL = Rule(
    "AV105",
    "section-without-sql",
    Severity.ERROR,
    "Section 5 has text, but no SQL.",
    "Tables are compiled from the DDL in ```sql fences; prose alone defines none.",
    "Put the CREATE TABLE statements into a fence that starts with ```sql.",
    _GOOD.split("```sql", maxsplit=1)[0],
    _GOOD,
)
SECTION_AMBIGUOUS = Rule(
    "AV106",
    "section-ambiguous",
    Severity.ERROR,
    "Several sections of the document look like Section 5.",
    "Compiling the wrong one would change the wrong database.",
    "Keep one heading that is numbered 5 and names the database; rename the other.",
    _GOOD + "\n" + _GOOD,
    _GOOD,
)
DATABASE_UNSUPPORTED = Rule(
    "AV107",
    "database-unsupported",
    Severity.ERROR,
    "The primary database is not PostgreSQL.",
    "The compiler proves every change on a PostgreSQL server; it knows no other database.",
    "Write `**Primary Database:** PostgreSQL 15+`. Caches and search engines may be named after it.",
    _with("PostgreSQL 15+", "MySQL 8+"),
    _GOOD,
)
DATABASE_TOO_OLD = Rule(
    "AV108",
    "postgresql-too-old",
    Severity.ERROR,
    "The stated PostgreSQL version is older than 15.",
    "What is generated is proven on PostgreSQL 15 and later, and uses what 15 brought.",
    "Write `**Primary Database:** PostgreSQL 15+` if every server runs 15 or later; upgrade the others first.",
    _with("15+", "12+"),
    _GOOD,
)
DATABASE_ASSUMED = Rule(
    "AV109",
    "database-assumed",
    Severity.INFO,
    "The document does not name its primary database.",
    "PostgreSQL is assumed; saying so also fixes the oldest version that has to work.",
    "Add `**Primary Database:** PostgreSQL 15+` to Section 5.1.",
    _with("**Primary Database:** PostgreSQL 15+", "One database."),
    _GOOD,
)
DATABASE_UNDECIDED = Rule(
    "AV110",
    "database-undecided",
    Severity.ERROR,
    "The primary database is still the template's choice.",
    "The choice in brackets lists databases that cannot be compiled, so it has to be made first.",
    "Replace the brackets: `**Primary Database:** PostgreSQL 15+`.",
    _with("PostgreSQL 15+", "[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]"),
    _GOOD,
)
PLACEHOLDER = Rule(
    "AV111",
    "placeholder",
    Severity.WARNING,
    "A blank of the template is not filled in.",
    "A heading or setting that is still a template says nothing about this product.",
    "Write what holds for this product, or delete the line.",
    _with("30 seconds", "[30 seconds / 5 minutes]"),
    _GOOD,
)
FENCE_UNCLOSED = Rule(
    "AV112",
    "fence-unclosed",
    Severity.ERROR,
    "A fence is opened and never closed.",
    "Everything after it would be read as SQL, or not at all.",
    "Add a line with the closing ``` below the last statement.",
    _GOOD.removesuffix("```\n"),
    _GOOD,
)
FENCE_UNLABELLED = Rule(
    "AV113",
    "fence-unlabelled",
    Severity.WARNING,
    "A code block looks like SQL, but is not labelled as SQL.",
    "Only fences labelled `sql` are compiled, so that its tables would be missing.",
    "Start the fence with ```sql; if it is only an example, label it ```text.",
    _GOOD + "\n```\nCREATE TABLE orders (id bigint PRIMARY KEY);\n```\n",
    _GOOD + "\n```sql\nCREATE TABLE orders (id bigint PRIMARY KEY);\n```\n",
)
NUMBER_REPEATED = Rule(
    "AV114",
    "section-number-repeated",
    Severity.WARNING,
    "Two subsections have the same number.",
    "Diagnostics and revisions name sections by number; a repeated one points at two places.",
    "Give each subsection a number of its own.",
    _GOOD + "\n### 5.3 Orders\n\nText.\n",
    _GOOD + "\n### 5.4 Orders\n\nText.\n",
)
SETTING_UNREADABLE = Rule(
    "AV115",
    "setting-unreadable",
    Severity.WARNING,
    "A setting that is compiled has no value that can be read.",
    "Revisions get their statement_timeout from Query Timeout; without a time in it the default is used.",
    "Write a number and a unit, such as `**Query Timeout:** 30 seconds`.",
    _with("30 seconds", "as short as possible"),
    _GOOD,
)
FENCE_OTHER_DIALECT = Rule(
    "AV116",
    "fence-other-dialect",
    Severity.WARNING,
    "A fence is labelled as SQL of another database.",
    "It is left out, because another dialect has other types and another syntax.",
    "Write it for PostgreSQL and label it ```sql; delete it if it only records the past.",
    _GOOD + "\n```mysql\nCREATE TABLE orders (id INT AUTO_INCREMENT PRIMARY KEY);\n```\n",
    _GOOD + "\n```sql\nCREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n```\n",
)

RULES: tuple[Rule, ...] = (
    FILE_MISSING,
    UNREADABLE,
    SECTION_MISSING,
    SECTION_EMPTY,
    SECTION_WITHOUT_SQL,
    SECTION_AMBIGUOUS,
    DATABASE_UNSUPPORTED,
    DATABASE_TOO_OLD,
    DATABASE_ASSUMED,
    DATABASE_UNDECIDED,
    PLACEHOLDER,
    FENCE_UNCLOSED,
    FENCE_UNLABELLED,
    NUMBER_REPEATED,
    SETTING_UNREADABLE,
    FENCE_OTHER_DIALECT,
)
