"""Default roles with permissions, where the specification asks for them and lists none.

Never a password, never a user: roles are what an application checks, not who may log in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Table
from alembic_vibe.seed import rules
from alembic_vibe.seed.extract import Extraction, in_dependency_order, natural_key
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue, Value
from alembic_vibe.spec.model import SectionKind
from alembic_vibe.sql.compose import Literal, Name, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Constraint
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.spec.model import Label, Spec

_ASKS = re.compile(r"^(user|default|application)?\s*roles?$|^roles?\b.*permissions?", re.IGNORECASE)
_ROLE_TABLE = re.compile(r"(^|_)roles?$", re.IGNORECASE)
_NAMES = ("name", "code", "slug", "key", "role", "title", "label")
_TEXTS = {"text", "character varying", "citext", "character"}
_ROLES: dict[str, tuple[str, list[str]]] = {
    "admin": ("May do everything", ["*"]),
    "user": ("May see and change what is their own", ["self:read", "self:write"]),
}


def add_default_roles(spec: Spec, extraction: Extraction, catalog: Catalog) -> Extraction:
    """Add the roles ``admin`` and ``user`` where 5.M asks for default roles and no INSERT gives any.

    Args:
        spec: The specification; a label such as "User Roles" in its migration section is the request.
        extraction: The seeds so far.
        catalog: The schema that the specification makes.

    Returns:
        The seeds with the roles, or with a note saying which table is missing; unchanged where nothing is asked for.
    """
    label = _request(spec)
    if label is None:
        return extraction
    found = next(_role_tables(catalog), None)
    if found is None:
        note = rules.NO_ROLES_TABLE.diagnostic(
            "default roles are asked for, but no table holds roles with permissions",
            source=spec.source,
            span=label.span,
        )
        return Extraction(extraction.tables, (*extraction.diagnostics, note))
    table, name, made = found
    if any(seeds.key == table.key for seeds in extraction.tables):
        return extraction
    placed = [
        SeedTable(seeds.key, seeds.conflict, tuple(SeedRow(row.values, spec.source, label.span) for row in seeds.rows))
        for seeds in made
    ]
    present = {seeds.key for seeds in extraction.tables}
    added = [seeds for seeds in placed if seeds.key not in present]
    note = rules.DEFAULT_ROLES.diagnostic(
        f"wrote the default roles admin and user into {table.key.qualified}.{name}",
        source=spec.source,
        span=label.span,
    )
    return Extraction(
        tuple(in_dependency_order([*extraction.tables, *added], catalog)), (*extraction.diagnostics, note)
    )


def is_about_roles(table: Key) -> bool:
    """Whether a table holds roles or permissions, going by its name."""
    return _ROLE_TABLE.search(table.name) is not None


def _request(spec: Spec) -> Label | None:
    for section in spec.sections:
        if section.kind is SectionKind.MIGRATION:
            for label in section.labels:
                if _ASKS.search(label.name.strip().rstrip(":")):
                    return label
    return None


def _role_tables(catalog: Catalog) -> Iterator[tuple[Table, str, list[SeedTable]]]:
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
            rows = [
                _role(table, name, role, {permissions.name: list(granted)}) for role, (_, granted) in _ROLES.items()
            ]
            if all(row is not None for row in rows):
                yield table, name, [_seeds(table, name, [row for row in rows if row is not None], catalog)]
            continue
        joined = _through_junction(table, name, catalog)
        if joined is not None:
            yield table, name, joined


def _name_column(table: Table) -> str | None:
    texts = {column.name for column in table.columns if column.type.base in _TEXTS and not column.type.array}
    return next((name for name in _NAMES if name in texts), None)


def _role(table: Table, name: str, value: str, more: Mapping[str, Value]) -> SeedRow | None:
    """Return a row with what is known; ``None`` where another column needs a value that nobody knows."""
    values: dict[str, Value] = {name: value}
    description = _ROLES[value][0] if value in _ROLES else ""
    for column in table.columns:
        if column.name in more:
            values[column.name] = more[column.name]
        elif column.name == "description" and column.type.base in _TEXTS and description:
            values[column.name] = description
        elif column.name in {"display_name", "title", "label"} and column.name != name and column.type.base in _TEXTS:
            values[column.name] = value.capitalize()
        elif column.name != name and _is_required(column):
            return None
    return SeedRow(values)


def _is_required(column: Column) -> bool:
    return column.not_null and column.default is None and not column.identity and not column.generated


def _seeds(table: Table, name: str, rows: list[SeedRow], catalog: Catalog) -> SeedTable:
    return SeedTable(table.key, natural_key(table.key, {name}, catalog) or (name,), tuple(rows))


def _through_junction(roles: Table, role_name: str, catalog: Catalog) -> list[SeedTable] | None:
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
        role_rows = [_role(roles, role_name, role, {}) for role in _ROLES]
        wanted = list(dict.fromkeys(permission for _, granted in _ROLES.values() for permission in granted))
        permission_rows = [_role(permissions, permission_name, permission, {}) for permission in wanted]
        if None in role_rows or None in permission_rows:
            continue
        links = tuple(
            SeedRow(
                {
                    to_role.columns[0]: _lookup(to_role, role_name, role),
                    to_permission.columns[0]: _lookup(to_permission, permission_name, permission),
                }
            )
            for role, (_, granted) in _ROLES.items()
            for permission in granted
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
