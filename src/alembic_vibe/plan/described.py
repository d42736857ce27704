"""How statements such as COMMENT ON and OWNER TO name an object: what it is, and which one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Aggregate, Composite, Domain, Enum, Fact, Function, Other, Range
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.situation import table_of
from alembic_vibe.plan.sql import exact_name, name_of, signature
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.plan.operations import Execute

_PLAIN = {Kind.SCHEMA, Kind.ROLE, Kind.EVENT_TRIGGER, Kind.EXTENSION}
_ON_RELATION = {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}


def described(key: Key, fact: Fact | Column) -> tuple[Printed, Name | Printed]:
    """Return the words for the kind of an object, and its name: ``TRIGGER``, ``audit ON orders``."""
    what = Printed(key.kind.value.upper())
    match fact:
        case Function() | Aggregate():
            if isinstance(fact, Function) and fact.procedure:
                what = Printed("PROCEDURE")
            return what, signature(key, shadowed=fact.shadowed)
        case Enum() | Composite() | Range():
            return Printed("TYPE"), exact_name(key, shadowed=fact.shadowed)
        case Domain():
            return what, exact_name(key, shadowed=fact.shadowed)
        case Other():
            return Printed(fact.object_type.upper()), Printed(key.name)
        case _:
            pass
    if key.kind is Kind.COLUMN:
        return what, Printed(f"{name_of(table_of(key))}.{Name(key.member)}")
    if key.kind in _ON_RELATION:
        return what, Printed(f"{Name(key.member)} ON {name_of(table_of(key))}")
    return what, Name(key.name) if key.kind in _PLAIN else name_of(key)


def label(key: Key) -> str:
    """Return how people and ``--accept`` name an object: ``orders``, ``orders.audit``, ``total(integer)``."""
    if key.kind in {Kind.FUNCTION, Kind.AGGREGATE}:
        return f"{key.qualified}({key.member})"
    return f"{key.qualified}.{key.member}" if key.member else key.qualified


def comment(key: Key, fact: Fact | Column) -> Execute:
    """Return what gives an object the comment of a fact, or takes it away."""
    what, target = described(key, fact)
    text: str | None = getattr(fact, "comment", None)
    said = Literal(text) if text is not None else Printed("NULL")
    return execute("COMMENT ON {what} {target} IS {text}", what=what, target=target, text=said)


def owner(key: Key, fact: Fact | Column) -> Execute:
    """Return what gives an object the owner of a fact; by default the role that runs the migrations."""
    what, target = described(key, fact)
    name: str | None = getattr(fact, "owner", None)
    role = Name(name) if name is not None else Printed("CURRENT_USER")
    return execute("ALTER {what} {target} OWNER TO {role}", what=what, target=target, role=role)
