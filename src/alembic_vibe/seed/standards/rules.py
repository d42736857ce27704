"""What there is to say about reference data that are asked for by name."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

_ASKS = "**Reference Data:** Countries, currencies, time zones, feature flags"

NO_TABLE = Rule(
    code="AV612",
    slug="no-table-for-reference-data",
    severity=Severity.INFO,
    summary="The seeding strategy asks for reference data, and no table holds them.",
    why="Rows need a table. It is found by its name, such as countries, currency or ref_time_zones.",
    fix="Add: CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);",
    bad="**Reference Data:** Countries",
    good="**Reference Data:** Countries\n\nCREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);",
)
WRITTEN = Rule(
    code="AV613",
    slug="reference-data-written",
    severity=Severity.INFO,
    summary="Reference data were written for a table; the message says from which source, and what was left out.",
    why="The rows are a file of the project now, which stays as it is, whatever version is installed.",
    fix="Read the file. `alembic-vibe seed refresh` shows what has changed upstream, and takes it.",
    bad="**Reference Data:** Countries",
    good="# source: iso3166 3.0.0\ncode,name\nAD,Andorra",
)
UNFILLABLE = Rule(
    code="AV614",
    slug="reference-column-unknown",
    severity=Severity.WARNING,
    summary="Reference data are asked for, and their table needs a value that nobody can know.",
    why="A column is NOT NULL and has no default, and the standard says nothing about it; or no column holds a code.",
    fix="Give the column a default, or let it be NULL, or write the rows: INSERT INTO countries (…) VALUES (…);",
    bad="CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, tax_rate numeric NOT NULL);",
    good="CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, tax_rate numeric);",
)
REFUSED = Rule(
    code="AV615",
    slug="reference-data-refused",
    severity=Severity.WARNING,
    summary="PostgreSQL does not accept the reference data for a table; none were written.",
    why="A column is too narrow, or a constraint does not hold for all rows of the standard.",
    fix="Widen the column or the constraint, or write the rows that you want: INSERT INTO countries (…) VALUES (…);",
    bad="CREATE TABLE countries (code char(2) PRIMARY KEY, name varchar(20) NOT NULL);",
    good="CREATE TABLE countries (code char(2) PRIMARY KEY, name varchar(80) NOT NULL);",
)
AUTHORS = Rule(
    code="AV616",
    slug="reference-data-by-author",
    severity=Severity.INFO,
    summary="The specification gives rows of a standard itself, and the others are not added.",
    why="Whoever lists some currencies mostly wants these and no others.",
    fix='Nothing, if these are all. To have the others as well, ask for them: "all currencies".',
    bad="**Reference Data:** Currencies\n\nINSERT INTO currencies (code) VALUES ('EUR');",
    good="**Reference Data:** All currencies\n\nINSERT INTO currencies (code) VALUES ('EUR');",
)
NOT_A_STANDARD = Rule(
    code="AV617",
    slug="reference-data-unknown",
    severity=Severity.INFO,
    summary="The seeding strategy asks for rows that no standard has, and the specification does not give them.",
    why="What an application sells or supports is known to its authors only.",
    fix="Write the rows: INSERT INTO product_categories (name) VALUES ('Books');",
    bad="**Reference Data:** Product categories",
    good="**Reference Data:** Product categories\n\nINSERT INTO product_categories (name) VALUES ('Books');",
)
NO_FLAGS = Rule(
    code="AV618",
    slug="feature-flags-not-listed",
    severity=Severity.INFO,
    summary="The seeding strategy asks for feature flags, and the document does not list them.",
    why="Which flags there are is known to the application's authors only; none are made up.",
    fix="List them: **Feature Flags:** `new_checkout` (off), `beta_search` (on); or a list, a table, INSERTs.",
    bad=_ASKS,
    good=_ASKS + "\n**Feature Flags:** `new_checkout` (off), `beta_search` (on)",
)
KEPT = Rule(
    code="AV619",
    slug="reference-file-edited",
    severity=Severity.WARNING,
    summary="A file of reference data was edited by hand, and is not refreshed.",
    why="Which of its differences are somebody's edits and which came upstream cannot be told; nothing is overwritten.",
    fix="Bring the changes that are listed into the file, or delete it and run `alembic-vibe generate`.",
    bad="DE,Germany (edited)",
    good="DE,Germany",
)

RULES = (NO_TABLE, WRITTEN, UNFILLABLE, REFUSED, AUTHORS, NOT_A_STANDARD, NO_FLAGS, KEPT)
