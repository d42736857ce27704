"""Rows → facts: enums, domains, composite and range types, sequences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import (
    Column,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    Fact,
    Range,
    Sequence,
    SequenceOptions,
)
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.rows import CatalogRows, Names


def sequence_options(row: tuple[Any, ...]) -> SequenceOptions:
    """Return how a sequence counts, from a row of ``sequences.sql``."""
    return SequenceOptions(
        type=row[3], start=row[4], increment=row[5], minimum=row[6], maximum=row[7], cache=row[8], cycle=row[9]
    )


def read_types(rows: CatalogRows, names: Names) -> Iterator[Fact]:
    """Yield the user's own types and sequences."""
    owners = {row[0]: row[9] for row in rows["types"]}
    labels = dict(rows["enum_labels"])
    for oid, *_ in rows["types"]:
        key = names.key("pg_type", oid)
        if oid in labels and key is not None and key.kind is Kind.ENUM:
            yield Enum(
                key=key,
                labels=tuple(labels[oid]),
                owner=owners[oid],
                comment=names.comment("pg_type", oid),
                shadowed=key in names.shadowed,
            )
    yield from _domains(rows, names, owners)
    yield from _composites(rows, names)
    for oid, subtype, multirange, opclass, collation, canonical, subtype_diff in rows["ranges"]:
        key = names.key("pg_type", oid)
        if key is not None and key.kind is Kind.RANGE:
            yield Range(
                key=key,
                subtype=subtype,
                multirange=multirange,
                opclass=opclass,
                collation=collation,
                canonical=canonical,
                subtype_diff=subtype_diff,
                owner=owners[oid],
                comment=names.comment("pg_type", oid),
                shadowed=key in names.shadowed,
            )
    yield from _sequences(rows, names)


def _domains(rows: CatalogRows, names: Names, owners: dict[int, str | None]) -> Iterator[Domain]:
    constraints: dict[int, list[DomainConstraint]] = defaultdict(list)
    for oid, domain, name, definition, validated in rows["domain_constraints"]:
        comment = names.comment("pg_constraint", oid)
        constraints[domain].append(
            DomainConstraint(name=name, definition=definition, validated=validated, comment=comment)
        )
    for oid, base, text, not_null, default, collation in rows["domains"]:
        key = names.key("pg_type", oid)
        if key is None or key.kind is not Kind.DOMAIN:
            continue
        yield Domain(
            key=key,
            type=names.type_ref(base, text),
            not_null=not_null,
            default=default,
            collation=collation,
            constraints=tuple(constraints[oid]),
            owner=owners[oid],
            comment=names.comment("pg_type", oid),
            shadowed=key in names.shadowed,
        )


def _composites(rows: CatalogRows, names: Names) -> Iterator[Composite]:
    attributes: dict[int, list[Column]] = defaultdict(list)
    composites = {oid: key for oid, key in names.relations.items() if key.kind is Kind.COMPOSITE}
    for row in rows["columns"]:
        relation, number, name, type_oid, text = row[:5]
        if relation in composites:
            comment = names.comment("pg_class", relation, number)
            attributes[relation].append(
                Column(name=name, type=names.type_ref(type_oid, text), collation=row[9], comment=comment)
            )
    types = {row[4]: row for row in rows["types"] if row[4]}
    for oid, key in composites.items():
        row_type = types.get(oid)
        comment = names.comment("pg_type", row_type[0]) if row_type else None
        owner = row_type[9] if row_type else None
        yield Composite(
            key=key,
            attributes=tuple(attributes[oid]),
            owner=owner,
            comment=comment,
            shadowed=key in names.shadowed,
        )


def _sequences(rows: CatalogRows, names: Names) -> Iterator[Sequence]:
    for row in rows["sequences"]:
        oid, table, column, identity = row[0], row[12], row[13], row[14]
        key = names.key("pg_class", oid)
        if identity or key is None or key.kind is not Kind.SEQUENCE:
            continue
        owner_table: Key | None = names.relations.get(table)
        yield Sequence(
            key=key,
            options=sequence_options(row),
            unlogged=row[10],
            owned_by=(owner_table, column) if owner_table is not None else None,
            owner=row[11],
            comment=names.comment("pg_class", oid),
        )
