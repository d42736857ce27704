"""Relationships between mapped classes: both ends of each foreign key, and the two ends of each association table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.render.code import Call, Raw, Str
from alembic_vibe.render.code import Sequence as Items

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.code import Expr
    from alembic_vibe.render.models.plan import Plan

_CASCADES = {"CASCADE"}
_DATABASE_CLEARS = {"SET NULL", "SET DEFAULT"}


@dataclass
class Relationship:
    """One attribute of a class that leads to another class."""

    owner: Key
    name: str
    other: Key
    many: bool
    optional: bool
    keywords: list[tuple[str, Expr]] = field(default_factory=list)

    def call(self) -> Call:
        """Return ``relationship(…)``."""
        return Call("relationship", (), tuple(self.keywords))


@dataclass
class _Link:
    """A foreign key between two mapped classes, and the names of its two ends."""

    constraint: Constraint
    child: Key
    parent: Key
    required: bool  # every column is NOT NULL
    one_to_one: bool
    forward: str = ""
    backward: str = ""


def relationships(plan: Plan) -> dict[Key, list[Relationship]]:
    """Return the relationships of each class: first those that its own foreign keys make, then the reverse ones."""
    links = [link for key in plan.classes for link in _links(plan, key)]
    taken: dict[Key, set[str]] = {
        key: {*plan.attributes[key].values(), *naming.RESERVED_ATTRIBUTES} for key in plan.classes
    }
    paths: dict[frozenset[Key], int] = defaultdict(int)
    for link in links:
        paths[frozenset((link.child, link.parent))] += 1
        link.forward = _forward_name(link, taken[link.child])
        taken[link.child].add(link.forward)
    for link in links:
        link.backward = _backward_name(link, paths, taken[link.parent])
        taken[link.parent].add(link.backward)
    overlaps = _overlaps(links)
    found: dict[Key, list[Relationship]] = defaultdict(list)
    mutual = {(link.child, link.parent) for link in links}
    for link in links:
        ambiguous = paths[frozenset((link.child, link.parent))] > 1
        cycle = link.child != link.parent and (link.parent, link.child) in mutual
        late = cycle and not link.required
        found[link.child].append(_many_to_one(plan, link, ambiguous, late))
        found[link.child][-1].keywords.extend(_overlap(overlaps, link))
    for link in links:
        ambiguous = paths[frozenset((link.child, link.parent))] > 1
        cycle = link.child != link.parent and (link.parent, link.child) in mutual
        found[link.parent].append(_one_to_many(plan, link, ambiguous, cycle and not link.required))
        found[link.parent][-1].keywords.extend(_overlap(overlaps, link))
    for key in plan.home:
        if key in plan.associations:
            _many_to_many(plan, key, found, taken)
    return found


def _links(plan: Plan, key: Key) -> list[_Link]:
    table = plan.catalog.table(key)
    result = []
    uniques = [
        set(c.columns)
        for c in plan.constraints.get(key, ())
        if c.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE} and not c.without_overlaps
    ]
    uniques += [
        {k.column for k in index.keys if k.column}
        for index in plan.indexes.get(key, ())
        if index.unique and index.predicate is None and all(k.column for k in index.keys)
    ]
    seen: set[tuple[object, ...]] = set()
    for constraint in plan.foreign_keys(key):
        parent = constraint.references
        same = (constraint.columns, parent)
        if parent is None or parent not in plan.classes or constraint.without_overlaps or same in seen:
            continue
        seen.add(same)
        required = all(table.column(name).not_null for name in constraint.columns)
        one = any(unique <= set(constraint.columns) for unique in uniques)
        result.append(_Link(constraint, key, parent, required, one))
    return result


def _forward_name(link: _Link, taken: set[str]) -> str:
    name = naming.attribute_name(naming.reference_name(link.constraint.columns, link.parent.name))
    if name in taken:
        name = f"{name}_{naming.singular(naming.identifier(link.parent.name))}"
    return naming.unique(name, taken)


def _backward_name(link: _Link, paths: dict[frozenset[Key], int], taken: set[str]) -> str:
    child = naming.identifier(link.child.name)
    noun = naming.singular(child) if link.one_to_one else naming.plural(child)
    several = paths[frozenset((link.child, link.parent))] > 1
    if link.child == link.parent:
        if link.forward == "parent":
            return naming.unique("child" if link.one_to_one else "children", taken)
        return naming.unique(naming.attribute_name(f"{link.forward}_{noun}"), taken)
    plain = naming.singular(naming.identifier(link.parent.name)) == link.forward
    if (several and not plain) or noun in taken:
        column = link.constraint.columns[0]
        # posts.approved_by: the user's approved_posts
        role = column.removesuffix("_by") if link.forward.startswith(f"{column}_") else link.forward
        noun = f"{naming.identifier(role)}_{noun}"
    return naming.unique(naming.attribute_name(noun), taken)


def _overlaps(links: list[_Link]) -> dict[int, set[str]]:
    """Return, for each link, the other relationships that write one of its columns: SQLAlchemy wants them named."""
    writers: dict[tuple[Key, str], list[_Link]] = defaultdict(list)
    for link in links:
        for column in link.constraint.columns:
            writers[link.child, column].append(link)
    result: dict[int, set[str]] = defaultdict(set)
    for together in writers.values():
        for link in together:
            for other in together:
                if other is not link:
                    result[id(link)] |= {other.forward, other.backward}
    return result


def _overlap(overlaps: dict[int, set[str]], link: _Link) -> list[tuple[str, Expr]]:
    names = overlaps.get(id(link))
    return [("overlaps", Str(",".join(sorted(names))))] if names else []


def _columns(plan: Plan, key: Key, columns: tuple[str, ...]) -> Str:
    """Return columns of a class for a relationship's text, which is read when all classes are known."""
    names = [f"{plan.classes[key]}.{plan.attribute(key, column)}" for column in columns]
    return Str(names[0] if len(names) == 1 else f"[{', '.join(names)}]")


