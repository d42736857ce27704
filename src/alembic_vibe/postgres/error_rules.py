"""The mistakes that PostgreSQL finds in a specification (AV31x to AV34x), described once each.

The examples of every rule are run in the tests: ``bad`` gives the rule's code, ``good`` compiles.
"""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity


def _rule(code: str, slug: str, summary: str, why: str, fix: str, *, bad: str, good: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, summary, why, fix, bad, good)


UNDEFINED_TABLE = _rule(
    "AV310", "undefined-table",
    "A statement uses a table or view that no statement makes.",
    "PostgreSQL cannot make what refers to a table that does not exist.",
    "Correct the name, or add the CREATE TABLE to the specification.",
    bad="CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE INDEX users_id_idx ON user_accounts (id);",
    good="CREATE TABLE users (id bigint PRIMARY KEY, name text);\nCREATE INDEX users_name_idx ON users (name);",
)  # fmt: skip
UNDEFINED_COLUMN = _rule(
    "AV311", "undefined-column",
    "A statement uses a column that the table does not have.",
    "PostgreSQL checks the columns of indexes, constraints, views and policies when they are made.",
    "Correct the name, or add the column to its table.",
    bad="CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE INDEX users_email_idx ON users (mail);",
    good="CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE INDEX users_email_idx ON users (email);",
)  # fmt: skip
UNDEFINED_TYPE = _rule(
    "AV312", "undefined-type",
    "A column has a type that PostgreSQL does not know and the specification does not make.",
    "Type names of other databases are not understood, and enumerations have names of their own in PostgreSQL.",
    "Use a PostgreSQL type, or add the CREATE TYPE to the specification.",
    bad="CREATE TABLE posts (id bigint PRIMARY KEY, body longtext);",
    good="CREATE TABLE posts (id bigint PRIMARY KEY, body text);",
)  # fmt: skip
UNDEFINED_FUNCTION = _rule(
    "AV313", "undefined-function",
    "A statement calls a function or operator that does not exist for these argument types.",
    "PostgreSQL looks functions up by name and argument types when a default, index, trigger or view is made.",
    "Correct the name or the argument types, or add the CREATE FUNCTION to the specification.",
    bad="CREATE TABLE t (id uuid PRIMARY KEY DEFAULT new_uuid());",
    good="CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());",
)  # fmt: skip
UNDEFINED_OBJECT = _rule(
    "AV314", "undefined-object",
    "A statement uses an operator class, constraint, trigger, collation or the like that does not exist.",
    "PostgreSQL resolves every name when the statement runs.",
    "Correct the name, or add the statement that makes it.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY);\nCOMMENT ON CONSTRAINT t_key ON t IS 'one of each';",
    good="CREATE TABLE t (id bigint PRIMARY KEY);\nCOMMENT ON CONSTRAINT t_pkey ON t IS 'one of each';",
)  # fmt: skip
UNDEFINED_SCHEMA = _rule(
    "AV315", "unknown-schema",
    "A statement uses a schema that no statement makes.",
    "Schemas other than public are not there by themselves.",
    "Add CREATE SCHEMA to the specification, or leave the schema out of the name.",
    bad="CREATE TABLE billing.invoices (id bigint PRIMARY KEY);",
    good="CREATE SCHEMA billing;\nCREATE TABLE billing.invoices (id bigint PRIMARY KEY);",
)  # fmt: skip
UNDEFINED_ROLE = _rule(
    "AV316", "undefined-role",
    "A privilege, policy or owner names a role that no statement makes.",
    "Migrations run on databases where that role may not exist; the specification must say what it is.",
    "Add CREATE ROLE to the specification; give it LOGIN and a password outside of it.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY);\nGRANT SELECT ON t TO app_user;",
    good="CREATE ROLE app_user NOLOGIN;\nCREATE TABLE t (id bigint PRIMARY KEY);\nGRANT SELECT ON t TO app_user;",
)  # fmt: skip
EXTENSION_UNAVAILABLE = _rule(
    "AV317", "extension-unavailable",
    "The specification needs an extension that the scratch server does not have.",
    "Extensions are installed with the server; the embedded one has those of the PostgreSQL distribution.",
    "Use a server that has the extension: --scratch-url postgresql://user@host/postgres.",
    bad="CREATE EXTENSION no_such_extension;",
    good="CREATE EXTENSION citext;",
)  # fmt: skip
DUPLICATE = _rule(
    "AV320", "duplicate-object",
    "The specification makes two things of the same name.",
    "Names are unique in a schema; indexes share theirs with tables, and so do the constraints behind them.",
    "Remove one of the two, or give one another name.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE TABLE t (id uuid PRIMARY KEY);",
    good="CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE TABLE u (id uuid PRIMARY KEY);",
)  # fmt: skip
PREDICATE_NOT_IMMUTABLE = _rule(
    "AV330", "index-predicate-not-immutable",
    "The WHERE of a partial index depends on the time or on a setting.",
    "An index holds the rows that fulfilled its condition when they were written; a condition on the current time "
    "would be wrong a moment later.",
    "Leave the time out of the index: add the column to the index's keys, and compare it in the query.",
    bad="CREATE TABLE s (token text, expires_at timestamptz);\n"
    "CREATE INDEX s_live_idx ON s (token) WHERE expires_at > CURRENT_TIMESTAMP;",
    good="CREATE TABLE s (token text, expires_at timestamptz);\nCREATE INDEX s_live_idx ON s (token, expires_at);",
)  # fmt: skip
INDEX_NOT_IMMUTABLE = _rule(
    "AV331", "index-expression-not-immutable",
    "An index is on an expression that depends on the time or on a setting such as the time zone.",
    "An index keeps the value that an expression had; it must always have the same one.",
    "Make it independent of settings, such as ((created_at AT TIME ZONE 'UTC')::date).",
    bad="CREATE TABLE e (at timestamptz);\nCREATE INDEX e_day_idx ON e (date(at));",
    good="CREATE TABLE e (at timestamptz);\nCREATE INDEX e_day_idx ON e (((at AT TIME ZONE 'UTC')::date));",
)  # fmt: skip
GENERATED_NOT_IMMUTABLE = _rule(
    "AV332", "generated-column-not-immutable",
    "A generated column is computed from something that depends on the time or on a setting.",
    "The value is computed once; it must always be the same for the same row.",
    "Use an immutable form, such as to_tsvector('english', …) with its first argument, or fill it by a trigger.",
    bad="CREATE TABLE d (body text, v tsvector GENERATED ALWAYS AS (to_tsvector(body)) STORED);",
    good="CREATE TABLE d (body text, v tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED);",
)  # fmt: skip
FOREIGN_KEY_TYPES = _rule(
    "AV333", "foreign-key-type-mismatch",
    "A foreign key and the key that it refers to have types that cannot be compared.",
    "Both sides of a foreign key are compared with the operator = for each row.",
    "Give both columns the same type.",
    bad="CREATE TABLE u (id uuid PRIMARY KEY);\nCREATE TABLE p (u_id integer REFERENCES u (id));",
    good="CREATE TABLE u (id uuid PRIMARY KEY);\nCREATE TABLE p (u_id uuid REFERENCES u (id));",
)  # fmt: skip
FOREIGN_KEY_TARGET = _rule(
    "AV334", "foreign-key-target-not-unique",
    "A foreign key refers to columns that no primary key or unique constraint covers.",
    "A row must refer to one row, so the other side must be unique (a partial unique index is not enough).",
    "Refer to the primary key, or add a UNIQUE constraint on those columns.",
    bad="CREATE TABLE u (email text);\nCREATE TABLE p (email text REFERENCES u (email));",
    good="CREATE TABLE u (email text UNIQUE);\nCREATE TABLE p (email text REFERENCES u (email));",
)  # fmt: skip
PARTITION_KEY = _rule(
    "AV335", "partition-key-not-in-constraint",
    "A primary key or unique constraint of a partitioned table lacks the column that it is partitioned by.",
    "Each partition has an index of its own, so uniqueness can only be kept among rows of one partition.",
    "Add the partition column to the key.",
    bad="CREATE TABLE e (id bigint PRIMARY KEY, at timestamptz NOT NULL) PARTITION BY RANGE (at);",
    good="CREATE TABLE e (id bigint, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);",
)  # fmt: skip
NO_OPERATOR_CLASS = _rule(
    "AV336", "no-default-operator-class",
    "An index method does not know how to index this type.",
    "GIN and GiST need an operator class; for texts there is no default one.",
    "Name an operator class: gin_trgm_ops (extension pg_trgm) for LIKE and similarity, or index to_tsvector(…).",
    bad="CREATE TABLE d (name text);\nCREATE INDEX d_name_idx ON d USING gin (name);",
    good="CREATE EXTENSION pg_trgm;\nCREATE TABLE d (name text);\n"
    "CREATE INDEX d_name_idx ON d USING gin (name gin_trgm_ops);",
)  # fmt: skip
NOT_ALLOWED_HERE = _rule(
    "AV337", "expression-not-allowed",
    "A subquery, aggregate or the like stands where PostgreSQL does not allow it.",
    "CHECK, DEFAULT, GENERATED and index expressions see one row only.",
    "Use a foreign key, an exclusion constraint or a trigger for rules between rows.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY, n int CHECK (n < (SELECT 10)));",
    good="CREATE TABLE t (id bigint PRIMARY KEY, n int CHECK (n < 10));",
)  # fmt: skip
WRONG_KIND = _rule(
    "AV338", "wrong-kind-of-object",
    "A statement is used on something of another kind.",
    "Tables, views, sequences and types have statements of their own.",
    "Use the statement for that kind of object.",
    bad="CREATE VIEW v AS SELECT 1 AS a;\nCREATE INDEX v_a_idx ON v (a);",
    good="CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;\nCREATE INDEX v_a_idx ON v (a);",
)  # fmt: skip
CIRCULAR = _rule(
    "AV339", "circular-definitions",
    "Statements need each other, so that none of them can come first.",
    "Only foreign keys can be added afterwards; views and functions with checked bodies cannot.",
    "Break the circle: take one reference out.",
    bad="CREATE VIEW a AS SELECT * FROM b;\nCREATE VIEW b AS SELECT * FROM a;",
    good="CREATE VIEW a AS SELECT 1 AS x;\nCREATE VIEW b AS SELECT * FROM a;",
)  # fmt: skip
SYNTAX = _rule(
    "AV340", "rejected-syntax",
    "The server does not understand the statement.",
    "The statement is not PostgreSQL, or is newer than the server that it ran on.",
    "Write it as PostgreSQL's manual says, or use a newer server to compile.",
    bad="CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETRUN 1; END $$;",
    good="CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;",
)  # fmt: skip
TYPE_MISMATCH = _rule(
    "AV341", "type-mismatch",
    "A default, expression or function result does not fit the type that is wanted.",
    "PostgreSQL converts between types only where nothing can be lost by surprise.",
    "Use a value of the right type, or write a cast.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY, active boolean DEFAULT 1);",
    good="CREATE TABLE t (id bigint PRIMARY KEY, active boolean DEFAULT true);",
)  # fmt: skip
INVALID_VALUE = _rule(
    "AV342", "invalid-value",
    "A constant cannot be read as a value of its type.",
    "Defaults and bounds are read when they are written down.",
    "Correct the value.",
    bad="CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE t (m mood DEFAULT 'glad');",
    good="CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE t (m mood DEFAULT 'ok');",
)  # fmt: skip
INVALID_DEFINITION = _rule(
    "AV343", "invalid-definition",
    "The parts of a definition contradict each other.",
    "PostgreSQL refuses a table, constraint, partition or function whose parts do not fit together.",
    "Change one of the parts that the message names.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY, code text PRIMARY KEY);",
    good="CREATE TABLE t (id bigint PRIMARY KEY, code text UNIQUE);",
)  # fmt: skip
TIMEOUT = _rule(
    "AV344", "statement-too-slow",
    "A statement ran for too long on an empty database.",
    "A definition takes milliseconds; one that does not is computing something.",
    "Take the computation out of the definition (WITH NO DATA for a materialized view).",
    bad="CREATE MATERIALIZED VIEW v AS SELECT 1 AS x FROM pg_sleep(3600);",
    good="CREATE MATERIALIZED VIEW v AS SELECT 1 AS x FROM pg_sleep(3600) WITH NO DATA;",
)  # fmt: skip
OTHER = _rule(
    "AV349", "refused-by-server",
    "PostgreSQL refuses the statement.",
    "The message is the server's own.",
    "See PostgreSQL's manual on the statement.",
    bad="CREATE TABLE t (id bigint PRIMARY KEY) WITH (fillfactor = 5);",
    good="CREATE TABLE t (id bigint PRIMARY KEY) WITH (fillfactor = 50);",
)  # fmt: skip

RULES = (
    UNDEFINED_TABLE, UNDEFINED_COLUMN, UNDEFINED_TYPE, UNDEFINED_FUNCTION, UNDEFINED_OBJECT, UNDEFINED_SCHEMA,
    UNDEFINED_ROLE, EXTENSION_UNAVAILABLE, DUPLICATE, PREDICATE_NOT_IMMUTABLE, INDEX_NOT_IMMUTABLE,
    GENERATED_NOT_IMMUTABLE, FOREIGN_KEY_TYPES, FOREIGN_KEY_TARGET, PARTITION_KEY, NO_OPERATOR_CLASS,
    NOT_ALLOWED_HERE, WRONG_KIND, CIRCULAR, SYNTAX, TYPE_MISMATCH, INVALID_VALUE, INVALID_DEFINITION, TIMEOUT, OTHER,
)  # fmt: skip
