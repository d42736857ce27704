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
_LINE = 60  # characters; longer lists of objects get a line for each
_OBJECTS = {
    Kind.SEQUENCE: "SEQUENCE",
    Kind.SCHEMA: "SCHEMA",
    Kind.FUNCTION: "ROUTINE",
    Kind.AGGREGATE: "ROUTINE",
    Kind.ENUM: "TYPE",
    Kind.DOMAIN: "TYPE",
    Kind.COMPOSITE: "TYPE",
    Kind.RANGE: "TYPE",
}


def create(fact: Fact, _context: Context) -> Step:
    """Return the step that grants and revokes what one fact says."""
    if isinstance(fact, DefaultPrivileges):
        return _default(fact)
    assert isinstance(fact, Privileges)
    return together([fact])


def signature_of(fact: Privileges) -> tuple[object, ...]:
    """Return what must be the same for several facts to be said in one statement: all but the object, or column."""
    what = fact.target if fact.column else _OBJECTS.get(fact.target.kind, "")
    return (what, fact.grantee, fact.granted, fact.grantable, fact.revoked)


def together(facts: Sequence[Privileges]) -> Step:
    """Return one step for facts that have the same signature."""
    fact = facts[0]
    names = sorted({str(_target(found.target)) for found in facts})
    columns = [Name(found.column) for found in facts if found.column]
    targets = ", ".join(names)
    if len(targets) > _LINE:
        targets = "\n    " + ",\n    ".join(names) + "\n"
    up = [Execute(sql) for sql in _statements(fact, columns, targets)]
    undone = [Execute(sql) for sql in _reverse(fact, columns, targets)]
    return Step(fact.key, tuple(up), tuple(undone))


def _target(key: Key) -> Name | Printed:
    return signature(key) if key.kind in {Kind.FUNCTION, Kind.AGGREGATE} else name_of(key)


def _sentence(
    verb: str, fact: Privileges, names: Sequence[str], columns: Sequence[Name], targets: str, *, option: bool = False
) -> str:
    what = _OBJECTS.get(fact.target.kind, "")
    several = targets.startswith("\n")
    only = compose(" ({columns})", columns=columns) if columns else ""
    return compose(
        "{verb} {privileges} ON{what}{targets}{preposition} {grantee}{option}",
        verb=Printed(verb),
        privileges=[Printed(f"{name}{only}") for name in names],
        what=Printed(f" {what}".rstrip()),
        targets=Printed(targets if several else f" {targets} "),
        preposition=Printed("TO" if verb == "GRANT" else "FROM"),
        grantee=Printed("PUBLIC") if fact.grantee == "public" else Name(fact.grantee),
        option=Printed(" WITH GRANT OPTION" if option else ""),
    )


def _statements(fact: Privileges, columns: Sequence[Name], targets: str) -> Iterator[str]:
    if fact.revoked:
        yield _sentence("REVOKE", fact, fact.revoked, columns, targets)
    plain = [name for name in fact.granted if name not in fact.grantable]
    if plain:
        yield _sentence("GRANT", fact, plain, columns, targets)
    if fact.grantable:
        yield _sentence("GRANT", fact, fact.grantable, columns, targets, option=True)


def _reverse(fact: Privileges, columns: Sequence[Name], targets: str) -> Iterator[str]:
    if fact.granted:
        yield _sentence("REVOKE", fact, fact.granted, columns, targets)
    if fact.revoked:
        yield _sentence("GRANT", fact, fact.revoked, columns, targets)


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
