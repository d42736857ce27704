"""What a statement makes and what it refers to, from its tree alone.

Names without a schema are taken to be in ``public``: a spec does not set a search path. What only the server can know
(implicit names, overloads) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import (
    Node,
    QualifiedName,
    elements,
    name_of,
    option,
    relation_name,
    strings,
    type_name,
    unwrap,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.sql.statement import Statement

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a statement uses. ``kind`` is relation, type, function, schema, role, extension or opclass.

    ``schema`` is empty where the statement does not say; ``location`` is a byte offset in the statement, -1 if unknown.
    """

    kind: str
    schema: str
    name: str
    location: int = -1

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


def creates(statement: Statement) -> tuple[Key, ...]:
    """Return the keys of the objects that a statement makes, the main one first; empty where it makes none.

    Functions and aggregates carry an empty ``member``: the types of their arguments are the server's to print.
    """
    kind, node = unwrap(statement.node)
    maker = _MAKERS.get(kind)
    return tuple(maker(node)) if maker else ()


def columns_added(statement: Statement) -> tuple[tuple[str, str, str], ...]:
    """Return ``(schema, table, column)`` of each column that an ALTER TABLE … ADD COLUMN adds."""
    kind, node = unwrap(statement.node)
    if kind != "AlterTableStmt":
        return ()
    schema, table = relation_name(node.get("relation"))
    return tuple(
        (schema or PUBLIC, table, element["colname"]) for sort, element in elements(kind, node) if sort == "ColumnDef"
    )


def references(statement: Statement) -> tuple[Reference, ...]:
    """Return the names that a statement refers to, without those that it makes itself; built-in types are left out."""
    kind, node = unwrap(statement.node)
    found = dict.fromkeys(_mentions(node))
    found.update(dict.fromkeys(_outside_expressions(kind, node)))
    if kind == "CreateFunctionStmt":
        found.update(dict.fromkeys(_sql_body(node)))
    made = {(key.schema, key.name) for key in creates(statement) if key.kind not in _PARTS}
    return tuple(r for r in found if r.kind not in {"relation", "type"} or (r.schema or PUBLIC, r.name) not in made)


_PARTS = frozenset({Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.CONSTRAINT})


def _key(kind: Kind, name: QualifiedName, member: str = "") -> Key:
    return Key(kind, name.schema or PUBLIC, name.name, member)


def _table(node: Node) -> Iterator[Key]:
    name = relation_name(node.get("relation"))
    yield _key(Kind.TABLE, name)
    yield from _constraints("CreateStmt", node, name)


def _constraints(kind: str, node: Node, table: QualifiedName) -> Iterator[Key]:
    for sort, element in elements(kind, node):
        own = [element] if sort == "Constraint" else [c.get("Constraint", {}) for c in element.get("constraints", ())]
        for constraint in own:
            name = constraint.get("conname")
            if not name:
                continue
            yield _key(Kind.CONSTRAINT, table, name)
            if constraint["contype"] in {"CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"}:
                yield Key(Kind.INDEX, table.schema or PUBLIC, str(constraint.get("indexname", name)))


def _alter_table(node: Node) -> Iterator[Key]:
    yield from _constraints("AlterTableStmt", node, relation_name(node.get("relation")))


def _index(node: Node) -> Iterator[Key]:
    if node.get("idxname"):
        yield Key(Kind.INDEX, node.get("relation", {}).get("schemaname") or PUBLIC, node["idxname"])


def _define(node: Node) -> Iterator[Key]:
    if node.get("kind") == "OBJECT_AGGREGATE":
        yield _key(Kind.AGGREGATE, name_of(node.get("defnames")))


def _create_as(node: Node) -> Iterator[Key]:
    if node.get("objtype") == "OBJECT_MATVIEW":
        yield _key(Kind.MATERIALIZED_VIEW, relation_name(node.get("into", {}).get("rel")))


def _one(kind: Kind, field: str, read: Callable[[Any], QualifiedName]) -> Callable[[Node], Iterator[Key]]:
    def make(node: Node) -> Iterator[Key]:
        yield _key(kind, read(node.get(field)))

    return make


def _global(kind: Kind, field: str) -> Callable[[Node], Iterator[Key]]:
    def make(node: Node) -> Iterator[Key]:
        if node.get(field):
            yield Key(kind, "", node[field])

    return make


def _part(kind: Kind, field: str, relation: str) -> Callable[[Node], Iterator[Key]]:
    def make(node: Node) -> Iterator[Key]:
        yield _key(kind, relation_name(node.get(relation)), node[field])

    return make


