"""Enums, domains, composite and range types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Composite, Domain, Enum, Fact, Range
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, exact_name, name_of, owner_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE)


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a type, in its author's words where there are such."""
    assert isinstance(fact, Enum | Domain | Composite | Range)
    name = exact_name(fact.key, shadowed=fact.shadowed)
    what = "DOMAIN" if isinstance(fact, Domain) else "TYPE"
    up = [Execute(context.source.get(fact.key) or _definition(fact))]
    up.extend(_comments_on_parts(fact))
    up.extend(comment_on(what, name, fact.comment))
    up.extend(owner_of(what, name, fact.owner))
    down = compose("DROP {what} {name}", what=Printed(what), name=name)
    return Step(fact.key, tuple(up), (Execute(down),))


def _definition(fact: Enum | Domain | Composite | Range) -> str:
    name = name_of(fact.key)
    match fact:
        case Enum():
            labels = [Literal(label) for label in fact.labels]
            return compose("CREATE TYPE {name} AS ENUM ({labels})", name=name, labels=labels)
        case Composite():
            attributes = ",\n    ".join(
                compose(
                    "{name} {type}{collation}",
                    name=Name(attribute.name),
                    type=Printed(attribute.type.text),
                    collation=Printed(f" COLLATE {attribute.collation}" if attribute.collation else ""),
                )
                for attribute in fact.attributes
            )
            return compose("CREATE TYPE {name} AS (\n    {attributes}\n)", name=name, attributes=Printed(attributes))
        case Range():
            return _range(fact)
        case Domain():
            return _domain(fact)


def _domain(fact: Domain) -> str:
    parts = [compose("CREATE DOMAIN {name} AS {type}", name=name_of(fact.key), type=Printed(fact.type.text))]
    if fact.collation:
        parts.append(f"COLLATE {fact.collation}")
    if fact.default is not None:
        parts.append(f"DEFAULT {fact.default}")
    if fact.not_null:
        parts.append("NOT NULL")
    parts.extend(
        compose("CONSTRAINT {name} {definition}", name=Name(check.name), definition=Printed(check.definition))
        for check in fact.constraints
    )
    return "\n    ".join(parts) if fact.constraints else " ".join(parts)


def _range(fact: Range) -> str:
    parts = [f"subtype = {fact.subtype}"]
    optional = {
        "subtype_opclass": fact.opclass,
        "collation": fact.collation,
        "canonical": fact.canonical,
        "subtype_diff": fact.subtype_diff,
        "multirange_type_name": str(Name(fact.key.schema, fact.multirange)),
    }
    parts.extend(f"{name} = {value}" for name, value in optional.items() if value)
    body = Printed(",\n    ".join(parts))
    return compose("CREATE TYPE {name} AS RANGE (\n    {body}\n)", name=name_of(fact.key), body=body)


def _comments_on_parts(fact: Enum | Domain | Composite | Range) -> list[Execute]:
    name = str(exact_name(fact.key, shadowed=fact.shadowed))
    found: list[Execute] = []
    if isinstance(fact, Composite):
        for attribute in fact.attributes:
            target = Printed(f"{name}.{Name(attribute.name)}")
            found.extend(comment_on("COLUMN", target, attribute.comment))
    if isinstance(fact, Domain):
        for check in fact.constraints:
            target = Printed(f"{Name(check.name)} ON DOMAIN {name}")
            found.extend(comment_on("CONSTRAINT", target, check.comment))
    return found
