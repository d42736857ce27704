"""Row-level security policies (recipes 57 and 58)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Policy
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, name_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.POLICY,)


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a policy."""
    assert isinstance(fact, Policy)
    table = name_of(Key(Kind.TABLE, fact.key.schema, fact.key.name))
    name = Name(fact.key.member)
    up = [Execute(context.source.get(fact.key) or _definition(fact))]
    up.extend(comment_on("POLICY", Printed(f"{name} ON {table}"), fact.comment))
    return Step(fact.key, tuple(up), (Execute(compose("DROP POLICY {name} ON {table}", name=name, table=table)),))


def _definition(policy: Policy) -> str:
    table = name_of(Key(Kind.TABLE, policy.key.schema, policy.key.name))
    parts = [compose("CREATE POLICY {name} ON {table}", name=Name(policy.key.member), table=table)]
    if not policy.permissive:
        parts.append("AS RESTRICTIVE")
    if policy.command != "ALL":
        parts.append(f"FOR {policy.command}")
    if policy.roles != ("public",):
        parts.append(compose("TO {roles}", roles=[Name(role) for role in policy.roles]))
    if policy.using is not None:
        parts.append(f"USING ({policy.using})")
    if policy.check is not None:
        parts.append(f"WITH CHECK ({policy.check})")
    return "\n    ".join(parts)
