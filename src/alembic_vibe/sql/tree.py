"""Reading libpg_query's JSON trees: small, total functions over plain dicts.

A tree omits what is false, zero or empty. A node in a place of any type is wrapped (``{"ColumnRef": {...}}``); in a
place of one type it is bare, and recognised here by its fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Node = dict[str, Any]


class QualifiedName(NamedTuple):
    """A name as written: ``schema`` is empty where it is not qualified."""

    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


def unwrap(node: Node) -> tuple[str, Node]:
    """Return the type and the body of a wrapped node, ``("", {})`` for anything else."""
    if len(node) == 1:
        ((kind, body),) = node.items()
        if isinstance(body, dict) and kind[:1].isupper():
            return kind, body
    return "", {}


def walk(node: Any) -> Iterator[tuple[str, Node]]:
    """Yield ``(type, body)`` of every node below, in no particular order; bare range variables and types included."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            if len(item) == 1:
                ((kind, body),) = item.items()
                if kind[:1].isupper() and isinstance(body, dict):
                    yield kind, body
                    stack.extend(v for v in body.values() if v.__class__ is dict or v.__class__ is list)
                    continue
            elif "relname" in item:
                yield "RangeVar", item
            elif "typemod" in item and "names" in item:
                yield "TypeName", item
            stack.extend(v for v in item.values() if v.__class__ is dict or v.__class__ is list)


def strings(nodes: Iterable[Node] | None) -> list[str]:
    """Return the texts of a list of String nodes; other nodes are left out."""
    return [node["String"].get("sval", "") for node in nodes if "String" in node] if nodes else []


def name_of(parts: Iterable[Node] | None) -> QualifiedName:
    """Return the name that a list of String nodes spells (``catalog.schema.name`` loses its catalog)."""
    words = strings(parts)
    return QualifiedName(words[-2] if len(words) > 1 else "", words[-1] if words else "")


def relation_name(relation: Node | None) -> QualifiedName:
    """Return the name of a RangeVar body."""
    relation = relation or {}
    return QualifiedName(relation.get("schemaname", ""), relation.get("relname", ""))


def type_name(node: Node | None) -> QualifiedName:
    """Return the name of a TypeName body; ``INT`` is spelled ``int4``, as PostgreSQL does."""
    words = strings((node or {}).get("names"))
    schema = words[-2] if len(words) > 1 else ""
    return QualifiedName("" if schema == "pg_catalog" else schema, words[-1] if words else "")


def column_name(node: Node) -> str:
    """Return the column that a ColumnRef body names, "" for a star."""
    words = strings(node.get("fields"))
    return words[-1] if words else ""


def option(options: Iterable[Node] | None, name: str) -> Node | None:
    """Return the DefElem body of that name among options, if there is one."""
    for item in options or ():
        body: Node = item.get("DefElem", {})
        if body.get("defname") == name:
            return body
    return None


def elements(statement_type: str, node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the columns (``ColumnDef``) and constraints (``Constraint``) that a CREATE or ALTER TABLE writes down."""
    if statement_type in {"CreateStmt", "CreateForeignTableStmt"}:
        body = node.get("base", node) if statement_type == "CreateForeignTableStmt" else node
        for item in body.get("tableElts", ()):
            for kind in ("ColumnDef", "Constraint"):
                if kind in item:
                    yield kind, item[kind]
    elif statement_type == "AlterTableStmt":
        for item in node.get("cmds", ()):
            command = item.get("AlterTableCmd", {})
            if command.get("subtype") in {"AT_AddColumn", "AT_AddConstraint"}:
                kind, element = unwrap(command.get("def", {}))
                if kind in {"ColumnDef", "Constraint"}:
                    yield kind, element


_PLACES = frozenset(
    {"location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end", "stmt_location", "stmt_len"}
    | {"if_not_exists", "replace", "missing_ok"}
)


def without_locations(value: Any) -> Any:
    """Return a copy of a tree without places, so that two spellings of one statement compare equal."""
    if isinstance(value, list):
        return [without_locations(item) for item in value]
    if isinstance(value, dict):
        return {key: without_locations(item) for key, item in value.items() if key not in _PLACES}
    return value