_MAKERS: dict[str, Callable[[Node], Iterator[Key]]] = {
    "CreateStmt": _table,
    "AlterTableStmt": _alter_table,
    "IndexStmt": _index,
    "DefineStmt": _define,
    "CreateTableAsStmt": _create_as,
    "ViewStmt": _one(Kind.VIEW, "view", relation_name),
    "CreateSeqStmt": _one(Kind.SEQUENCE, "sequence", relation_name),
    "CompositeTypeStmt": _one(Kind.COMPOSITE, "typevar", relation_name),
    "CreateEnumStmt": _one(Kind.ENUM, "typeName", name_of),
    "CreateRangeStmt": _one(Kind.RANGE, "typeName", name_of),
    "CreateDomainStmt": _one(Kind.DOMAIN, "domainname", name_of),
    "CreateFunctionStmt": _one(Kind.FUNCTION, "funcname", name_of),
    "CreateStatsStmt": _one(Kind.STATISTICS, "defnames", name_of),
    "CreateTrigStmt": _part(Kind.TRIGGER, "trigname", "relation"),
    "CreatePolicyStmt": _part(Kind.POLICY, "policy_name", "table"),
    "RuleStmt": _part(Kind.RULE, "rulename", "relation"),
    "CreateSchemaStmt": _global(Kind.SCHEMA, "schemaname"),
    "CreateExtensionStmt": _global(Kind.EXTENSION, "extname"),
    "CreateRoleStmt": _global(Kind.ROLE, "role"),
    "CreateEventTrigStmt": _global(Kind.EVENT_TRIGGER, "trigname"),
}


def _mentions(node: Node) -> Iterator[Reference]:
    local = {body.get("ctename") for kind, body in walk(node) if kind == "CommonTableExpr"}
    for kind, body in walk(node):
        location = body.get("location", -1)
        if kind == "RangeVar":
            name = relation_name(body)
            if name.name and (name.schema or name.name not in local):
                yield Reference("relation", *name, location)
                if name.schema:
                    yield Reference("schema", "", name.schema, location)
        elif kind == "TypeName":
            name = type_name(body)
            if name.name and strings(body.get("names"))[:1] != ["pg_catalog"]:
                yield Reference("type", *name, location)
                if name.schema:
                    yield Reference("schema", "", name.schema, location)
        elif kind == "FuncCall":
            yield from _call(body, location)
        else:
            yield from _mention(kind, body, location)


def _call(body: Node, location: int) -> Iterator[Reference]:
    name = name_of(body.get("funcname"))
    if name.schema == "pg_catalog":
        return
    yield Reference("function", *name, location)
    if name.schema:
        yield Reference("schema", "", name.schema, location)
    if name.name in {"nextval", "currval", "setval"}:
        first: Node = next(iter(body.get("args", ())), {})
        # A regclass cast (`nextval('s'::regclass)`) wraps the constant.
        first = unwrap(first)[1].get("arg", {}) if "TypeCast" in first else first
        constant = unwrap(first)[1].get("sval", {}).get("sval")
        if constant:
            schema, _, relation = constant.rpartition(".")
            yield Reference("relation", schema.strip('"'), relation.strip('"'), location)


def _mention(kind: str, body: Node, location: int) -> Iterator[Reference]:
    if kind == "RoleSpec" and body.get("rolename"):
        yield Reference("role", "", body["rolename"], location)
    elif kind == "IndexElem" and body.get("opclass"):
        yield Reference("opclass", *name_of(body["opclass"]))
    elif kind == "DefElem" and body.get("defname") == "owned_by":
        words = strings(body.get("arg", {}).get("List", {}).get("items"))
        if len(words) > 1:
            yield Reference("relation", words[-3] if len(words) > 2 else "", words[-2], location)


def _sql_body(node: Node) -> Iterator[Reference]:
    """Yield what the body of a function in language SQL mentions: PostgreSQL checks it when the function is made."""
    language = option(node.get("options"), "language")
    if language is None or language.get("arg", {}).get("String", {}).get("sval", "").lower() != "sql":
        return
    body = option(node.get("options"), "as")
    for text in strings((body or {}).get("arg", {}).get("List", {}).get("items")):
        try:
            for inner in grammar.parse(text) if not grammar.is_too_large(text) else ():
                for reference in _mentions(inner):
                    yield Reference(reference.kind, reference.schema, reference.name)
        except grammar.GrammarError:
            return  # the server says it better


def _outside_expressions(kind: str, node: Node) -> Iterator[Reference]:
    """Yield the names that stand as bare lists of words: trigger functions, objects of COMMENT and GRANT."""
    if kind == "CreateTrigStmt" or kind == "CreateEventTrigStmt":
        yield Reference("function", *name_of(node.get("funcname")))
    elif kind == "AlterEnumStmt":
        yield Reference("type", *name_of(node.get("typeName")))
    elif kind == "CommentStmt":
        yield from _commented(node)
    elif kind == "GrantStmt" and node.get("objtype") == "OBJECT_SCHEMA":
        yield from (Reference("schema", "", name) for name in strings(node.get("objects")))
    elif kind in {"GrantStmt", "CommentStmt", "AlterOwnerStmt"}:
        for sort, body in walk(node):
            if sort == "ObjectWithArgs":
                yield Reference("function", *name_of(body.get("objname")))


def _commented(node: Node) -> Iterator[Reference]:
    target = node.get("object", {})
    objtype = node.get("objtype", "")
    if "ObjectWithArgs" in target:
        yield Reference("function", *name_of(target["ObjectWithArgs"].get("objname")))
    if objtype == "OBJECT_SCHEMA":
        yield Reference("schema", "", target.get("String", {}).get("sval", ""))
    words = strings(target.get("List", {}).get("items"))
    if objtype in {"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}:
        words = words[:-1]
    if words:
        yield Reference("relation", words[-2] if len(words) > 1 else "", words[-1])
