"""AV220 to AV223: statements that have no place in a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.created import PUBLIC
from alembic_vibe.sql.locate import head_span
from alembic_vibe.sql.statement import StatementKind
from alembic_vibe.sql.tree import QualifiedName, name_of, strings, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement
    from alembic_vibe.sql.tree import Node

NOT_COMPILED = Rule(
    code="AV220",
    slug="unsupported-statement",
    severity=Severity.WARNING,
    summary="The statement is not a part of a schema and is left out.",
    why="A specification says what exists. Maintenance, data transfer and server settings are actions, not state.",
    fix="move it to the operating instructions, or to a fence of another language",
    bad="VACUUM ANALYZE;",
    good="CREATE TABLE teams (id bigint PRIMARY KEY);",
)
DROP_OF_OWN = Rule(
    code="AV221",
    slug="drop-in-specification",
    severity=Severity.ERROR,
    summary="The specification drops something.",
    why="A specification says what exists in the end; what it does not name any more is dropped by the plan.",
    fix="delete the DROP, and with it the definition if the object is not wanted",
    bad="CREATE TABLE teams (id bigint PRIMARY KEY);\nDROP TABLE teams;",
    good="DROP TABLE IF EXISTS teams;\nCREATE TABLE teams (id bigint PRIMARY KEY);",
)
TABLE_FROM_QUERY = Rule(
    code="AV222",
    slug="table-from-query",
    severity=Severity.ERROR,
    summary="A table is made from the result of a query.",
    why="Its columns would depend on data and types elsewhere, and its rows would be copied at each build.",
    fix="write CREATE TABLE with its columns, or CREATE MATERIALIZED VIEW for a stored result",
    bad="CREATE TABLE totals AS SELECT 1 AS amount;",
    good="CREATE MATERIALIZED VIEW totals AS SELECT 1 AS amount;",
)
SEARCH_PATH = Rule(
    code="AV223",
    slug="search-path-in-specification",
    severity=Severity.WARNING,
    summary="SET search_path has no effect on the specification.",
    why="Names without a schema belong to `public`, in whatever order the statements are run.",
    fix="qualify the names instead: `billing.invoices`",
    bad="SET search_path TO billing;",
    good="CREATE SCHEMA billing;\nCREATE TABLE billing.invoices (id bigint PRIMARY KEY);",
)
RULES = (NOT_COMPILED, DROP_OF_OWN, TABLE_FROM_QUERY, SEARCH_PATH)

_DO_HELP = (
    "write what the block does as plain statements (`CREATE TYPE …`, `CREATE ROLE …`): whether something exists "
    "already is found out when the change is planned"
)
_HELP = {
    "DoStmt": ("a DO block is not run: what it makes cannot be known", _DO_HELP, Severity.ERROR),
    "CopyStmt": ("COPY is not run", "write reference rows as INSERT … VALUES; they become seeds", None),
    "TruncateStmt": ("TRUNCATE is not run", "delete it: a specification describes no data", None),
    "CreatedbStmt": ("CREATE DATABASE is not run", "delete it: the database is chosen by DATABASE_URL", None),
    "RefreshMatViewStmt": ("REFRESH MATERIALIZED VIEW is not run", "schedule it in the application", None),
    "AlterSystemStmt": ("ALTER SYSTEM is not run", "set it in the server's configuration", None),
    "AlterDatabaseSetStmt": ("ALTER DATABASE is not run", "set it in the server's configuration", None),
    "AlterDatabaseStmt": ("ALTER DATABASE is not run", "set it in the server's configuration", None),
    "ImportForeignSchemaStmt": (
        "IMPORT FOREIGN SCHEMA is not run: it reads another server",
        "write CREATE FOREIGN TABLE for each table that is used",
        Severity.ERROR,
    ),
}

_DROPPED = {
    "OBJECT_TABLE": Kind.TABLE, "OBJECT_VIEW": Kind.VIEW, "OBJECT_MATVIEW": Kind.MATERIALIZED_VIEW,
    "OBJECT_INDEX": Kind.INDEX, "OBJECT_SEQUENCE": Kind.SEQUENCE, "OBJECT_SCHEMA": Kind.SCHEMA,
    "OBJECT_EXTENSION": Kind.EXTENSION, "OBJECT_FUNCTION": Kind.FUNCTION, "OBJECT_TYPE": Kind.ENUM,
}  # fmt: skip


def check(statement: Statement, outline: Outline) -> Iterator[Diagnostic]:
    """Report statements that are not executed and are no examples either."""
    kind, node = unwrap(statement.node)
    source, span = statement.source, head_span(statement)
    if kind == "VariableSetStmt" and node.get("name") == "search_path":
        yield SEARCH_PATH.diagnostic("SET search_path has no effect here", source=source, span=span)
    if statement.kind is not StatementKind.UNSUPPORTED:
        return
    if kind in {"CreateTableAsStmt", "SelectStmt"}:
        what = "SELECT INTO" if kind == "SelectStmt" else "CREATE TABLE AS"
        yield TABLE_FROM_QUERY.diagnostic(f"{what} makes a table from a query", source=source, span=span)
    elif kind.startswith("Drop"):
        yield from _drop(statement, node, outline)
    else:
        verb = " ".join(statement.text.split(None, 2)[:2]).rstrip(";").upper()
        message, help_, severity = _HELP.get(kind, (f"{verb} is not run", None, None))
        yield NOT_COMPILED.diagnostic(message, source=source, span=span, help=help_, severity=severity)


def _drop(statement: Statement, node: Node, outline: Outline) -> Iterator[Diagnostic]:
    names = [name for item in node.get("objects", ()) if (name := _dropped(item)).name]
    kind = _DROPPED.get(node.get("removeType", ""))
    for name in names:
        schema = "" if kind in {Kind.SCHEMA, Kind.EXTENSION} else name.schema or PUBLIC
        made = outline.made.get(Key(kind, schema, name.name)) if kind else None
        if made:
            line = statement.source.position(made[0].span.start).line
            yield DROP_OF_OWN.diagnostic(
                f"this drops {name}, which the specification makes on line {line}",
                source=statement.source,
                span=head_span(statement),
            )
            return
    yield DROP_OF_OWN.diagnostic(
        "a specification says what exists; it drops nothing",
        source=statement.source,
        span=head_span(statement),
        severity=Severity.WARNING,
    )


def _dropped(item: Node) -> QualifiedName:
    kind, body = unwrap(item)
    if kind == "List":
        return name_of(body.get("items"))
    if kind == "TypeName":
        return name_of(body.get("names"))
    if kind == "ObjectWithArgs":
        return name_of(body.get("objname"))
    return QualifiedName("", next(iter(strings([item])), ""))
