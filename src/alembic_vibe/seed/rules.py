"""What can be wrong with seed rows."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

UNKNOWN_TABLE = Rule(
    code="AV601",
    slug="seed-unknown-table",
    severity=Severity.ERROR,
    summary="An INSERT names a table that the specification does not make.",
    why="The row has no place to go: the seeds would fail on every database.",
    fix="Make the table in the specification, or correct the name.",
    bad="INSERT INTO role (name) VALUES ('admin');",
    good="CREATE TABLE roles (name text PRIMARY KEY);\nINSERT INTO roles (name) VALUES ('admin');",
)
UNKNOWN_COLUMN = Rule(
    code="AV602",
    slug="seed-unknown-column",
    severity=Severity.ERROR,
    summary="An INSERT names a column that its table does not have, or that cannot be written.",
    why="PostgreSQL refuses the row.",
    fix="Correct the column's name; leave generated columns out.",
    bad="CREATE TABLE roles (name text PRIMARY KEY);\nINSERT INTO roles (title) VALUES ('admin');",
    good="CREATE TABLE roles (name text PRIMARY KEY);\nINSERT INTO roles (name) VALUES ('admin');",
)
WRONG_COUNT = Rule(
    code="AV603",
    slug="seed-wrong-count",
    severity=Severity.ERROR,
    summary="A row of an INSERT has more or fewer values than there are columns.",
    why="PostgreSQL refuses the statement; which value belongs to which column cannot be told.",
    fix="Give one value for each column.",
    bad="INSERT INTO roles (name, description) VALUES ('admin');",
    good="INSERT INTO roles (name, description) VALUES ('admin', 'Everything');",
)
NO_KEY = Rule(
    code="AV604",
    slug="seed-without-key",
    severity=Severity.WARNING,
    summary="Nothing tells the rows of an INSERT apart: no ON CONFLICT, no primary key or UNIQUE among its columns.",
    why="A second run finds its rows by all of their values. An edited row would be inserted once more.",
    fix="Add UNIQUE to the column that names the row, or write ON CONFLICT (column) DO NOTHING.",
    bad="CREATE TABLE plans (id serial PRIMARY KEY, name text);\nINSERT INTO plans (name) VALUES ('free');",
    good="CREATE TABLE plans (id serial PRIMARY KEY, name text UNIQUE);\nINSERT INTO plans (name) VALUES ('free');",
)
REJECTED = Rule(
    code="AV605",
    slug="seed-row-rejected",
    severity=Severity.ERROR,
    summary="PostgreSQL does not accept a seed row.",
    why="The seeds would fail on every database.",
    fix="Correct the row, or the constraint that it breaks.",
    bad="CREATE TABLE plans (name text PRIMARY KEY, seats int CHECK (seats > 0));\n"
    "INSERT INTO plans VALUES ('free', 0);",
    good="CREATE TABLE plans (name text PRIMARY KEY, seats int CHECK (seats > 0));\n"
    "INSERT INTO plans VALUES ('free', 1);",
)
NO_ROLES_TABLE = Rule(
    code="AV606",
    slug="no-table-for-roles",
    severity=Severity.INFO,
    summary="The seeding strategy asks for default roles, and no table can hold them.",
    why="Default roles need a name and permissions; a table that has both was not found.",
    fix="Add: CREATE TABLE roles (name varchar(50) PRIMARY KEY, permissions jsonb NOT NULL DEFAULT '[]');",
    bad="**User Roles:** Default administrative and user roles with permissions",
    good="CREATE TABLE roles (name varchar(50) PRIMARY KEY, permissions jsonb NOT NULL DEFAULT '[]');",
)
DEFAULT_ROLES = Rule(
    code="AV607",
    slug="default-roles",
    severity=Severity.INFO,
    summary="Default roles `admin` and `user` were written, because the specification asks for them and lists none.",
    why="Their permissions are a guess that somebody should read.",
    fix="Write the roles that you want: INSERT INTO roles (name, permissions) VALUES ('admin', '[\"*\"]');",
    bad="**User Roles:** Default administrative and user roles with permissions",
    good="INSERT INTO roles (name, permissions) VALUES ('admin', '[\"*\"]'), ('user', '[\"self:read\"]');",
)
NOT_ROWS = Rule(
    code="AV608",
    slug="seed-is-a-query",
    severity=Severity.WARNING,
    summary="An INSERT takes its rows from a query over tables, so they are not known in advance.",
    why="Seed files hold rows; what a query finds depends on the database. The statement was left out.",
    fix="List the rows with VALUES; single values may be subqueries.",
    bad="INSERT INTO grants (role_id) SELECT id FROM roles;",
    good="INSERT INTO grants (role_id) VALUES ((SELECT id FROM roles WHERE name = 'admin'));",
)
REPEATED = Rule(
    code="AV609",
    slug="seed-key-repeated",
    severity=Severity.ERROR,
    summary="Two seed rows have the same key and different values.",
    why="Only one of them can be in the table, and nothing says which.",
    fix="Remove one of the rows.",
    bad="INSERT INTO plans (name, seats) VALUES ('free', 1), ('free', 2);",
    good="INSERT INTO plans (name, seats) VALUES ('free', 1), ('team', 2);",
)

UNREADABLE = Rule(
    code="AV610",
    slug="seed-file-unreadable",
    severity=Severity.ERROR,
    summary="A seed file is not what `generate` writes.",
    why="Its rows cannot be loaded.",
    fix="Correct the file, or write it again with `alembic-vibe generate`.",
    bad='{"schema": "public", "table": "roles", "key": ["name"], "rows": [{"title": "admin"}]}',
    good='{"schema": "public", "table": "roles", "key": ["name"], "rows": [{"name": "admin"}]}',
)
TARGET_MISSING = Rule(
    code="AV611",
    slug="seed-target-missing",
    severity=Severity.ERROR,
    summary="The seeds name a table or column that the database does not have.",
    why="The database is probably behind the specification.",
    fix="Bring the database up to date first: alembic upgrade head.",
    bad="alembic-vibe seed",
    good="alembic upgrade head && alembic-vibe seed",
)

RULES = (
    UNKNOWN_TABLE,
    UNKNOWN_COLUMN,
    WRONG_COUNT,
    NO_KEY,
    REJECTED,
    NO_ROLES_TABLE,
    DEFAULT_ROLES,
    NOT_ROWS,
    REPEATED,
    UNREADABLE,
    TARGET_MISSING,
)
