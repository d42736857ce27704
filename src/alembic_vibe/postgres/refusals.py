"""Statements that are never sent to a server, because they reach outside of the database that is being made.

The specification is text from a repository: whoever can change it must not be able to read or write files, start
programs or change a lent server through it. The parser has set most of these kinds aside already; this is the second
lock on the same door.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, Rule, Severity
from alembic_vibe.postgres.anchors import find_in_bodies, find_name, statement_span
from alembic_vibe.sql import tree

if TYPE_CHECKING:
    from alembic_vibe.sql.statement import Statement

REFUSED = Rule(
    code="AV301",
    slug="statement-refused",
    severity=Severity.ERROR,
    summary="The statement reaches outside of the database, and is not executed.",
    why="A schema that reads files, starts programs or changes the server cannot be compiled safely from a document.",
    fix="Leave the statement out of the specification, and run it by hand where it is needed.",
    bad="ALTER SYSTEM SET work_mem = '64MB';",
    good="CREATE ROLE reporting NOLOGIN;\nALTER ROLE reporting SET work_mem = '64MB';",
)
DATABASE_LEVEL = Rule(
    code="AV302",
    slug="database-level-statement",
    severity=Severity.INFO,
    summary="The statement is about a whole database by name; migrations leave it to whoever creates the database.",
    why="The same schema lives in databases of many names: development, test, each customer's.",
    fix="Run it where the databases are created; CONNECT and TEMPORARY are granted to everybody by default.",
    bad="CREATE ROLE app_rw NOLOGIN;\nGRANT CONNECT ON DATABASE shop TO app_rw;",
    good="CREATE ROLE app_rw NOLOGIN;\nGRANT USAGE ON SCHEMA public TO app_rw;",
)

RULES = (REFUSED, DATABASE_LEVEL)

_STATEMENTS = {
    "AlterSystemStmt": "changes the configuration of the whole server",
    "LoadStmt": "loads a library into the server",
    "CreateSubscriptionStmt": "connects to another server",
    "AlterSubscriptionStmt": "connects to another server",
    "CreateTableSpaceStmt": "writes to a directory of the server",
    "DropTableSpaceStmt": "removes a directory of the server",
    "CreatedbStmt": "makes another database",
    "DropdbStmt": "removes a database",
    "AlterDatabaseStmt": "changes a database by name",
    "AlterDatabaseSetStmt": "changes a database by name",
    "DoStmt": "runs code that leaves nothing to compare",
    "CopyStmt": "moves data through files or programs",
    "CreatePLangStmt": "installs a language handler",
    "ImportForeignSchemaStmt": "connects to another server",
    "DropOwnedStmt": "removes what is not named",
    "ReassignOwnedStmt": "changes what is not named",
}
_LANGUAGES = frozenset(
    {"c", "internal", "plpythonu", "plpython3u", "plpython2u", "plperlu", "pltclu", "plsh", "plrustu"}
)
_FUNCTIONS = frozenset(
    {
        "pg_read_file", "pg_read_binary_file", "pg_ls_dir", "pg_stat_file", "pg_ls_logdir", "pg_ls_waldir",
        "pg_ls_tmpdir", "pg_ls_archive_statusdir", "lo_import", "lo_export", "pg_file_write", "pg_file_unlink",
        "pg_file_rename", "dblink", "dblink_exec", "dblink_connect", "dblink_connect_u", "dblink_send_query",
        "pg_reload_conf", "pg_terminate_backend", "pg_cancel_backend", "pg_rotate_logfile", "pg_promote",
        "pg_execute_server_program",
    }
)  # fmt: skip
_IN_BODY = re.compile(
    r"\bCOPY\b[^;]*\b(?:PROGRAM|FROM\s+'|TO\s+')|\bALTER\s+SYSTEM\b|\b(?P<function>"
    + "|".join(sorted(_FUNCTIONS, key=len, reverse=True))
    + r")\s*\(",
    re.IGNORECASE,
)
# Whether it is worth looking at the tree; U&"…" can spell any name.
_SUSPECT = re.compile("|".join(sorted(_FUNCTIONS)) + "|u&", re.IGNORECASE)


def refuse(statement: Statement) -> Diagnostic | None:
    """Return why a definition is not executed: an error, or an information where it is only left to others."""
    node = statement.node.get(statement.node_type, {})
    if statement.node_type == "GrantStmt" and node.get("objtype") == "OBJECT_DATABASE":
        return DATABASE_LEVEL.diagnostic(
            "Privileges on a database are not part of the schema; this statement was left out.",
            source=statement.source,
            span=statement_span(statement),
        )
    if statement.node_type in _STATEMENTS:
        return _refused(statement, f"This statement {_STATEMENTS[statement.node_type]}; it is not executed.")
    if statement.node_type == "CreateFunctionStmt":
        language = tree.option(node.get("options"), "language")
        name = ((language or {}).get("arg", {}).get("String", {}).get("sval", "")).lower()
        if name in _LANGUAGES:
            return _refused(
                statement,
                f"A function in language {name} runs outside of PostgreSQL's protection; it is not executed.",
                name,
                "Write it in SQL or PL/pgSQL, or create it outside of the specification.",
            )
    if _SUSPECT.search(statement.text):
        for _, call in (pair for pair in tree.walk(statement.node) if pair[0] == "FuncCall"):
            function = tree.name_of(call.get("funcname")).name
            if function in _FUNCTIONS:
                message = f"{function}() reaches outside of the database; it is not executed."
                return _refused(statement, message, function)
    if statement.node_type == "CreateFunctionStmt":
        match = _IN_BODY.search(statement.text)
        if match:
            word = match["function"] or match.group().split(None, 1)[0]
            return _refused(statement, f"The function reaches outside of the database ({word}).", word)
    return None


def _refused(statement: Statement, message: str, word: str = "", help_text: str | None = None) -> Diagnostic:
    span = (find_name(statement, word) or find_in_bodies(statement, word)) if word else None
    return REFUSED.diagnostic(message, source=statement.source, span=span or statement_span(statement), help=help_text)
