"""The role to which a specification gives everything: `init` writes it into alembic.ini, for env.py's SET ROLE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Owner:
    """A role that owns all tables; ``made`` where the specification makes it itself.

    Then it is not there when the first revision runs, and nobody can connect as it yet.
    """

    role: str
    made: bool


def read_owner(path: Path) -> Owner | None:
    """Return the one owner of all tables that a specification makes, ``None`` where it names none or several.

    A document that cannot be read says nothing; `generate` tells what is wrong with it.
    """
    from alembic_vibe.compilation import parse
    from alembic_vibe.diagnostics import VibeError

    try:
        statements = parse(path, path.name).sql.statements
    except (VibeError, OSError):
        return None
    nodes = [(statement.node_type, statement.node[statement.node_type]) for statement in statements]
    tables = {_relation(node["relation"]) for kind, node in nodes if kind == "CreateStmt"}
    owners = {role for kind, node in nodes for role in _owners(kind, node)}
    given = (node for kind, node in nodes if kind == "AlterTableStmt" and any(_owners(kind, node)))
    owned = {_relation(node["relation"]) for node in given}
    if not tables or len(owners) != 1 or not tables <= owned:
        return None
    role = owners.pop()
    made = any(kind == "CreateRoleStmt" and node.get("role") == role for kind, node in nodes)
    writable = role.isprintable() and role == role.strip()  # an option of alembic.ini is one line
    return Owner(role, made) if role and writable else None


def _owners(kind: str, node: dict[str, Any]) -> Iterator[str]:
    """Yield the roles that a statement gives something to; "" for whoever is connected."""
    if kind == "AlterOwnerStmt":
        yield node["newowner"].get("rolename", "")
    elif kind == "AlterTableStmt":
        commands = (command["AlterTableCmd"] for command in node.get("cmds", ()))
        yield from (command["newowner"].get("rolename", "") for command in commands if "newowner" in command)


def _relation(node: dict[str, Any]) -> tuple[str, str]:
    return node.get("schemaname", "public"), node.get("relname", "")
