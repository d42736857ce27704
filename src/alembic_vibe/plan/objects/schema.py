"""Schemas. ``public`` is there already: only what the spec says about it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Schema
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.SCHEMA,)


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that makes a schema."""
    assert isinstance(fact, Schema)
    name = Name(fact.key.name)
    if fact.key.name == "public":
        down = Execute(compose("COMMENT ON SCHEMA public IS {text}", text=Printed("'standard public schema'")))
        return Step(fact.key, tuple(comment_on("SCHEMA", name, fact.comment)), (down,))
    authorization = compose(" AUTHORIZATION {owner}", owner=Name(fact.owner)) if fact.owner else ""
    create_schema = compose("CREATE SCHEMA {name}{owner}", name=name, owner=Printed(authorization))
    up = (Execute(create_schema), *comment_on("SCHEMA", name, fact.comment))
    return Step(fact.key, up, (Execute(compose("DROP SCHEMA {name}", name=name)),))
