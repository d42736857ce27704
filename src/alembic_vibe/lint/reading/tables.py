"""CREATE TABLE and its kin, DROP, RENAME and SET SCHEMA."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.reading.columns import column
from alembic_vibe.lint.reading.constraints import constraint
from alembic_vibe.sql.tree import QualifiedName, name_of, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_LIKE = {1: "comments", 2: "compression", 4: "constraints", 8: "defaults", 16: "generated", 32: "identity"}
_LIKE |= {64: "indexes", 128: "statistics", 256: "storage"}


def _create(node: Node, context: Context) -> Iterator[a.Action]:
    table = context.relation(node.get("relation"))
    columns: list[a.ColumnSpec] = []
    constraints: list[a.ConstraintSpec] = []
    like: list[QualifiedName] = []
    including: list[frozenset[str]] = []
    for item in node.get("tableElts", ()):
        if "ColumnDef" in item:
            made = column(item["ColumnDef"], table, context)
            columns.append(replace(made, constraints=tuple(_on_new(spec) for spec in made.constraints)))
        elif "Constraint" in item:
            spec = constraint(item["Constraint"], table, context)
            if spec is not None:
                constraints.append(_on_new(spec))
        elif "TableLikeClause" in item:
            like.append(context.relation(item["TableLikeClause"].get("relation")))
            options = item["TableLikeClause"].get("options", 0)
            including.append(frozenset(word for bit, word in _LIKE.items() if options & bit))
    parents = tuple(context.relation(item.get("RangeVar")) for item in node.get("inhRelations", ()))
    bound = node.get("partbound")
    required = {name for spec in constraints if spec.kind in {"primary", "not null"} for name in spec.columns}
    yield a.CreateTable(
        table=table,
        columns=tuple(replace(c, not_null=True) if c.name in required else c for c in columns),
        constraints=tuple(constraints),
        if_not_exists=node.get("if_not_exists", False),
        partition_of=parents[0] if bound is not None and parents else None,
        is_default_partition=bool(bound and bound.get("is_default")),
        bound=context.bound(bound) if bound else None,
        partition_key=_partition_key(node),
        inherits=() if bound is not None else parents,
        like=tuple(like),
        like_including=tuple(including),
        typed="ofTypename" in node,
        temporary=node.get("relation", {}).get("relpersistence") == "t",
    )


def _on_new(spec: a.ConstraintSpec) -> a.ConstraintSpec:
    """Return the constraint as it is on a new table: NOT VALID means nothing there."""
    return spec if spec.valid or not spec.enforced else replace(spec, valid=True)


def _partition_key(node: Node) -> tuple[str, ...] | None:
    if "partspec" not in node:
        return None
    return tuple(item.get("PartitionElem", {}).get("name", "") for item in node["partspec"].get("partParams", ()))


def _create_foreign(node: Node, context: Context) -> Iterator[a.Action]:
    yield from _create(node.get("base", {}), context)


def _create_as(node: Node, context: Context) -> Iterator[a.Action]:
    from alembic_vibe.lint.reading.data import relations_read

    into = node.get("into", {})
    name = context.relation(into.get("rel"))
    if node.get("objtype") == "OBJECT_MATVIEW":
        reads = relations_read(node.get("query"), context)
        yield a.CreateView(name, materialized=True, reads=reads, if_not_exists=node.get("if_not_exists", False))
        return
    yield a.CreateTable(
        table=name,
        if_not_exists=node.get("if_not_exists", False),
        as_query=True,
        reads=relations_read(node.get("query"), context),
        temporary=into.get("rel", {}).get("relpersistence") == "t",
    )


def _rename(node: Node, context: Context) -> Iterator[a.Action]:
    new = node.get("newname", "")
    old = node.get("subname", "")
    relation = context.relation(node.get("relation"))
    match node.get("renameType"):
        case "OBJECT_TABLE" | "OBJECT_FOREIGN_TABLE" | "OBJECT_VIEW" | "OBJECT_MATVIEW" as kind:
            yield a.RenameTable(relation, new) if "TABLE" in kind else a.RenameView(relation, new_name=new)
        case "OBJECT_COLUMN" if node.get("relationType") in {"OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"}:
            yield a.RenameColumn(relation, old, new)
        case "OBJECT_TABCONSTRAINT":
            yield a.RenameConstraint(relation, old, new)
        case "OBJECT_INDEX":
            yield a.RenameIndex(relation, new)
        case "OBJECT_TYPE" | "OBJECT_DOMAIN":
            yield a.RenameType(_object(node, context), new_name=new)
        case "OBJECT_TRIGGER":
            yield a.RenameTrigger(relation, old, new)
        case "OBJECT_SCHEMA":
            yield a.RenameSchema(old, new)
        case "OBJECT_DOMCONSTRAINT":
            yield a.AlterDomain(_object(node, context), renames=old, name=new)


def _set_schema(node: Node, context: Context) -> Iterator[a.Action]:
    new = node.get("newschema", "")
    match node.get("objectType"):
        case "OBJECT_TABLE" | "OBJECT_FOREIGN_TABLE":
            yield a.SetSchema(context.relation(node.get("relation")), new)
        case "OBJECT_VIEW" | "OBJECT_MATVIEW":
            yield a.RenameView(context.relation(node.get("relation")), new_schema=new)
        case "OBJECT_TYPE" | "OBJECT_DOMAIN":
            yield a.RenameType(_object(node, context), new_schema=new)


def _object(node: Node, context: Context) -> QualifiedName:
    return context.created(name_of(node.get("object", {}).get("List", {}).get("items")))


def _drop(node: Node, context: Context) -> Iterator[a.Action]:
    kind = node.get("removeType", "")
    if_exists = node.get("missing_ok", False)
    cascade = node.get("behavior") == "DROP_CASCADE"
    for item in node.get("objects", ()):
        words = item.get("List", {}).get("items")
        name = context.resolve(name_of(words))
        match kind:
            case "OBJECT_TABLE" | "OBJECT_FOREIGN_TABLE":
                yield a.DropTable(name, if_exists, cascade)
            case "OBJECT_INDEX":
                yield a.DropIndex(name, node.get("concurrent", False), if_exists, cascade)
            case "OBJECT_VIEW" | "OBJECT_MATVIEW":
                yield a.DropView(name, kind == "OBJECT_MATVIEW", if_exists, cascade)
            case "OBJECT_TYPE" | "OBJECT_DOMAIN":
                type_name = context.created(name_of(item.get("TypeName", {}).get("names")))
                yield a.DropType(type_name, if_exists, cascade)
            case "OBJECT_FUNCTION" | "OBJECT_PROCEDURE" | "OBJECT_ROUTINE":
                function = context.created(name_of(item.get("ObjectWithArgs", {}).get("objname")))
                yield a.DropFunction(function, if_exists, cascade)
            case "OBJECT_TRIGGER":
                yield a.DropTrigger(context.resolve(name_of(words[:-1])), strings(words)[-1])
            case "OBJECT_POLICY":
                yield a.CreatePolicy(context.resolve(name_of(words[:-1])), strings(words)[-1], "drop")
            case "OBJECT_SCHEMA":
                yield a.DropSchema(item.get("String", {}).get("sval", ""), if_exists, cascade)


def _schema(node: Node, context: Context) -> Iterator[a.Action]:
    from alembic_vibe.lint.reading import actions_of
    from alembic_vibe.lint.reading.context import Context as Inner

    yield a.Other("CreateSchemaStmt")
    inner = Inner(context.text, context.end, node.get("schemaname", "") or context.search_path)
    for item in node.get("schemaElts", ()):
        yield from actions_of(item, inner)


READERS = {
    "CreateStmt": _create,
    "CreateForeignTableStmt": _create_foreign,
    "CreateTableAsStmt": _create_as,
    "RenameStmt": _rename,
    "AlterObjectSchemaStmt": _set_schema,
    "DropStmt": _drop,
    "CreateSchemaStmt": _schema,
}
