"""Roles and memberships. Roles belong to the whole server: they are made if missing, and never dropped (recipe 59)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Fact, Membership, Role
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, role_attributes
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.ROLE, Kind.MEMBERSHIP)

_GUARDED = """\
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {text}) THEN
        CREATE ROLE {role} {attributes};
    END IF;
END
$$"""


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that makes a role or a membership."""
    if isinstance(fact, Membership):
        parts = {"role": Name(fact.key.name), "member": Name(fact.key.member)}
        option = Printed(_options(fact))
        return Step(
            fact.key,
            (Execute(compose("GRANT {role} TO {member}{option}", **parts, option=option)),),
            (Execute(compose("REVOKE {role} FROM {member}", **parts)),),
        )
    assert isinstance(fact, Role)
    name = Name(fact.key.name)
    up = [Execute(compose(_GUARDED, text=Literal(fact.key.name), role=name, attributes=role_attributes(fact)))]
    for setting in fact.settings:
        parameter, _, value = setting.partition("=")
        sql = compose(
            "ALTER ROLE {role} SET {parameter} TO {value}", role=name, parameter=Name(parameter), value=Literal(value)
        )
        up.append(Execute(sql))
    up.extend(comment_on("ROLE", name, fact.comment))
    return Step(fact.key, tuple(up), kept="roles are shared by all databases of the server")


def _options(fact: Membership) -> str:
    """Return the WITH of a GRANT; INHERIT and SET are known since PostgreSQL 16, and written only where they matter."""
    options = ["ADMIN OPTION"] if fact.admin else []
    if fact.inherit is not None:
        options.append(f"INHERIT {fact.inherit}".upper())
    if not fact.set_role:
        options.append("SET FALSE")
    return f" WITH {', '.join(options)}" if options else ""
