"""What may be an old object under a new name: a question to the author, never a guess.

One that goes and one that comes in the same edit, alike in shape, are either a renaming (the data stays) or not (it is
set aside and dropped later). The author says which.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Domain, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger, is_accepted
from alembic_vibe.sql.places import find_places
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.columns import TypeRef
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.results import Acceptance
    from alembic_vibe.sql.statement import Statement

UNDECIDED = Rule(
    code="AV837",
    slug="renamed-or-dropped",
    severity=Severity.ERROR,
    summary="Something goes and something alike comes: it can be a new name, or another thing.",
    why="A renaming keeps the data; a drop sets it aside and loses it in the end. The difference cannot be seen in the "
    "specification, and is never guessed.",
    fix="Write `-- renamed from: old_name` beside the new column, or above the new table. If the old one shall go, say "
    "so with `--accept data-loss:table.column`.",
    bad="-- was: CREATE TABLE users (name text);\nCREATE TABLE users (full_name text);",
    good="CREATE TABLE users (\n    full_name text -- renamed from: name\n);",
)
RULES = (UNDECIDED,)

_MOST_SHOWN = 5
_ENOUGH_COLUMNS = 0.5  # of the columns of both tables together
_ALIKE = 0.6
# Types whose values go into each other without a thought: a column can be renamed and widened in one edit.
_FAMILIES = (
    frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision", "money"}),
    frozenset({"character", "character varying", "text", "citext", "name"}),
    frozenset({"timestamp without time zone", "timestamp with time zone", "date"}),
    frozenset({"time without time zone", "time with time zone"}),
    frozenset({"json", "jsonb"}),
    frozenset({"inet", "cidr"}),
)


@dataclass(frozen=True)
class Candidate:
    """``new`` may be ``old`` under another name; ``likeness`` is for putting the likelier first."""

    old: Key
    new: Key
    likeness: float


def find_candidates(
    changes: Iterable[Change],
    before: Catalog,
    after: Catalog,
    accepted: Sequence[Acceptance] = (),
    moved: Mapping[Key, Key] | None = None,
) -> tuple[Candidate, ...]:
    """Return the pairs of what goes and what comes that may be one thing.

    Columns of a table: of the same type, or of a related one when the names are alike or the place is the same. Not
    those that PostgreSQL computes. Tables: when half of the columns are the same, or the name is, in another schema;
    partitions only with the same bounds.

    Args:
        changes: Refined changes, after all that the author said about names; without what is not the spec's own.
        before: Where they start.
        after: Where they lead.
        accepted: ``--accept data-loss:…`` says that the old one shall go.
        moved: Columns that come from another table: the old one by the new one.
    """
    gone: list[Change] = []
    come: dict[tuple[str, ...], list[Change]] = {}
    answers = [(found.hazard, found.object) for found in accepted]
    elsewhere = {*(moved or {}), *(moved or {}).values()}
    for change in changes:
        if change.key in elsewhere:
            continue
        if change.kind is ChangeKind.DROP and not is_accepted(Danger(DATA_LOSS, _shown(change.key), ""), answers):
            gone.append(change)
        elif change.kind is ChangeKind.ADD:
            come.setdefault(_group(change.key), []).append(change)
    found = []
    for old in gone:
        for new in come.get(_group(old.key), ()):
            likeness = _likeness(old, new, before, after)
            if likeness:
                found.append(Candidate(old.key, new.key, likeness))
    return tuple(sorted(found, key=lambda one: (one.old, -one.likeness, one.new)))


def questions(candidates: Iterable[Candidate], statements: Iterable[Statement]) -> tuple[Diagnostic, ...]:
    """Return a question for each thing that goes, at the place of what it has most likely become.

    Args:
        candidates: What ``find_candidates`` found.
        statements: Those of the spec, for the places.
    """
    by_old: dict[Key, list[Key]] = {}
    for candidate in candidates:
        by_old.setdefault(candidate.old, []).append(candidate.new)
    places = find_places(statements) if by_old else {}
    found = []
    for old, news in by_old.items():
        place = places.get(news[0])
        found.append(
            UNDECIDED.diagnostic(
                _message(old, news),
                help=_help(old, news),
                source=place.source if place else None,
                span=place.span if place else None,
            )
        )
    return tuple(found)


def _group(key: Key) -> tuple[str, ...]:
    return key[:3] if key.kind is Kind.COLUMN else key[:1]


# -- likeness --------------------------------------------------------------------------------------------------------


def _likeness(old: Change, new: Change, before: Catalog, after: Catalog) -> float:
    """Return how much two objects are alike, 0 where they can't be the same thing."""
    if isinstance(old.before, Column) and isinstance(new.after, Column):
        table = Key(Kind.TABLE, new.key.schema, new.key.name)
        return _of_columns(old.before, new.after, before, after, table)
    if isinstance(old.before, Table) and isinstance(new.after, Table):
        return _of_tables(old.before, new.after)
    return 0


