"""Tables → sections: by schema, by the words of their names, and by their foreign keys.

Tables whose names begin with the same word belong together; one that stands alone goes where most of its foreign keys
lead, a reference counting the less the more tables have one (everything refers to users). What others refer to from
all sides is the core. Nothing here depends on the order in which tables come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Table
from alembic_vibe.describe.words import stem, title_of, words_of
from alembic_vibe.naming import singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key

_PUBLIC = "public"
CORE = "Core System"
_SMALL = 3  # tables; a smaller group joins another that it has foreign keys with
_LARGE = 12  # tables; a larger group takes none in
_WHOLE_SCHEMA = 14  # tables of a schema of its own that stay together
_MOST = 0.6  # a first word that so many tables share says nothing
_LONG = 4  # words; a longer second name is left out of a title
_CORE_FROM = 3  # other groups that refer to the core


@dataclass
class Group:
    """Tables of one section; ``label`` sorts groups and is their name until they have a title."""

    label: tuple[str, ...]
    schema: str
    tables: set[Key] = field(default_factory=set)
    parts: list[frozenset[Key]] = field(default_factory=list)  # the tables of each group that joined it
    title: str = ""


def group_tables(catalog: Catalog) -> list[Group]:
    """Return the sections of the tables of a catalog: the core first (it may be empty), then by title.

    Partitions and tables that inherit are with the table that they have their columns from.
    """
    roots = {table.key: _root(table, catalog) for table in catalog.of_type(Table)}
    links = _links(catalog, roots)
    groups: list[Group] = []
    for schema in sorted({root.schema for root in roots.values()}):
        own = sorted({root for root in roots.values() if root.schema == schema})
        groups += _of_schema(schema, own, links)
    core = _core(groups, links)
    rest = sorted((group for group in groups if group is not core and group.tables), key=lambda group: group.label)
    for group in rest:
        group.title = _title(group)
    result = [core, *sorted(rest, key=lambda group: (group.title, group.label))]
    homes = {table: group for group in result for table in group.tables}
    for key, root in roots.items():
        homes[root].tables.add(key)
    return result


def _root(table: Table, catalog: Catalog) -> Key:
    while True:
        parents = (table.partition_of,) if table.partition_of else table.inherits
        found = catalog.facts.get(parents[0]) if parents and parents[0] is not None else None
        if not isinstance(found, Table):
            return table.key
        table = found


# -- foreign keys ----------------------------------------------------------------------------------------------------

Links = dict["Key", dict["Key", Fraction]]


def _links(catalog: Catalog, roots: Mapping[Key, Key]) -> Links:
    """Return how much each table has to do with each other table, both ways."""
    pairs = {
        (roots[found.table], roots[found.references])
        for found in catalog.of_type(Constraint)
        if found.references is not None and found.references in roots and found.table in roots
    }
    pairs = {(one, other) for one, other in pairs if one != other}
    referring = Counter(other for _, other in pairs)
    links: Links = defaultdict(lambda: defaultdict(Fraction))
    for one, other in pairs:
        weight = Fraction(1, referring[other])
        links[one][other] += weight
        links[other][one] += weight
    return links


# -- groups ----------------------------------------------------------------------------------------------------------


def _of_schema(schema: str, tables: list[Key], links: Links) -> list[Group]:
    if schema != _PUBLIC and len(tables) <= _WHOLE_SCHEMA:
        return [Group(stem(schema), schema, set(tables))]
    stems = {table: stem(table.name) for table in tables}
    common = _common(list(stems.values()))
    names = {table: _told(found, common) for table, found in stems.items()}
    by_word: dict[str, Group] = {}
    for table in tables:
        word = names[table][0]
        by_word.setdefault(word, Group((word,), schema)).tables.add(table)
    groups = [by_word[word] for word in sorted(by_word)]
    _join(groups, names, links)
    for group in groups:
        if group.tables:
            group.label = _label(group, names)
    return [group for group in groups if group.tables]


def _common(names: list[tuple[str, ...]]) -> str:
    """Return a first word that says nothing, because most tables have it; else an empty one."""
    counted = Counter(name[0] for name in names if len(name) > 1)
    word, count = min(counted.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return word if count > max(3, len(names) * _MOST) else ""


def _told(name: tuple[str, ...], common: str) -> tuple[str, ...]:
    return name[1:] if len(name) > 1 and name[0] == common else name


def _join(groups: list[Group], names: Mapping[Key, tuple[str, ...]], links: Links) -> None:
    """Let small groups go into others: the smallest first, each where it has most to do, while one can."""
    homes = {table: number for number, group in enumerate(groups) for table in group.tables}
    small = _small(groups)
    while small:
        number = small.pop(0)
        other = _neighbour(number, groups, names, links, homes)
        if other is None:
            continue
        group = groups[number]
        groups[other].tables |= group.tables
        groups[other].parts += [frozenset(group.tables.difference(*group.parts)), *group.parts]
        homes.update(dict.fromkeys(group.tables, other))
        group.tables = set()
        small = _small(groups)


def _small(groups: list[Group]) -> list[int]:
    found = [number for number, group in enumerate(groups) if 0 < len(group.tables) < _SMALL]
    return sorted(found, key=lambda number: (len(groups[number].tables), groups[number].label))


def _neighbour(
    number: int, groups: list[Group], names: Mapping[Key, tuple[str, ...]], links: Links, homes: Mapping[Key, int]
) -> int | None:
    """Return where a small group goes: a name within its names first, then its foreign keys; ``None`` for nowhere."""
    group = groups[number]
    strength: dict[int, Fraction] = defaultdict(Fraction)
    for table in group.tables:
        for linked, weight in links.get(table, {}).items():
            strength[homes.get(linked, number)] += weight
    known = {word for table in group.tables for word in names[table]}

    def fits(other: int) -> bool:
        size = len(groups[other].tables)
        return other != number and 0 < size <= _LARGE - len(group.tables)

    linked_groups = [other for other in strength if fits(other)]
    named = [other for other in linked_groups if groups[other].label[0] in known]
    if named or linked_groups:
        return max(named or linked_groups, key=lambda o: (strength[o], -len(groups[o].tables), -o))
    return next((o for o, found in enumerate(groups) if found.label[0] in known and fits(o)), None)


def _label(group: Group, names: Mapping[Key, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest beginning that the names of a group share."""
    own = [names[table] for table in sorted(group.tables) if names[table][0] == group.label[0]]
    label = own[0] if own else group.label
    for name in own[1:]:
        length = next(
            (i for i, (a, b) in enumerate(zip(label, name, strict=False)) if a != b), min(len(label), len(name))
        )
        label = label[:length]
    return label or group.label


