"""Roles with permissions: those that the document lists, or default ones where it asks for some and lists none.

Never a password, never a user: roles are what an application checks, not who may log in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Table
from alembic_vibe.seed import rules
from alembic_vibe.seed.extract import Extraction, in_dependency_order, natural_key
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.seed.role_lists import Role, listed_roles
from alembic_vibe.spec.model import SectionKind
from alembic_vibe.sql.compose import Literal, Name, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Constraint
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.spec.model import Label, Spec

_ASKS = re.compile(r"^(user|default|application)?\s*roles?$|^roles?\b.*permissions?", re.IGNORECASE)
_ROLE_TABLE = re.compile(r"(^|_)roles?$", re.IGNORECASE)
_NAMES = ("name", "code", "slug", "key", "role", "title", "label")
_TEXTS = {"text", "character varying", "citext", "character"}
_DEFAULTS = (
    Role("admin", "May do everything", ("*",)),
    Role("user", "May see and change what is their own", ("self:read", "self:write")),
)


def add_default_roles(spec: Spec, extraction: Extraction, catalog: Catalog) -> Extraction:
    """Add the roles that the document lists, or ``admin`` and ``user`` where 5.M asks for some; INSERTs come first.

    Args:
        spec: The specification; a label such as "User Roles" in its migration section is the request, and so is a
            list of roles.
        extraction: The seeds so far.
        catalog: The schema that the specification makes.

    Returns:
        The seeds with the roles, or with a note saying which table is missing; unchanged where nothing is asked for.
    """
    label = _request(spec)
    listed = listed_roles(spec)
    guessed = not any(role.permissions for role in listed)
    place = label.span if label is not None else listed[0].span if listed else None
    if place is None:
        return extraction
    found = next(_role_tables(catalog, _with_defaults(listed) if guessed else listed), None)
    if found is None:
        wanted = "roles are listed" if listed else "default roles are asked for"
        note = rules.NO_ROLES_TABLE.diagnostic(
            f"{wanted}, but no table holds roles with permissions",
            source=spec.source,
            span=place,
        )
        return Extraction(extraction.tables, (*extraction.diagnostics, note))
    table, name, made = found
    if any(seeds.key == table.key for seeds in extraction.tables):
        return extraction
    placed = [
        SeedTable(seeds.key, seeds.conflict, tuple(replace(row, source=spec.source, span=place) for row in seeds.rows))
        for seeds in made
    ]
    present = {seeds.key for seeds in extraction.tables}
    added = [seeds for seeds in placed if seeds.key not in present]
    message = f"wrote the default roles admin and user into {table.key.qualified}.{name}"
    if listed:
        message = f"the roles of {table.key.qualified} are listed without permissions; admin and user have default ones"
    notes = () if not guessed else (rules.DEFAULT_ROLES.diagnostic(message, source=spec.source, span=place),)
    tables = in_dependency_order([*extraction.tables, *added], catalog)
    return Extraction(tuple(tables), (*extraction.diagnostics, *notes))


def is_about_roles(table: Key) -> bool:
    """Whether a table holds roles or permissions, going by its name."""
    return _ROLE_TABLE.search(table.name) is not None or _is_permissions(table)


def _with_defaults(listed: Sequence[Role]) -> Sequence[Role]:
    """Return the listed roles with the permissions of default ones of their name; all default ones for none."""
    known = {role.name: role for role in _DEFAULTS}
    return [
        replace(role, permissions=known[role.name].permissions) if role.name in known else role for role in listed
    ] or _DEFAULTS


def _request(spec: Spec) -> Label | None:
    for section in spec.sections:
        if section.kind is SectionKind.MIGRATION:
            for label in section.labels:
                if _ASKS.search(label.name.strip().rstrip(":")):
                    return label
    return None


def _role_tables(catalog: Catalog, roles: Sequence[Role]) -> Iterator[tuple[Table, str, list[SeedTable]]]:
    """Yield tables that can take the roles, with the column of the name and the rows."""
    for table in catalog.of_type(Table):
        if not _ROLE_TABLE.search(table.key.name):
            continue
        name = _name_column(table)
        if name is None:
            continue
        permissions = next(
            (column for column in table.columns if column.name in {"permissions", "grants", "scopes"}), None
        )
        if permissions is not None and (permissions.type.base in {"json", "jsonb"} or permissions.type.array):
            rows = [_role(table, name, role, {permissions.name: list(role.permissions)}) for role in roles]
            if all(row is not None for row in rows):
                yield table, name, [_seeds(table, name, [row for row in rows if row is not None], catalog)]
            continue
        joined = _through_junction(table, name, catalog, roles)
        if joined is not None:
            yield table, name, joined


def _name_column(table: Table) -> str | None:
    texts = {column.name for column in table.columns if column.type.base in _TEXTS and not column.type.array}
    return next((name for name in _NAMES if name in texts), None)


def _role(table: Table, name: str, role: Role, more: Mapping[str, Value]) -> SeedRow | None:
    """Return a row with what is known; ``None`` where another column needs a value that nobody knows."""
    values: dict[str, Value] = {name: role.name}
    for column in table.columns:
        if column.name in more:
            values[column.name] = more[column.name]
        elif column.name == "description" and column.type.base in _TEXTS and role.description:
            values[column.name] = role.description
        elif column.name in {"display_name", "title", "label"} and column.name != name and column.type.base in _TEXTS:
            values[column.name] = _title(role.shown or role.name)
        elif column.name != name and _is_required(column):
            return None
    return SeedRow(values)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _is_required(column: Column) -> bool:
    return column.not_null and column.default is None and not column.identity and not column.generated


def _seeds(table: Table, name: str, rows: list[SeedRow], catalog: Catalog) -> SeedTable:
    return SeedTable(table.key, natural_key(table.key, {name}, catalog) or (name,), tuple(rows))


def _through_junction(roles: Table, role_name: str, catalog: Catalog, listed: Sequence[Role]) -> list[SeedTable] | None:
    """Roles, permissions and the table between them: three sets of rows, tied together by name."""
    constraints = catalog.constraints()
    for junction in catalog.of_type(Table):
        foreign = [c for c in constraints.get(junction.key, ()) if c.kind == ConstraintKind.FOREIGN]
        to_role = next((c for c in foreign if c.references == roles.key and len(c.columns) == 1), None)
        to_permission = next((c for c in foreign if _is_permissions(c.references) and len(c.columns) == 1), None)
        if to_role is None or to_permission is None or to_permission.references is None:
            continue
        taken = {*to_role.columns, *to_permission.columns}
        permissions = catalog.table(to_permission.references)
        permission_name = _name_column(permissions)
        if permission_name is None or any(_is_required(c) for c in junction.columns if c.name not in taken):
            continue
        role_rows = [_role(roles, role_name, role, {}) for role in listed]
        wanted = list(dict.fromkeys(permission for role in listed for permission in role.permissions))
        permission_rows = [_role(permissions, permission_name, Role(permission, "", ()), {}) for permission in wanted]
        if None in role_rows or None in permission_rows:
            continue
        links = tuple(
            SeedRow(
                {
                    to_role.columns[0]: _lookup(to_role, role_name, role.name),
                    to_permission.columns[0]: _lookup(to_permission, permission_name, permission),
                }
            )
            for role in listed
            for permission in role.permissions
        )
        return [
            _seeds(roles, role_name, [row for row in role_rows if row], catalog),
            _seeds(permissions, permission_name, [row for row in permission_rows if row], catalog),
            SeedTable(junction.key, (to_role.columns[0], to_permission.columns[0]), links),
        ]
    return None


def _is_permissions(key: Key | None) -> bool:
    return key is not None and re.search(r"(^|_)(permissions?|privileges?)$", key.name) is not None


def _lookup(constraint: Constraint, name: str, value: str) -> SqlValue:
    assert constraint.references is not None
    return SqlValue(
        compose(
            "(SELECT {column} FROM {table} WHERE {name} = {value})",
            column=Name(constraint.reference_columns[0]),
            table=Name(constraint.references.schema, constraint.references.name),
            name=Name(name),
            value=Literal(value),
        )
    )
