"""The raw rows of the system catalogs, and the names that they give to addresses.

Shared by the builders: which key an ``(classid, objid)`` stands for, the comments, and the type behind an oid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Fact, Options, Policy, TypeRef
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Address = tuple[int, int]

_MODIFIERS = re.compile(r"\(([^)]*)\)")
_RELATION_KINDS = {"r": Kind.TABLE, "p": Kind.TABLE, "v": Kind.VIEW, "m": Kind.MATERIALIZED_VIEW, "c": Kind.COMPOSITE}
_TYPE_KINDS = {"e": Kind.ENUM, "d": Kind.DOMAIN, "r": Kind.RANGE, "m": Kind.RANGE, "c": Kind.COMPOSITE}
_ORIGINS = {"e": "enum", "d": "domain", "r": "range", "m": "multirange", "c": "composite"}
_FIRST_USER_OID = 16384  # lower ones are PostgreSQL's own
ENABLED = {"O": "origin", "D": "disabled", "R": "replica", "A": "always"}


def options(*groups: tuple[str, Iterable[str] | None]) -> Options:
    """Turn ``reloptions`` arrays (``name=value``) into sorted pairs; each group has a prefix for its names."""
    pairs = []
    for prefix, values in groups:
        for value in values or ():
            name, _, setting = value.partition("=")
            pairs.append((prefix + name, setting))
    return tuple(sorted(pairs))


@dataclass(frozen=True)
class CatalogRows:
    """The result of each query by the name of its file, and the oid of each system catalog."""

    results: Mapping[str, list[tuple[Any, ...]]]
    classes: Mapping[str, int]

    def __getitem__(self, query: str) -> list[tuple[Any, ...]]:
        return self.results[query]


class Names:
    """Keys by address, comments by address, types by oid; filled once from the rows."""

    def __init__(self, rows: CatalogRows) -> None:
        self._rows = rows
        self.addresses: dict[Address, Key] = {}
        self.relations: dict[int, Key] = {}
        self.shadowed: set[Key] = set()  # in public, with the name of something in pg_catalog
        self.identity_sequences: dict[int, Key] = {}  # they belong to their table, but have privileges of their own
        self._comments: dict[tuple[int, int, int], str] = {(c, o, s): text for c, o, s, text in rows["comments"]}
        self._name_extensions()
        self._name_relations()
        self._name_types()
        self._name_parts()
        self._name_others()

    # -- looking up -------------------------------------------------------------------------------------------------

    def key(self, catalog: str, oid: int) -> Key | None:
        """Return the key of an object of a system catalog, or ``None`` for one that is not modelled."""
        return self.addresses.get((self._rows.classes[catalog], oid))

    def name(self, catalog: str, oid: int, key: Key) -> None:
        """Remember the key of an object."""
        self.addresses[self._rows.classes[catalog], oid] = key

    def comment(self, catalog: str, oid: int, member: int = 0) -> str | None:
        """Return the comment on an object, or on one of its columns."""
        return self._comments.get((self._rows.classes[catalog], oid, member))

    def type_ref(self, oid: int, text: str) -> TypeRef:
        """Return the type with that oid, as a column spells it (``text`` is from ``format_type``)."""
        element, array = self._elements.get(oid, (oid, False))
        name, origin, key = self._types[element]
        modifiers = _MODIFIERS.search(text)
        return TypeRef(
            text=text,
            base=name,
            modifiers=modifiers.group(1) if modifiers and "(" not in name else "",
            array=array,
            origin=origin,
            key=key,
        )

    # -- filling ----------------------------------------------------------------------------------------------------

    def _name_extensions(self) -> None:
        extensions = {}
        for oid, name, _schema, _relocatable in self._rows["extensions"]:
            extensions[oid] = Key(Kind.EXTENSION, "", name)
            self.name("pg_extension", oid, extensions[oid])
        for classid, oid, extension in self._rows["extension_members"]:
            if extension in extensions:
                self.addresses[classid, oid] = extensions[extension]

    def _name_relations(self) -> None:
        for oid, schema, *_ in self._rows["namespaces"]:
            self.name("pg_namespace", oid, Key(Kind.SCHEMA, "", schema))
        for oid, schema, name, kind, *_ in self._rows["relations"]:
            if self.key("pg_class", oid) is None:
                self.relations[oid] = Key(_RELATION_KINDS[kind], schema, name)
                self.name("pg_class", oid, self.relations[oid])

    def _name_types(self) -> None:
        self._types: dict[int, tuple[str, str, Key | None]] = {}
        self._elements: dict[int, tuple[int, bool]] = {}
        for row in self._rows["types"]:
            oid, element = row[0], row[5]
            if element:
                self._elements[oid] = (element, True)
            else:
                self._name_type(row)
        multiranges = {(row[1], row[2]): row[0] for row in self._rows["types"] if row[3] == "m"}
        for range_oid, _subtype, multirange, *_ in self._rows["ranges"]:
            range_key = self.key("pg_type", range_oid)
            oid = multiranges.get((range_key.schema, multirange)) if range_key else None
            if range_key is not None and oid is not None:
                self._types[oid] = (self._types[oid][0], "multirange", range_key)
                self.name("pg_type", oid, range_key)
        for array, (element, _) in self._elements.items():
            element_key = self.key("pg_type", element)
            if element_key is not None:
                self.name("pg_type", array, element_key)

    def _name_type(self, row: tuple[Any, ...]) -> None:
        oid, schema, name, kind, relation, _element, text = row[:7]
        member_of = self.key("pg_type", oid)
        origin, key = "base", None
        if member_of is not None:
            origin, key = "extension", member_of
        elif oid < _FIRST_USER_OID:
            origin = _ORIGINS[kind] if kind in "rm" else "base"
        elif kind == "c" and row[10] != "c":  # the row type of a table or view
            origin, key = "composite", self.relations.get(relation)
        elif kind == "m":
            origin = "multirange"
        elif kind in _TYPE_KINDS:
            origin, key = _ORIGINS[kind], Key(_TYPE_KINDS[kind], schema, name)
        self._types[oid] = (text, origin, key)
        if key is not None and member_of is None:
            self.name("pg_type", oid, key)
            if text.startswith("public."):  # qualified although public is searched
                self.shadowed.add(key)

    def _name_parts(self) -> None:
        for oid, schema, name, arguments, kind, *_, shadowed in self._rows["functions"]:
            key = Key(Kind.AGGREGATE if kind == "a" else Kind.FUNCTION, schema, name, arguments)
            self.name("pg_proc", oid, key)
            if shadowed:
                self.shadowed.add(key)
        for row in self._rows["sequences"]:
            oid, schema, name, table, identity = row[0], row[1], row[2], row[12], row[14]
            own = self.relations.get(table) if identity else Key(Kind.SEQUENCE, schema, name)
            if own is not None and self.key("pg_class", oid) is None:
                self.name("pg_class", oid, own)
                if identity:
                    self.identity_sequences[oid] = Key(Kind.SEQUENCE, schema, name)
        for oid, table, _number in self._rows["attribute_defaults"]:
            if table in self.relations:
                self.name("pg_attrdef", oid, self.relations[table])
        for oid, domain, *_ in self._rows["domain_constraints"]:
            domain_key = self.key("pg_type", domain)
            if domain_key is not None:
                self.name("pg_constraint", oid, domain_key)

    def _name_others(self) -> None:
        for classid, oid, kind, schema, identity in self._rows["others"]:
            self.addresses[classid, oid] = Key(Kind.OTHER, schema, identity, kind)

    # -- dependencies -----------------------------------------------------------------------------------------------

    def dependencies(self, facts: Mapping[Key, Fact]) -> dict[Key, frozenset[Key]]:
        """Return, for each key, the keys that must exist before it (``pg_depend``, and the roles that are named)."""
        classes = self._rows.classes
        sequences = {
            (classes["pg_class"], row[0]): row[12] for row in self._rows["sequences"] if row[12] and not row[14]
        }
        edges: dict[Key, set[Key]] = {}
        for classid, objid, refclassid, refobjid, kind, _ in self._rows["dependencies"]:
            dependent = self.addresses.get((classid, objid))
            needed = self.addresses.get((refclassid, refobjid))
            if dependent is None or needed is None or dependent == needed:
                continue
            if kind == "a" and (classid, objid) in sequences and refobjid == sequences[classid, objid]:
                continue  # OWNED BY comes after both exist
            if dependent.kind is Kind.SCHEMA or (dependent.kind is Kind.EXTENSION and needed.kind is not Kind.SCHEMA):
                continue
            edges.setdefault(dependent, set()).add(needed)
        for fact in facts.values():
            needed_keys = set(self._named(fact))
            if needed_keys:
                edges.setdefault(fact.key, set()).update(
                    found for key in needed_keys if (found := self._identity_table(key)) in facts
                )
        return {key: frozenset(needed) for key, needed in edges.items()}

    def column_users(self, facts: Mapping[Key, Fact]) -> dict[tuple[Key, str], frozenset[Key]]:
        """Return, for each column of a table or view, the keys of what uses it directly (``pg_depend.refobjsubid``).

        The manual, section "pg_depend": a row with ``refobjsubid`` is about one column. An expression of a generated
        column depends on the columns in it, and on its own column; the latter is no use of it.
        """
        classes = self._rows.classes
        columns = {(row[0], row[1]): row[2] for row in self._rows["columns"]}
        own = {(classes["pg_attrdef"], oid): (table, number) for oid, table, number in self._rows["attribute_defaults"]}
        publications = {
            (classes["pg_publication_rel"], oid): (classes["pg_publication"], publication)
            for oid, publication in self._rows["publication_tables"]
        }
        users: dict[tuple[Key, str], set[Key]] = {}
        for classid, objid, refclassid, refobjid, _, number in self._rows["dependencies"]:
            table = self.relations.get(refobjid) if refclassid == classes["pg_class"] else None
            column = columns.get((refobjid, number))  # none for the table as a whole, and its system columns
            if table is None or column is None or own.get((classid, objid)) == (refobjid, number):
                continue
            if classid == classes["pg_class"] and objid in self.identity_sequences:
                continue  # it is a part of the column
            user = self.addresses.get(publications.get((classid, objid), (classid, objid)))
            if user is not None and user in facts and (table != user or (classid, objid) in own):
                users.setdefault((table, column), set()).add(user)
        return {used: frozenset(found) for used, found in users.items()}

    def _identity_table(self, key: Key) -> Key:
        """Return the table of an identity column's sequence; every other key as it is."""
        return self._identity_tables.get(key, key)

    @cached_property
    def _identity_tables(self) -> dict[Key, Key]:
        catalog = self._rows.classes["pg_class"]
        return {key: self.addresses[catalog, oid] for oid, key in self.identity_sequences.items()}

    @staticmethod
    def _named(fact: Fact) -> Iterable[Key]:
        """Yield what a fact names and ``pg_depend`` does not know: roles, and the target of privileges."""
        owner = getattr(fact, "owner", None)
        if owner:
            yield Key(Kind.ROLE, "", owner)
        if isinstance(fact, Policy):
            for role in fact.roles:
                yield Key(Kind.ROLE, "", role)
        for attribute in ("grantee", "role"):
            value = getattr(fact, attribute, None)
            if isinstance(value, str) and value:
                yield Key(Kind.ROLE, "", value)
        if fact.key.kind is Kind.DEFAULT_PRIVILEGES and fact.key.schema:
            yield Key(Kind.SCHEMA, "", fact.key.schema)
        if fact.key.kind is Kind.MEMBERSHIP:
            yield Key(Kind.ROLE, "", fact.key.name)
            yield Key(Kind.ROLE, "", fact.key.member)
        target = getattr(fact, "target", None)
        if isinstance(target, Key):
            yield target
