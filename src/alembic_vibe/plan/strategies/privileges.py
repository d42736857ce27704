"""Privileges and default privileges (recipe 59)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import DefaultPrivileges, Fact, Privileges
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of, signature
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.plan.context import Context

KINDS = (Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES)
_OBJECTS = {
    Kind.SEQUENCE: "SEQUENCE ",
    Kind.SCHEMA: "SCHEMA ",
    Kind.FUNCTION: "ROUTINE ",
    Kind.AGGREGATE: "ROUTINE ",
    Kind.ENUM: "TYPE ",
    Kind.DOMAIN: "TYPE ",
    Kind.COMPOSITE: "TYPE ",
    Kind.RANGE: "TYPE ",
}


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that grants and revokes what one fact says."""
    if isinstance(fact, DefaultPrivileges):
        return _default(fact)
    assert isinstance(fact, Privileges)
    return together([fact])


def signature_of(fact: Privileges) -> tuple[object, ...]:
    """Return what must be the same for several objects to be granted in one statement."""
    return (_OBJECTS.get(fact.target.kind, ""), fact.column, fact.grantee, fact.granted, fact.grantable, fact.revoked)


def together(facts: Sequence[Privileges]) -> Step:
    """Return one step for facts that differ only in their object."""
    fact = facts[0]
    targets = Printed(",\n    ".join(str(_target(found.target)) for found in facts))
    if len(facts) > 1:
        targets = Printed(f"\n    {targets}\n")
    up = [Execute(sql) for sql in _statements(fact, targets)]
    undone = [Execute(sql) for sql in _reverse(fact, targets)]
    return Step(fact.key, tuple(up), tuple(undone))


def _target(key: Key) -> Name | Printed:
    return signature(key) if key.kind in {Kind.FUNCTION, Kind.AGGREGATE} else name_of(key)


def _sentence(verb: str, fact: Privileges, names: Sequence[str], targets: Printed, *, option: bool = False) -> str:
    column = f" ({Name(fact.column)})" if fact.column else ""
    grantee = Printed("PUBLIC") if fact.grantee == "public" else Name(fact.grantee)
    return compose(
        "{verb} {privileges} ON {what}{targets}{space}{preposition} {grantee}{option}",
        verb=Printed(verb),
        privileges=[Printed(f"{name}{column}") for name in names],
        what=Printed(_OBJECTS.get(fact.target.kind, "")),
        targets=targets,
        space=Printed("" if str(targets).endswith("\n") else " "),
        preposition=Printed("TO" if verb == "GRANT" else "FROM"),
        grantee=grantee,
        option=Printed(" WITH GRANT OPTION" if option else ""),
    )


def _statements(fact: Privileges, targets: Printed) -> Iterator[str]:
    if fact.revoked:
        yield _sentence("REVOKE", fact, fact.revoked, targets)
    plain = [name for name in fact.granted if name not in fact.grantable]
    if plain:
        yield _sentence("GRANT", fact, plain, targets)
    if fact.grantable:
        yield _sentence("GRANT", fact, fact.grantable, targets, option=True)


def _reverse(fact: Privileges, targets: Printed) -> Iterator[str]:
    if fact.granted:
        yield _sentence("REVOKE", fact, fact.granted, targets)
    if fact.revoked:
        yield _sentence("GRANT", fact, fact.revoked, targets)


def _default(fact: DefaultPrivileges) -> Step:
    prefix = "ALTER DEFAULT PRIVILEGES"
    if fact.role:
        prefix += compose(" FOR ROLE {role}", role=Name(fact.role))
    if fact.key.schema:
        prefix += compose(" IN SCHEMA {schema}", schema=Name(fact.key.schema))

    def sentence(verb: str, names: Sequence[str], *, option: bool = False) -> Execute:
        return Execute(
            compose(
                "{prefix} {verb} {privileges} ON {objects} {preposition} {grantee}{option}",
                prefix=Printed(prefix),
                verb=Printed(verb),
                privileges=[Printed(name) for name in names],
                objects=Printed(fact.object_type),
                preposition=Printed("TO" if verb == "GRANT" else "FROM"),
                grantee=Printed("PUBLIC") if fact.grantee == "public" else Name(fact.grantee),
                option=Printed(" WITH GRANT OPTION" if option else ""),
            )
        )

    up, down = [], []
    if fact.revoked:
        up.append(sentence("REVOKE", fact.revoked))
        down.append(sentence("GRANT", fact.revoked))
    plain = [name for name in fact.granted if name not in fact.grantable]
    if plain:
        up.append(sentence("GRANT", plain))
    if fact.grantable:
        up.append(sentence("GRANT", fact.grantable, option=True))
    if fact.granted:
        down.append(sentence("REVOKE", fact.granted))
    return Step(fact.key, tuple(up), tuple(reversed(down)))
