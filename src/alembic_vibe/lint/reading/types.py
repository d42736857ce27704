"""Types: enums, domains and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.chosen_names import object_name
from alembic_vibe.sql.tree import name_of, relation_name, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node

_CONSTRAINTS = {"CONSTR_CHECK": "check", "CONSTR_NOTNULL": "not_null"}


def _enum(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreateEnum(context.created(name_of(node.get("typeName"))), tuple(strings(node.get("vals"))))


def _alter_enum(node: Node, context: Context) -> Iterator[a.Action]:
    name = context.created(name_of(node.get("typeName")))
    if "oldVal" in node:
        yield a.RenameEnumValue(name, node["oldVal"], node.get("newVal", ""))
    else:
        yield a.AddEnumValue(
            name,
            node.get("newVal", ""),
            node.get("skipIfNewValExists", False),
            neighbour=node.get("newValNeighbor", ""),
            after=node.get("newValIsAfter", False),
        )


def _domain(node: Node, context: Context) -> Iterator[a.Action]:
    name = context.created(name_of(node.get("domainname")))
    clauses = [item.get("Constraint", {}) for item in node.get("constraints", ())]
    names: list[str] = []
    for clause in clauses:
        if clause.get("contype") in _CONSTRAINTS:
            names.append(clause.get("conname") or _chosen(name.name, clause["contype"], names))
    yield a.CreateDomain(name, context.type(node.get("typeName")), bool(names), tuple(names))


def _chosen(domain: str, kind: str, others: list[str]) -> str:
    label = _CONSTRAINTS[kind]
    name, number = object_name(domain, "", label), 0
    while name in others:
        number += 1
        name = object_name(domain, "", f"{label}{number}")
    return name


def _alter_domain(node: Node, context: Context) -> Iterator[a.Action]:
    name = context.created(name_of(node.get("typeName")))
    clause = node.get("def", {}).get("Constraint", {})
    match node.get("subtype"):
        case "C":
            constraint = clause.get("conname") or _chosen(name.name, clause.get("contype", "CONSTR_CHECK"), [])
            valid = not clause.get("skip_validation", False)
            yield a.AlterDomain(name, constrains=True, valid=valid, name=constraint)
        case "O":
            yield a.AlterDomain(name, constrains=True, name=_chosen(name.name, "CONSTR_NOTNULL", []))
        case "N":
            yield a.AlterDomain(name, drops=_chosen(name.name, "CONSTR_NOTNULL", []))
        case "X":
            yield a.AlterDomain(name, drops=node.get("name", ""))
        case "V":
            yield a.AlterDomain(name, validates=node.get("name", ""))
        case _:
            yield a.AlterDomain(name)


def _composite(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreateType(context.created(relation_name(node.get("typevar"))))


def _range(node: Node, context: Context) -> Iterator[a.Action]:
    yield a.CreateType(context.created(name_of(node.get("typeName"))))


def _define(node: Node, context: Context) -> Iterator[a.Action]:
    if node.get("kind") == "OBJECT_TYPE":
        yield a.CreateType(context.created(name_of(node.get("defnames"))))


READERS = {
    "CreateEnumStmt": _enum,
    "AlterEnumStmt": _alter_enum,
    "CreateDomainStmt": _domain,
    "AlterDomainStmt": _alter_domain,
    "CompositeTypeStmt": _composite,
    "CreateRangeStmt": _range,
    "DefineStmt": _define,
}