# -- the core and titles ---------------------------------------------------------------------------------------------


def _core(groups: list[Group], links: Links) -> Group:
    """Take the tables of the core out of the groups: what stands alone, and the group that most others refer to."""
    core = Group(("core",), _PUBLIC, title=CORE)
    public = [group for group in groups if group.schema == _PUBLIC]
    lonely = [group for group in public if len(group.tables) == 1]
    hub = max(public, key=lambda g: (_reached(g, groups, links), [-ord(c) for c in g.label[0]]), default=None)
    for group in public:
        if (group in lonely and len(public) > 1) or (group is hub and _reached(group, groups, links) >= _CORE_FROM):
            core.tables |= group.tables
            group.tables = set()
    return core


def _reached(group: Group, groups: list[Group], links: Links) -> int:
    """Return how many other groups have a foreign key to one table of a group, at most: of its most used one."""
    return (
        max(
            sum(1 for other in groups if other is not group and any(links[table].get(o) for o in other.tables))
            for table in group.tables
        )
        if group.tables
        else 0
    )


def _title(group: Group) -> str:
    own = group.tables.difference(*group.parts)
    if group.schema != _PUBLIC and stem(group.schema) == group.label:
        return title_of(words_of(group.schema))
    title = _named_after(own, group.label)
    if group.schema != _PUBLIC:
        title = f"{title_of(words_of(group.schema))} {title}"
    if len(group.parts) == 1:
        second = _named_after(group.parts[0], ())
        if len(second.split()) < _LONG and not set(title.split()) & set(second.split()):
            return f"{title} and {second}"
    return title


def _named_after(tables: Iterable[Key], label: tuple[str, ...]) -> str:
    """Return a title for tables whose names begin alike: their common beginning, in the plural where it is a table."""
    names = sorted(words_of(table.name) for table in tables)
    stems = [tuple(map(singular, name)) for name in names]
    at = next((found.index(label[0]) for found in stems if label and label[0] in found), 0)
    shared = len(names[0]) if len(names) == 1 else max(1, len(label))
    whole = next(
        (name for name, found in zip(names, stems, strict=True) if found[at:] == found[at : at + shared]), None
    )
    chosen = whole or names[0]
    return title_of(chosen[at : at + shared], many=whole is not None)
