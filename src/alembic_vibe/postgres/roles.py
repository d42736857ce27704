"""Roles of a specification: they belong to the server and outlive the database, so they are handled on their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, Rule, Severity
from alembic_vibe.postgres.anchors import statement_span
from alembic_vibe.postgres.execution import Task, task_for
from alembic_vibe.sql.quoting import quote_identifier, quote_literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql import tree
    from alembic_vibe.sql.statement import Statement

ROLE_EXISTS = Rule(
    code="AV303",
    slug="role-exists-on-scratch-server",
    severity=Severity.WARNING,
    summary="The lent scratch server has a role of that name already; it is taken as it is.",
    why="Roles belong to the whole server: changing or dropping one that others use is not ours to do.",
    fix="Use a scratch server without that role to prove the role's own attributes.",
    bad="CREATE ROLE postgres LOGIN;",
    good="CREATE ROLE app_rw NOLOGIN;",
)
FOREIGN_ROLE = Rule(
    code="AV304",
    slug="role-of-others",
    severity=Severity.ERROR,
    summary="The specification alters a role that it does not create.",
    why="Roles belong to the whole server: changing one that others use is not ours to do.",
    fix="Create the role in the specification, or leave the statement out.",
    bad="ALTER ROLE postgres SET statement_timeout = '5s';",
    good="CREATE ROLE app_rw NOLOGIN;\nALTER ROLE app_rw SET statement_timeout = '5s';",
)

RULES = (ROLE_EXISTS, FOREIGN_ROLE)

_FLAGS = {
    "superuser": "SUPERUSER",
    "createdb": "CREATEDB",
    "createrole": "CREATEROLE",
    "inherit": "INHERIT",
    "canlogin": "LOGIN",
    "isreplication": "REPLICATION",
    "bypassrls": "BYPASSRLS",
}


@dataclass
class RolePlan:
    """The statements to run, with what is sent instead for roles that exist by now."""

    statements: list[Statement] = field(default_factory=list)
    instead: dict[int, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)  # the roles that the run makes
    origins: dict[str, int] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def task(self, statement: Statement) -> Task:
        """The task of a statement."""
        text = self.instead.get(statement.index)
        return Task(statement, text, exact=False) if text is not None else task_for(statement)


def plan(definitions: Sequence[Statement], server: ScratchServer) -> RolePlan:
    """Decide about the statements that make and alter roles.

    A role that an earlier load of the same run has made is altered to what the statement says; one that was on a
    lent server before is left alone.
    """
    result = RolePlan()
    about_roles = {"CreateRoleStmt", "AlterRoleStmt", "AlterRoleSetStmt"}
    if not any(statement.node_type in about_roles for statement in definitions):
        result.statements = list(definitions)
        return result
    existing = server.existing_roles()
    created = {s.node["CreateRoleStmt"].get("role", "") for s in definitions if s.node_type == "CreateRoleStmt"}
    for statement in definitions:
        if statement.node_type == "CreateRoleStmt":
            if not _create(statement, existing, server, result):
                continue
        elif statement.node_type in about_roles:
            role = statement.node[statement.node_type].get("role", {}).get("rolename", "")
            if role not in created and (role in existing and not server.is_own_role(role)):
                result.diagnostics.append(
                    FOREIGN_ROLE.diagnostic(
                        f"Role {role} belongs to the server: only roles that the specification creates may be altered.",
                        source=statement.source,
                        span=statement_span(statement),
                    )
                )
                continue
        result.statements.append(statement)
    return result


def _create(statement: Statement, existing: frozenset[str], server: ScratchServer, result: RolePlan) -> bool:
    """Decide about one CREATE ROLE; returns whether anything is to be run."""
    node = statement.node["CreateRoleStmt"]
    role = node.get("role", "")
    if role in result.origins:  # made twice: the server's error is the right one
        return True
    result.origins[role] = statement.index
    if role in existing and not server.is_own_role(role):
        result.diagnostics.append(
            ROLE_EXISTS.diagnostic(
                f"Role {role} exists on the scratch server already; it is taken as it is.",
                source=statement.source,
                span=statement_span(statement),
            )
        )
        return False
    result.made.add(role)
    if role in existing:
        result.instead[statement.index] = _alter(role, node)
    return True


def _alter(role: str, node: tree.Node) -> str:
    """An ALTER ROLE that makes an existing role what a CREATE ROLE says; its memberships stay."""
    flags = dict.fromkeys(_FLAGS, False) | {
        "inherit": True,
        "canlogin": node.get("stmt_type") == "ROLESTMT_USER",
    }
    limit, valid_until = -1, ""
    for item in node.get("options", ()):
        body = item.get("DefElem", {})
        name, value = body.get("defname", ""), body.get("arg", {})
        if name in flags:
            flags[name] = bool(value.get("Boolean", {}).get("boolval", False))
        elif name == "connectionlimit":
            limit = value.get("Integer", {}).get("ival", 0)
        elif name == "validUntil":
            valid_until = " VALID UNTIL " + quote_literal(value.get("String", {}).get("sval", "infinity"))
    words = [("" if flags[name] else "NO") + keyword for name, keyword in _FLAGS.items()]
    return f"ALTER ROLE {quote_identifier(role)} {' '.join(words)} CONNECTION LIMIT {limit}{valid_until}"
