"""A catalog → a specification: Markdown with a Section 5 that compiles to that catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import DefaultPrivileges, Membership, Policy, Privileges, Role, Table
from alembic_vibe.describe.grouping import group_tables
from alembic_vibe.describe.layout import Layout, Part, Place, Slot, lay_out
from alembic_vibe.describe.model import Described, FeatureSection, Fence, Heading, Wishes
from alembic_vibe.describe.naming import UsualNames
from alembic_vibe.describe.prose import as_prose
from alembic_vibe.describe.selection import select
from alembic_vibe.describe.statements import Writer
from alembic_vibe.describe.tables import TableWriter
from alembic_vibe.describe.template import render
from alembic_vibe.plan.objects import privileges

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.describe.grouping import Group

_FIRST = 3  # 5.3 is the first section with tables
_OLDEST = 15
_TITLES = {
    Part.SHARED: "Extensions, Schemas and Types",
    Part.FUNCTIONS: "Functions",
    Part.PRIMARY: "Primary Tables",
    Part.RELATIONSHIP: "Relationship Tables",
    Part.VIEWS: "Views and Functions",
}


def write_spec(
    catalog: Catalog,
    title: str,
    *,
    version_table: str = "alembic_version",
    version_schema: str = "",
    ignored_schemas: Collection[str] = (),
    owner: str = "",
) -> str:
    """Return a specification whose Section 5 describes a database.

    The same catalog gives the same text.

    Args:
        catalog: What the database has, as ``read_catalog`` returns it.
        title: The name of the product, for the document's heading.
        version_table: Alembic's own table, which is not described.
        version_schema: Its schema; empty for ``public``.
        ignored_schemas: Schemas that belong to somebody else.
        owner: The role that runs the migrations; see ``Wishes``.

    Returns:
        The Markdown; ``describe`` also tells what is not in it.
    """
    return describe(catalog, title, Wishes(version_table, version_schema, ignored_schemas, owner)).text


def describe(catalog: Catalog, title: str, wishes: Wishes | None = None) -> Described:
    """Return a specification that describes a database, and what it leaves out.

    Args:
        catalog: What the database has.
        title: The name of the product.
        wishes: What is left out by wish.
    """
    selection = select(catalog, wishes or Wishes())
    chosen = selection.catalog
    groups = group_tables(chosen)
    layout = lay_out(chosen, groups)
    writer = Writer(chosen, TableWriter(chosen, UsualNames(chosen)))
    sections = list(_sections(chosen, groups, layout, writer))
    text = render(
        "spec.md.mako",
        title=title,
        version=max(_OLDEST, chosen.server_version // 10000),
        sections=sections,
        access=_access(chosen, writer),
        policies=_policies(chosen, writer),
        omissions=selection.omissions,
    )
    return Described(text, chosen)


# -- sections of tables ----------------------------------------------------------------------------------------------


def _sections(catalog: Catalog, groups: list[Group], layout: Layout, writer: Writer) -> Iterator[FeatureSection]:
    number = _FIRST
    for rank, group in enumerate(layout.sections):
        headings = [
            Heading(_TITLES[part], tuple(_fences(catalog, slots, writer)))
            for part in Part
            if (slots := layout.slots.get(Place(rank, part)))
        ]
        if headings:
            what = "Tables" if rank == 0 else "Schema"
            yield FeatureSection(f"5.{number}", f"{groups[group].title} {what}", "", tuple(headings), labelled=rank > 0)
            number += 1


def _fences(catalog: Catalog, slots: Iterable[Slot], writer: Writer) -> Iterator[Fence]:
    shared: list[tuple[str, ...]] = []
    for slot in slots:
        fact = catalog.facts[slot.key]
        made = writer.make(fact, slot.inline)
        below = [(key, tuple(writer.make(catalog.facts[key]))) for key in slot.attached]
        groups = [tuple(made), *_joined(below)]
        if isinstance(fact, Table):
            yield Fence(tuple(groups), as_prose(fact.comment))
        else:
            shared += groups
    if shared:
        yield Fence(tuple(shared))


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


def _access(catalog: Catalog, writer: Writer) -> Fence | None:
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


def _policies(catalog: Catalog, writer: Writer) -> Fence | None:
    policies: dict[tuple[str, str], list[str]] = {}
    for policy in catalog.of_type(Policy):
        policies.setdefault((policy.key.schema, policy.key.name), []).extend(writer.make(policy))
    groups = []
    for table in catalog.of_type(Table):
        group = (*writer.row_security(table), *policies.get((table.key.schema, table.key.name), ()))
        if group:
            groups.append(group)
    return Fence(tuple(groups)) if groups else None
