"""Rows → facts: roles, memberships, schemas, extensions, privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import (
    DefaultPrivileges,
    Extension,
    Fact,
    Membership,
    Other,
    Privileges,
    Role,
    Schema,
)
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.rows import CatalogRows, Names

_OBJECT_TYPES = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS", "L": "LARGE OBJECTS"}
_PUBLIC_COMMENT = "standard public schema"


def read_security(rows: CatalogRows, names: Names) -> Iterator[Fact]:
    """Yield what decides who may do what, and the namespaces that everything lives in."""
    yield from _roles(rows)
    for role, member, admin, inherit, set_role in rows["memberships"]:
        yield Membership(key=Key(Kind.MEMBERSHIP, "", role, member), admin=admin, inherit=inherit, set_role=set_role)
    for oid, name, owner in rows["namespaces"]:
        comment = names.comment("pg_namespace", oid)
        if name == "public":
            if comment == _PUBLIC_COMMENT or comment is None:
                continue
            owner = None
        yield Schema(key=Key(Kind.SCHEMA, "", name), owner=owner, comment=comment)
    for oid, name, schema, relocatable in rows["extensions"]:
        comment = names.comment("pg_extension", oid)
        yield Extension(key=Key(Kind.EXTENSION, "", name), schema=schema, relocatable=relocatable, comment=comment)
    yield from _privileges(rows, names)
    yield from _default_privileges(rows)
    for classid, oid, kind, schema, identity in rows["others"]:
        catalog = next(name for name, number in rows.classes.items() if number == classid)
        yield Other(key=Key(Kind.OTHER, schema, identity, kind), comment=names.comment(catalog, oid))


def _roles(rows: CatalogRows) -> Iterator[Role]:
    for row in rows["roles"]:
        (_oid, name, login, superuser, inherit, create_db, create_role, replication, bypass, limit, config, comment) = (
            row
        )
        yield Role(
            key=Key(Kind.ROLE, "", name),
            login=login,
            superuser=superuser,
            inherit=inherit,
            create_db=create_db,
            create_role=create_role,
            replication=replication,
            bypass_rls=bypass,
            connection_limit=limit,
            settings=tuple(sorted(config or ())),
            comment=comment,
        )


def _difference(now: list[str] | None, grantable: list[str] | None, default: list[str] | None) -> dict[str, Any]:
    return {
        "granted": tuple(sorted(set(now or ()) - set(default or ()))),
        "grantable": tuple(sorted(grantable or ())),
        "revoked": tuple(sorted(set(default or ()) - set(now or ()))),
    }


def _privileges(rows: CatalogRows, names: Names) -> Iterator[Privileges]:
    for classid, oid, _subid, column, grantee, now, grantable, default in rows["privileges"]:
        target = names.addresses.get((classid, oid))
        if classid == rows.classes["pg_class"]:
            target = names.identity_sequences.get(oid, target)
        difference = _difference(now, grantable, default)
        if target is None or not any(difference.values()) or target.kind is Kind.EXTENSION:
            continue
        member = (
            f"{target.kind}({target.member}):{column}:{grantee}"
            if target.member
            else f"{target.kind}:{column}:{grantee}"
        )
        key = Key(Kind.PRIVILEGES, target.schema, target.name, member)
        yield Privileges(key=key, target=target, column=column, grantee=grantee, **difference)


def _default_privileges(rows: CatalogRows) -> Iterator[DefaultPrivileges]:
    for role, schema, kind, grantee, now, grantable, default in rows["default_privileges"]:
        difference = _difference(now, grantable, default)
        if not any(difference.values()):
            continue
        object_type = _OBJECT_TYPES[kind]
        key = Key(Kind.DEFAULT_PRIVILEGES, schema, role, f"{object_type}:{grantee}")
        yield DefaultPrivileges(key=key, role=role, object_type=object_type, grantee=grantee, **difference)
