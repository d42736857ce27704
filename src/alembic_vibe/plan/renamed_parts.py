"""Constraints and indexes that only get another name: one goes, one is new, and nothing else tells them apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change


def renamed_parts(changes: Iterable[Change]) -> dict[Key, Key]:
    """Return the pairs, in both directions: the new key by the old one, and the old key by the new one.

    Args:
        changes: All changes of a run.
    """
    gone: dict[object, list[Key]] = defaultdict(list)
    added: dict[object, list[Key]] = defaultdict(list)
    for change in changes:
        fact = change.after if change.kind is ChangeKind.ADD else change.before
        if change.kind in {ChangeKind.ADD, ChangeKind.DROP} and isinstance(fact, Constraint | Index):
            (added if change.kind is ChangeKind.ADD else gone)[_nameless(fact)].append(change.key)
    found: dict[Key, Key] = {}
    for shape, keys in gone.items():
        for old, new in zip(sorted(keys), sorted(added.get(shape, ())), strict=False):
            found[old] = new
            found[new] = old
    return found


def _nameless(fact: Constraint | Index) -> Fact:
    if isinstance(fact, Constraint):
        return replace(fact, key=fact.key._replace(member=""), comment=None, clustered=False)
    definition = fact.definition.replace(f" INDEX {Name(fact.key.name)} ON ", " INDEX ON ", 1)
    return replace(fact, key=fact.key._replace(name=""), definition=definition, comment=None, clustered=False)
