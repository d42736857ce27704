"""AV248: a password, or a digest of one, in a row that the seeds would bring into every database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.outline import in_public
from alembic_vibe.sql.statement import StatementKind
from alembic_vibe.sql.tree import name_of, relation_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV248",
    slug="seed-password",
    severity=Severity.ERROR,
    summary="A seed row brings a password, or a digest of one, into every database.",
    why="Seeds go into production as well. Whoever can read the document could log in there, and a digest is the same "
    "password everywhere.",
    fix="Leave the login out of the specification: create the first user by a command of the application that takes "
    "the password from the environment or makes one for a single use. A value such as '!' locks the login.",
    bad="CREATE TABLE users (email text PRIMARY KEY, password_hash text NOT NULL);\n"
    "INSERT INTO users (email, password_hash) VALUES ('admin@example.com', '$2b$12$KIXQ0b7vXo');",
    good="CREATE TABLE users (email text PRIMARY KEY, password_hash text NOT NULL);\n"
    "INSERT INTO users (email, password_hash) VALUES ('system@example.com', '!');",
)
RULES = (RULE,)

_COLUMN = re.compile(r"(?:^|_)(?:password|passwd|passphrase|passcode|pwd|pass_hash)", re.IGNORECASE)
_ABOUT = re.compile(r"_(?:at|on|changed|expires|expired|expiry|reset|attempts|policy|required|version|algorithm|hint)")
_LOCKED = re.compile(r"|[!*x]+|!.*|disabled|locked|none|invalid|unusable", re.IGNORECASE)
_DIGESTS = frozenset(
    {"crypt", "md5", "sha224", "sha256", "sha384", "sha512", "digest", "hmac", "encode", "convert_to", "concat"}
)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report literals for columns that are named like passwords."""
    for statement in outline.statements:
        if statement.kind is StatementKind.SEED and statement.node_type == "InsertStmt":
            yield from _check(statement, outline)


def _check(statement: Statement, outline: Outline) -> Iterator[Diagnostic]:
    _, node = unwrap(statement.node)
    columns = [item.get("ResTarget", {}).get("name", "") for item in node.get("cols", ())]
    if not columns:
        table = outline.tables.get(in_public(relation_name(node.get("relation"))))
        columns = list(table.columns) if table is not None else []
    secret = [at for at, name in enumerate(columns) if _COLUMN.search(name) and not _ABOUT.search(name)]
    if not secret:
        return
    select = node.get("selectStmt", {}).get("SelectStmt", {})
    rows = [row.get("List", {}).get("items", []) for row in select.get("valuesLists", ())]
    rows = rows or [[target.get("ResTarget", {}).get("val", {}) for target in select.get("targetList", ())]]
    for row in rows:
        for at in secret:
            place = _literal(row[at]) if at < len(row) else None
            if place is not None:
                yield RULE.diagnostic(
                    f"the value of {columns[at]} is a password that everybody who reads the document knows",
                    source=statement.source,
                    span=token_span(statement, place),
                )


def _literal(node: Any) -> int | None:
    """Return where a password stands in an expression: a text that locks nothing, alone or made into a digest."""
    kind, body = unwrap(node)
    if kind == "A_Const":
        text = body.get("sval", {}).get("sval")
        return body.get("location", 0) if text is not None and not _LOCKED.fullmatch(text) else None
    if kind == "TypeCast":
        return _literal(body.get("arg", {}))
    if kind == "A_Expr":
        sides = (_literal(body[side]) for side in ("lexpr", "rexpr") if side in body)
        return next((place for place in sides if place is not None), None)
    if kind == "FuncCall" and name_of(body.get("funcname")).name in _DIGESTS and body.get("args"):
        return _literal(body["args"][0])
    return None
