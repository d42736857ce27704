"""The sections of tables and of access control: what stands in each fence, and the words around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import (
    Constraint,
    DefaultPrivileges,
    Membership,
    Policy,
    Privileges,
    Role,
    Table,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.layout import Layout, Part, Place, Slot
from alembic_vibe.describe.model import FeatureSection, Fence, Heading
from alembic_vibe.describe.prose import as_prose, listed
from alembic_vibe.plan.objects import privileges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.describe.grouping import Group
    from alembic_vibe.describe.statements import Writer

_FIRST = 3  # 5.3 is the first section with tables
_MOST_NAMES = 4
_KINDS = (
    ("Extensions", {Kind.EXTENSION}),
    ("Schemas", {Kind.SCHEMA}),
    ("Types", {Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE}),
    ("Sequences", {Kind.SEQUENCE}),
    ("Views", {Kind.VIEW, Kind.MATERIALIZED_VIEW}),
    ("Functions", {Kind.FUNCTION, Kind.AGGREGATE}),
)
_ONE_LINERS = {Kind.EXTENSION, Kind.SCHEMA, Kind.SEQUENCE}


# -- sections of tables ----------------------------------------------------------------------------------------------


def feature_sections(catalog: Catalog, groups: list[Group], layout: Layout, writer: Writer) -> list[FeatureSection]:
    """Return the sections with their statements, in the order of the document."""
    used = [
        (rank, groups[group])
        for rank, group in enumerate(layout.sections)
        if any(Place(rank, part) in layout.slots for part in Part)
    ]
    numbers = {id(group): f"5.{number}" for number, (_, group) in enumerate(used, _FIRST)}
    homes = {table: group for _, group in used for table in group.tables}
    found = []
    for rank, group in used:
        parts = {part: slots for part in Part if (slots := layout.slots.get(Place(rank, part)))}
        headings = tuple(
            Heading(_heading(part, slots), tuple(_fences(catalog, slots, writer))) for part, slots in parts.items()
        )
        context = _context(catalog, group, homes, numbers)
        found.append(FeatureSection(numbers[id(group)], _title(group, rank), context, headings, labelled=rank > 0))
    return found


def _title(group: Group, rank: int) -> str:
    if rank > 0:
        return f"{group.title} Schema"
    return f"{group.title} Tables" if group.tables else "Shared Types and Functions"


def _heading(part: Part, slots: Iterable[Slot]) -> str:
    kinds = {slot.key.kind for slot in slots}
    if part is Part.RELATIONSHIP:
        return "Relationship Tables"
    if Kind.TABLE in kinds:
        return "Primary Tables" if part is Part.PRIMARY else "Tables and Views"
    return listed([name for name, members in _KINDS if members & kinds]) or "Other Objects"


def _context(catalog: Catalog, group: Group, homes: Mapping[Key, Group], numbers: Mapping[int, str]) -> str:
    """Say which tables of other sections the foreign keys of a section lead to."""
    others: dict[str, set[str]] = {}
    for fact in catalog.of_type(Constraint):
        other = homes.get(fact.references) if fact.references is not None else None
        if fact.table in group.tables and other is not None and other is not group and fact.references is not None:
            others.setdefault(numbers[id(other)], set()).add(fact.references.qualified)
    refers = [f"{_some(sorted(names))} ({number})" for number, names in sorted(others.items(), key=_by_number)]
    return f"Refers to {listed(refers)}" if refers else ""


def _by_number(item: tuple[str, set[str]]) -> int:
    return int(item[0].removeprefix("5."))


def _some(names: list[str]) -> str:
    shown = [as_prose(name) or "others" for name in names[:_MOST_NAMES]]
    more = len(names) - len(shown)
    return listed([*shown, f"{more} more"] if more > 0 else shown)


def _fences(catalog: Catalog, slots: Iterable[Slot], writer: Writer) -> Iterator[Fence]:
    """Yield a fence for each table with its partitions; what is no table shares one."""
    groups: list[tuple[str, ...]] = []
    words, last, open_group = "", Kind.OTHER, False
    for slot in slots:
        fact = catalog.facts[slot.key]
        made = tuple(writer.make(fact, slot.inline))
        below = list(_joined((key, tuple(writer.make(catalog.facts[key]))) for key in slot.attached))
        partition = isinstance(fact, Table) and fact.partition_of is not None and last is Kind.TABLE
        if slot.key.kind is Kind.TABLE or last is Kind.TABLE:
            new = as_prose(fact.comment if isinstance(fact, Table) else None)
            if groups and not (partition and not new):
                yield Fence(tuple(groups), words)
                groups, words = [], new
            words = words or new
        short = (slot.key.kind in _ONE_LINERS or partition) and not any("\n" in sql for sql in made)
        if short and open_group and groups and last is slot.key.kind:
            groups[-1] += made
        else:
            groups.append(made)
        groups += below
        open_group, last = short and not below, slot.key.kind
    if groups:
        yield Fence(tuple(groups), words)


def _joined(below: Iterable[tuple[Key, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Put statements of one line and one kind together; longer ones stand alone."""
    kind = None
    group: list[str] = []
    for key, statements in below:
        alone = any("\n" in statement for statement in statements)
        if group and (alone or key.kind is not kind):
            yield tuple(group)
            group = []
        kind = None if alone else key.kind
        group += statements
    if group:
        yield tuple(group)


# -- access control --------------------------------------------------------------------------------------------------


def access(catalog: Catalog, writer: Writer) -> Fence | None:
    """Return roles, owners, privileges and default privileges, which come after everything that they are about."""
    roles = [sql for fact in catalog.of_type(Role) for sql in writer.make(fact)]
    roles += [sql for fact in catalog.of_type(Membership) for sql in writer.make(fact)]
    owners = [sql for fact in catalog.facts.values() for sql in writer.owner(fact)]
    grants = [sql for facts in _granted(catalog) for op in privileges.together(facts).up for sql in op.statements]
    defaults = [sql for fact in catalog.of_type(DefaultPrivileges) for sql in writer.make(fact)]
    groups = tuple(tuple(group) for group in (roles, owners, grants, defaults) if group)
    return Fence(groups) if groups else None


def _granted(catalog: Catalog) -> list[list[Privileges]]:
    """Return the privileges, those together that one statement can say."""
    found: dict[tuple[object, ...], list[Privileges]] = {}
    for fact in catalog.of_type(Privileges):
        signature = (*privileges.signature_of(fact), fact.target if fact.column else None)
        found.setdefault(signature, []).append(fact)
    return sorted(found.values(), key=lambda facts: facts[0].key)


def row_security(catalog: Catalog, writer: Writer) -> Fence | None:
    """Return the policies of each table, and what switches them on."""
    policies: dict[tuple[str, str], list[str]] = {}
    for policy in catalog.of_type(Policy):
        policies.setdefault((policy.key.schema, policy.key.name), []).extend(writer.make(policy))
    groups = []
    for table in catalog.of_type(Table):
        group = (*writer.row_security(table), *policies.get((table.key.schema, table.key.name), ()))
        if group:
            groups.append(group)
    return Fence(tuple(groups)) if groups else None