def _many_to_one(plan: Plan, link: _Link, ambiguous: bool, post_update: bool) -> Relationship:
    result = Relationship(link.child, link.forward, link.parent, many=False, optional=not link.required)
    if ambiguous:
        own = tuple(Raw(plan.attribute(link.child, column)) for column in link.constraint.columns)
        result.keywords.append(("foreign_keys", Items(own)))
    if link.child == link.parent:
        result.keywords.append(("remote_side", _columns(plan, link.parent, link.constraint.reference_columns)))
    result.keywords.append(("back_populates", Str(link.backward)))
    if post_update:
        result.keywords.append(("post_update", Raw("True")))
    return result


def _one_to_many(plan: Plan, link: _Link, ambiguous: bool, post_update: bool) -> Relationship:
    result = Relationship(link.parent, link.backward, link.child, many=not link.one_to_one, optional=link.one_to_one)
    if ambiguous:
        result.keywords.append(("foreign_keys", _columns(plan, link.child, link.constraint.columns)))
    result.keywords.append(("back_populates", Str(link.forward)))
    action = link.constraint.on_delete
    if action in _CASCADES:
        cascade = "all, delete-orphan" if link.required else "all"
        result.keywords.append(("cascade", Str(cascade)))
        result.keywords.append(("passive_deletes", Raw("True")))
    elif action in _DATABASE_CLEARS:
        result.keywords.append(("passive_deletes", Raw("True")))
    else:  # the database refuses to delete the parent: the session must not clear the children's columns first
        result.keywords.append(("passive_deletes", Str("all")))
    if post_update:
        result.keywords.append(("post_update", Raw("True")))
    return result


def _many_to_many(
    plan: Plan, association: Key, found: dict[Key, list[Relationship]], taken: dict[Key, set[str]]
) -> None:
    first, second = plan.foreign_keys(association)
    left, right = first.references, second.references
    if left not in plan.classes or right not in plan.classes or left is None or right is None:
        return
    names = {}
    for owner, other in ((left, right), (right, left)):
        name = naming.attribute_name(naming.plural(naming.identifier(other.name)))
        if name in taken[owner]:
            name = naming.attribute_name(f"{naming.identifier(association.name)}_{name}")
        names[owner] = naming.unique(name, taken[owner])
        taken[owner].add(names[owner])
    secondary = association.name if association.schema == "public" else f"{association.schema}.{association.name}"
    for owner, other, constraint in ((left, right, first), (right, left, second)):
        relation = Relationship(owner, names[owner], other, many=True, optional=False)
        relation.keywords.append(("secondary", Str(secondary)))
        relation.keywords.append(("back_populates", Str(names[other])))
        if constraint.on_delete in _CASCADES:
            relation.keywords.append(("passive_deletes", Raw("True")))
        found[owner].append(relation)