def _of_columns(old: Column, new: Column, before: Catalog, after: Catalog, table: Key) -> float:
    if old.generated or new.generated or new.inherited:
        return 0
    names = _of_names(old.name, new.name)
    same_place = _neighbour(before, table, old.name) == _neighbour(after, table, new.name)
    one, other = _basis(old.type, before), _basis(new.type, after)
    if old.type != new.type and one != other:
        related = one.array == other.array and (
            one.base == other.base or any({one.base, other.base} <= family for family in _FAMILIES)
        )
        if not (related and (same_place or names >= _ALIKE)):
            return 0
    shape = (old.type == new.type, old.not_null == new.not_null, old.default == new.default, same_place)
    return 1 + names + (2 if names >= _ALIKE else 0) + sum(shape)


def _of_tables(old: Table, new: Table) -> float:
    if (old.partition_of, old.partition_bound) != (new.partition_of, new.partition_bound):
        return 0
    one, other = ({(column.name, column.type.text) for column in table.columns} for table in (old, new))
    union = one | other
    overlap = len(one & other) / len(union) if union else 1.0
    same_name = old.key.name == new.key.name
    if overlap < _ENOUGH_COLUMNS and not (same_name and one & other):
        return 0
    return overlap + _of_names(old.key.name, new.key.name)


def _basis(type_: TypeRef, catalog: Catalog) -> TypeRef:
    """Return the type that a domain is made of, any other type as it is."""
    domain = catalog.facts.get(type_.key) if type_.key is not None and not type_.array else None
    return _basis(domain.type, catalog) if isinstance(domain, Domain) else type_


def _of_names(one: str, other: str) -> float:
    """Return from 0 to 1 how much two names are alike; a common word counts much."""
    words = [set(re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())) for name in (one, other)]
    letters = SequenceMatcher(None, one.lower(), other.lower()).ratio()
    return max(letters, _ALIKE) if words[0] & words[1] else letters


def _neighbour(catalog: Catalog, table: Key, name: str) -> str:
    """Return the column that stands before another one, which stays when the other is replaced."""
    names = [column.name for column in catalog.table(table).columns]
    return names[names.index(name) - 1] if names[0] != name else ""


# -- what to say -----------------------------------------------------------------------------------------------------


def _shown(key: Key) -> str:
    return f"{key.qualified}.{key.member}" if key.member else key.qualified


def _message(old: Key, news: list[Key]) -> str:
    names = [_shown(new) for new in news]
    more = f" or one of {len(names) - _MOST_SHOWN} others" if len(names) > _MOST_SHOWN else ""
    shown = " or ".join(names[:_MOST_SHOWN])
    return f"{_shown(old)} is gone, and {shown}{more} is new: is it the same {old.kind} under another name?"


def _help(old: Key, news: list[Key]) -> str:
    new = news[0]
    spelled = quote_qualified(old.schema, old.name)
    if old.kind is Kind.COLUMN:
        name, where = quote_identifier(old.member), "beside the column"
        option = f"{spelled}.{name}={quote_identifier(new.member)}"
    elif old.schema == new.schema:
        name, where = quote_identifier(old.name), "above CREATE TABLE"
        option = f"{spelled}={quote_identifier(new.name)}"
    else:
        name, where = _with_schema(old), "above CREATE TABLE"
        option = f"{_with_schema(old)}={_with_schema(new)}"
    which = f" that {_shown(old)} has become" if len(news) > 1 else ""
    return (
        f"if it is, write `-- renamed from: {name}` {where}{which}, or give `--rename {shlex.quote(option)}`; if the "
        f"old one shall go, give `--accept {shlex.quote(f'{DATA_LOSS.slug}:{_shown(old)}')}`"
    )


def _with_schema(key: Key) -> str:
    return f"{quote_identifier(key.schema)}.{quote_identifier(key.name)}"
