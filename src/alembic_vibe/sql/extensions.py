"""Which extension a name belongs to, for the extensions that application schemas use."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Kind
from alembic_vibe.sql.created import references
from alembic_vibe.sql.locate import head_span, token_span
from alembic_vibe.sql.statement import MissingExtension, StatementKind
from alembic_vibe.sql.tree import name_of, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.source import Span
    from alembic_vibe.sql.created import Reference
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

# From the control and SQL files of PostgreSQL's contrib modules, PostGIS and pgvector. Only names that are hard to take
# for somebody's own function.
_PROVIDES: dict[str, dict[str, tuple[str, ...]]] = {
    "uuid-ossp": {
        "function": (
            "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5",
            "uuid_nil", "uuid_ns_dns", "uuid_ns_url", "uuid_ns_oid", "uuid_ns_x500",
        )
    },
    "pgcrypto": {
        "function": (
            "crypt", "gen_salt", "digest", "hmac", "pgp_sym_encrypt", "pgp_sym_decrypt", "pgp_sym_encrypt_bytea",
            "pgp_sym_decrypt_bytea", "pgp_pub_encrypt", "pgp_pub_decrypt", "gen_random_bytes", "armor", "dearmor",
        )
    },
    "pg_trgm": {
        "opclass": ("gin_trgm_ops", "gist_trgm_ops"),
        "function": ("similarity", "word_similarity", "strict_word_similarity", "show_trgm"),
    },
    "citext": {"type": ("citext",)},
    "hstore": {"type": ("hstore",), "opclass": ("gin_hstore_ops", "gist_hstore_ops")},
    "ltree": {"type": ("ltree", "lquery", "ltxtquery"), "opclass": ("gist_ltree_ops",)},
    "unaccent": {"function": ("unaccent",)},
    "cube": {"type": ("cube",)},
    "earthdistance": {"function": ("ll_to_earth", "earth_distance", "earth_box")},
    "intarray": {"opclass": ("gin__int_ops", "gist__int_ops", "gist__intbig_ops")},
    "isn": {"type": ("isbn", "isbn13", "issn", "ean13", "upc")},
    "vector": {
        "type": ("vector", "halfvec", "sparsevec"),
        "opclass": ("vector_l2_ops", "vector_ip_ops", "vector_cosine_ops", "halfvec_l2_ops", "halfvec_cosine_ops"),
    },
    "postgis": {
        "type": ("geometry", "geography"),
        "function": ("st_setsrid", "st_makepoint", "st_point", "st_distance", "st_dwithin", "st_geomfromtext"),
    },
    "tablefunc": {"function": ("crosstab", "connectby")},
    "fuzzystrmatch": {"function": ("soundex", "levenshtein", "metaphone", "dmetaphone")},
}  # fmt: skip

# Types that `EXCLUDE USING gist (room_id WITH =)` and a GIN index on a scalar need an operator class for.
_SCALARS = frozenset(
    {
        "int2", "int4", "int8", "float4", "float8", "numeric", "text", "varchar", "bpchar", "uuid", "date", "time",
        "timestamp", "timestamptz", "interval", "bool", "bytea", "money", "serial", "bigserial", "smallserial",
    }
)  # fmt: skip
_METHODS = {"gist": "btree_gist", "gin": "btree_gin"}

_WORD = re.compile(r"[a-z_]\w+")


@cache
def _by_name() -> dict[tuple[str, str], str]:
    return {
        (kind, name): extension
        for extension, provided in _PROVIDES.items()
        for kind, names in provided.items()
        for name in names
    }


def extension_of(reference: Reference) -> str:
    """Return the extension that provides a name, "" for none that is known."""
    return _by_name().get((reference.kind, reference.name), "")


def missing_extensions(outline: Outline) -> tuple[MissingExtension, ...]:
    """Return the extensions that the spec uses without creating them, each with its first use."""
    found: dict[str, MissingExtension] = {}
    own = {(key.kind, key.name) for key in outline.made}
    own.update((Kind.COMPOSITE, name) for name in _base_types(outline))
    for statement in outline.statements:
        if statement.kind is not StatementKind.DEFINITION or not _may_use(statement):
            continue
        for reference in references(statement):
            extension = extension_of(reference)
            kinds = {Kind.FUNCTION} if reference.kind == "function" else {Kind.DOMAIN, Kind.ENUM, Kind.COMPOSITE}
            if extension and extension not in found and not any((kind, reference.name) in own for kind in kinds):
                span = head_span(statement) if reference.location < 0 else token_span(statement, reference.location)
                found[extension] = MissingExtension(extension, reference.name, span, statement.source)
    for statement, extension, name, span in _scalar_operators(outline):
        found.setdefault(extension, MissingExtension(extension, name, span, statement.source))
    if "earthdistance" in found and "cube" not in found:
        needed = found["earthdistance"]
        found["cube"] = MissingExtension("cube", "earthdistance", needed.span, needed.source)
    return tuple(use for name, use in found.items() if not outline.makes(Kind.EXTENSION, name))


@cache
def _names() -> frozenset[str]:
    return frozenset(name for _, name in _by_name())


def _may_use(statement: Statement) -> bool:
    """Whether a name of an extension stands anywhere in the text: a quick look that spares most statements a walk."""
    return not _names().isdisjoint(_WORD.findall(statement.text.lower()))


def _scalar_operators(outline: Outline) -> list[tuple[Statement, str, str, Span]]:
    """Return where a GiST or GIN index, or an exclusion constraint, is on a column of a scalar type."""
    found = []
    for table in outline.tables.values():
        for constraint in table.constraints:
            extension = _METHODS.get(constraint.node.get("access_method", ""))
            if constraint.kind != "CONSTR_EXCLUSION" or extension is None:
                continue
            scalars = {c.name for c in table.columns.values() if c.type.name in _SCALARS and not c.is_array}
            for item in constraint.node.get("exclusions", ()):
                element = item["List"]["items"][0].get("IndexElem", {})
                if element.get("name") in scalars and not element.get("opclass"):
                    span = token_span(constraint.statement, constraint.node.get("location", 0))
                    found.append((constraint.statement, extension, element["name"], span))
    for index in outline.indexes:
        extension = _METHODS.get(index.node.get("accessMethod", ""))
        described = outline.tables.get(index.table)
        if extension is None or described is None:
            continue
        for item in index.node.get("indexParams", ()):
            element = item["IndexElem"]
            column = described.columns.get(element.get("name", ""))
            if column and column.type.name in _SCALARS and not column.is_array and not element.get("opclass"):
                found.append((index.statement, extension, column.name, head_span(index.statement)))
    return found


def _base_types(outline: Outline) -> Iterator[str]:
    """Yield the names of base types (``CREATE TYPE cube (INPUT = …)``), which have no key of their own."""
    for statement in outline.statements:
        kind, node = unwrap(statement.node) if statement.node_type == "DefineStmt" else ("", {})
        if kind and node.get("kind") == "OBJECT_TYPE":
            yield name_of(node.get("defnames")).name
