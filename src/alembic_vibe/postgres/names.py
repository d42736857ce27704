"""Names that a statement makes, and names whose absence makes it fail: how the loader finds an order that works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.sql import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.sql.statement import Statement


class Name(NamedTuple):
    """A bare name of some kind: "relation", "type", "function", "column", "schema", "role", "extension", …."""

    kind: str
    name: str


Node = dict[str, Any]


def _last(parts: Any) -> str:
    return tree.name_of(parts).name


def _table(node: Node) -> Iterator[Name]:
    body = node.get("base", node)
    name = tree.relation_name(body.get("relation")).name
    yield Name("relation", name)
    yield Name("type", name)
    for kind, element in tree.elements("CreateStmt", body):
        if kind == "ColumnDef":
            yield Name("column", element.get("colname", ""))
        elif element.get("conname"):
            yield Name("constraint", element["conname"])
            yield Name("relation", element["conname"])  # an index carries the constraint's name


def _alter_table(node: Node) -> Iterator[Name]:
    for kind, element in tree.elements("AlterTableStmt", node):
        if kind == "ColumnDef":
            yield Name("column", element.get("colname", ""))
        elif element.get("conname"):
            yield Name("constraint", element["conname"])
            yield Name("relation", element["conname"])


def _view(node: Node) -> Iterator[Name]:
    name = tree.relation_name(node.get("view")).name
    yield Name("relation", name)
    yield Name("type", name)


def _materialized(node: Node) -> Iterator[Name]:
    name = tree.relation_name(node.get("into", {}).get("rel")).name
    yield Name("relation", name)
    yield Name("type", name)


def _define(node: Node) -> Iterator[Name]:
    kinds = {
        "OBJECT_AGGREGATE": "function",
        "OBJECT_TYPE": "type",
        "OBJECT_OPERATOR": "operator",
        "OBJECT_COLLATION": "collation",
        "OBJECT_TSCONFIGURATION": "text search configuration",
        "OBJECT_TSDICTIONARY": "text search dictionary",
    }
    yield Name(kinds.get(node.get("kind", ""), "object"), _last(node.get("defnames")))


def _schema(node: Node) -> Iterator[Name]:
    yield Name("schema", node.get("schemaname", ""))
    for item in node.get("schemaElts", ()):
        kind, body = tree.unwrap(item)
        yield from _made(kind, body)


def _rename(node: Node) -> Iterator[Name]:
    for kind in ("relation", "column", "type", "function", "schema", "constraint"):
        yield Name(kind, node.get("newname", ""))


_MAKERS: dict[str, Callable[[Node], Iterator[Name]]] = {
    "CreateStmt": _table,
    "CreateForeignTableStmt": _table,
    "AlterTableStmt": _alter_table,
    "ViewStmt": _view,
    "CreateTableAsStmt": _materialized,
    "IndexStmt": lambda n: iter([Name("relation", n.get("idxname", ""))]),
    "CreateSeqStmt": lambda n: iter([Name("relation", tree.relation_name(n.get("sequence")).name)]),
    "CreateEnumStmt": lambda n: iter([Name("type", _last(n.get("typeName")))]),
    "CreateDomainStmt": lambda n: iter([Name("type", _last(n.get("domainname")))]),
    "CompositeTypeStmt": lambda n: iter([Name("type", tree.relation_name(n.get("typevar")).name)]),
    "CreateRangeStmt": lambda n: iter([Name("type", _last(n.get("typeName")))]),
    "DefineStmt": _define,
    "CreateFunctionStmt": lambda n: iter([Name("function", _last(n.get("funcname")))]),
    "CreateSchemaStmt": _schema,
    "CreateExtensionStmt": lambda n: iter([Name("extension", n.get("extname", ""))]),
    "CreateRoleStmt": lambda n: iter([Name("role", n.get("role", ""))]),
    "CreateTrigStmt": lambda n: iter([Name("trigger", n.get("trigname", ""))]),
    "CreatePolicyStmt": lambda n: iter([Name("policy", n.get("policy_name", ""))]),
    "CreateStatsStmt": lambda n: iter([Name("statistics object", _last(n.get("defnames")))]),
    "CreateOpClassStmt": lambda n: iter([Name("operator class", _last(n.get("opclassname")))]),
    "CreateForeignServerStmt": lambda n: iter([Name("server", n.get("servername", ""))]),
    "CreateFdwStmt": lambda n: iter([Name("foreign-data wrapper", n.get("fdwname", ""))]),
    "RenameStmt": _rename,
}


def _made(node_type: str, node: Node) -> Iterator[Name]:
    maker = _MAKERS.get(node_type)
    if maker is not None:
        yield from (name for name in maker(node) if name.name)


def makes(statement: Statement) -> frozenset[Name]:
    """Return the names that a statement makes; empty where its tree is unknown."""
    return frozenset(_made(statement.node_type, statement.node.get(statement.node_type, {})))


# PostgreSQL's messages in English (src/backend/catalog, src/backend/parser): they name what is missing.
_MISSING = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("column", r'^column "(?P<name>[^"]+)"'),
        ("column", r'^column reference "(?P<name>[^"]+)"'),
        ("column", r"^column (?:\S+\.)?(?P<name>\S+) does not exist"),
        ("relation", r'^(?:relation|table|view|sequence|materialized view|index) "(?P<name>.+?)" does not exist'),
        ("relation", r'^missing FROM-clause entry for table "(?P<name>[^"]+)"'),
        ("type", r'^type "(?P<name>.+?)" (?:does not exist|is only a shell)'),
        ("type", r'^type "(?P<name>.+?)\[\]" does not exist'),
        ("operator class", r'^operator class "(?P<name>.+?)" does not exist'),
        ("operator", r"^operator does not exist: .*?(?P<name>[-+*/<>=~!@#%^&|`?]+)"),
        ("function", r"^(?:function|procedure|aggregate|routine) (?P<name>.+?)\("),
        ("function", r'^(?:could not find a function named) "(?P<name>.+?)(?:\(.*)?"'),
        ("schema", r'^schema "(?P<name>.+?)" does not exist'),
        ("role", r'^role "(?P<name>.+?)" does not exist'),
        ("constraint", r'^constraint "(?P<name>.+?)" (?:of|for|does)'),
        ("trigger", r'^trigger "(?P<name>.+?)" (?:of|for|does)'),
        ("policy", r'^policy "(?P<name>.+?)" (?:of|for|does)'),
        ("collation", r'^collation "(?P<name>.+?)"'),
        ("extension", r'^extension "(?P<name>.+?)" (?:does not exist|is not available)'),
        ("server", r'^server "(?P<name>.+?)" does not exist'),
        ("foreign-data wrapper", r'^foreign-data wrapper "(?P<name>.+?)" does not exist'),
        ("statistics object", r'^statistics object "(?P<name>.+?)" does not exist'),
        ("text search configuration", r'^text search configuration "(?P<name>.+?)" does not exist'),
        ("text search dictionary", r'^text search dictionary "(?P<name>.+?)" does not exist'),
        ("object", r'"(?P<name>[^"]+)" does not exist'),
    )
)
MISSING_STATES = frozenset({"42P01", "42703", "42704", "42883", "3F000", "42P02", "0A000", "58P01"})


def missing(sqlstate: str, message: str) -> Name | None:
    """Return what the server says is missing (its bare name), or ``None`` if the error is about something else."""
    if sqlstate not in MISSING_STATES or (sqlstate == "0A000" and "is not available" not in message):
        return None
    for kind, pattern in _MISSING:
        match = pattern.search(message)
        if match:
            name = match["name"]
            bare = name if kind == "operator" else name.rsplit(".", 1)[-1].removesuffix("[]").strip('"')
            return Name(kind, bare)
    return None
