"""Extensions (recipe 41): trusted ones need CREATE on the database, the others a superuser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Extension, Fact
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.EXTENSION,)


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that makes an extension."""
    assert isinstance(fact, Extension)
    name = Name(fact.key.name)
    where = compose(" WITH SCHEMA {schema}", schema=Name(fact.schema)) if _elsewhere(fact) else ""
    up = compose("CREATE EXTENSION IF NOT EXISTS {name}{where}", name=name, where=Printed(where))
    return Step(fact.key, (Execute(up),), (Execute(compose("DROP EXTENSION IF EXISTS {name}", name=name)),))


def _elsewhere(fact: Extension) -> bool:
    """Whether the extension's schema has to be named: ``public`` is where it lands by itself."""
    return fact.relocatable and fact.schema not in {"public", "pg_catalog"}
