"""What the bodies of SQL functions name: PostgreSQL checks it when the function is made, ``pg_depend`` has it not."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Function
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import name_of, relation_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog

_RELATIONS = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE}
_CODE = {Kind.FUNCTION, Kind.AGGREGATE}


def used_by_bodies(catalog: Catalog) -> dict[Key, frozenset[Key]]:
    """Return, for each SQL function whose body is text, the relations and functions that it may mean."""
    named: dict[tuple[bool, str], list[Key]] = defaultdict(list)
    for key in catalog.facts:
        if key.kind in _RELATIONS | _CODE:
            named[key.kind in _CODE, key.name].append(key)
    found = {}
    for fact in catalog.of_type(Function):
        if fact.language == "sql" and fact.source is not None:
            found[fact.key] = frozenset(
                key
                for code, schema, name in _mentions(fact.source)
                for key in named.get((code, name), ())
                if schema in {"", key.schema} and key != fact.key
            )
    return found


def _mentions(body: str) -> Iterator[tuple[bool, str, str]]:
    try:
        trees = [] if grammar.is_too_large(body) else grammar.parse(body)
    except grammar.GrammarError:
        return  # it cannot be checked either
    for tree in trees:
        for kind, node in walk(tree):
            if kind == "RangeVar":
                yield (False, *relation_name(node))
            elif kind == "FuncCall":
                yield (True, *name_of(node.get("funcname")))
