"""Which objects of a database a document can have: without bookkeeping, others' schemas, and what has no statement.

What is left out takes along what cannot be made without it, and each is told with its reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import (
    Aggregate,
    Constraint,
    DefaultPrivileges,
    Fact,
    Function,
    Index,
    Membership,
    Other,
    Policy,
    Privileges,
    Role,
    Sequence,
    Table,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.model import Omission, Selection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.describe.model import Wishes

_PUBLIC = "public"
_OF_SERVER = "pg_"  # PostgreSQL's own roles begin so; nobody else's may
_PARTS = {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}
_ACCESS = {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES, Kind.MEMBERSHIP}


def select(catalog: Catalog, wishes: Wishes, refused: Mapping[Key, str] | None = None) -> Selection:
    """Return what of a catalog is described.

    Args:
        catalog: The whole database.
        wishes: What is left out by wish; nothing is said about that.
        refused: What no document can have, with the reason.
    """
    silent = set(_unwanted(catalog, wishes))
    facts = {key: fact for key, fact in catalog.facts.items() if key not in silent}
    omissions = [Omission(key, reason) for key, reason in _without_statement(facts.values(), refused or {})]
    gone = {found.key for found in omissions}
    for key, by in _along(catalog, facts, silent | gone):
        lost = catalog.facts[by]
        whole = lost.table if isinstance(lost, Constraint | Index) else by
        if _home(facts[key]) != by:  # what a table has goes with it, unsaid
            omissions.append(Omission(key, f"it needs {shown(whole)}"))
        gone.add(key)
    facts = {key: fact for key, fact in facts.items() if key not in gone}
    facts = _owned(facts, wishes)
    kept = dict(sorted(_roles(facts).items()))
    omissions += _strangers(facts, kept)
    depends = {key: found for key, found in catalog.depends.items() if key in kept}
    return Selection(
        replace(catalog, facts=kept, depends=depends), tuple(sorted(omissions, key=lambda found: found.key))
    )


# -- what is left out by wish ----------------------------------------------------------------------------------------


def _unwanted(catalog: Catalog, wishes: Wishes) -> Iterator[Key]:
    version = Key(Kind.TABLE, wishes.version_schema or _PUBLIC, wishes.version_table)
    foreign = set(wishes.schemas)
    for key, fact in catalog.facts.items():
        target = fact.target if isinstance(fact, Privileges) else getattr(fact, "table", None)
        about = target if isinstance(target, Key) else _table_of(key)
        schema = about.name if about.kind is Kind.SCHEMA else about.schema
        if about == version or key.schema in foreign or schema in foreign:
            yield key


def _home(fact: Fact) -> Key | None:
    """Return the object that this one is a part of."""
    if isinstance(fact, Sequence):
        return fact.owned_by[0] if fact.owned_by is not None else None
    if isinstance(fact, Privileges):
        return fact.target
    table = fact.partition_of if isinstance(fact, Table) else getattr(fact, "table", None)
    return table if isinstance(table, Key) else _table_of(fact.key)


def shown(key: Key) -> str:
    """Return an object for people: ``collation public.german``."""
    return f"{key.member} {key.name}" if key.kind is Kind.OTHER else str(key)


def _table_of(key: Key) -> Key:
    return Key(Kind.TABLE, key.schema, key.name) if key.kind in _PARTS else key


# -- what no document can have ---------------------------------------------------------------------------------------


def _without_statement(facts: Iterable[Fact], refused: Mapping[Key, str]) -> Iterator[tuple[Key, str]]:
    for fact in facts:
        if fact.key in refused:
            yield fact.key, refused[fact.key]
        elif isinstance(fact, Other):
            yield fact.key, "only its name is known here; its statement has to be written by hand"
        elif isinstance(fact, Function | Aggregate) and fact.shadowed:
            yield fact.key, "PostgreSQL has one of that name itself, and finds that first"
        elif getattr(fact, "shadowed", False):
            yield fact.key, "PostgreSQL has a type of that name itself, and finds that first"


def _along(catalog: Catalog, facts: Mapping[Key, Fact], gone: Collection[Key]) -> Iterator[tuple[Key, Key]]:
    """Yield what cannot be made without what is gone, with the object that it needs directly."""
    lost = set(gone)
    waiting = sorted(gone)
    users = catalog.users()
    parts: dict[Key, list[Key]] = {}
    for key, fact in facts.items():
        parent = fact.partition_of if isinstance(fact, Table) else None
        if isinstance(fact, Sequence) and fact.owned_by is not None:
            parent = fact.owned_by[0]
        for owner in (_table_of(key), parent, getattr(fact, "table", None), getattr(fact, "target", None)):
            if isinstance(owner, Key) and owner != key:
                parts.setdefault(owner, []).append(key)
    for key in waiting:
        for user in sorted({*users.get(key, ()), *parts.get(key, ())}):
            if user in facts and user not in lost and not (key.kind in _ACCESS or key.kind is Kind.ROLE):
                lost.add(user)
                waiting.append(user)
                if not getattr(facts[user], "inherited", False):
                    yield user, key


# -- owners and roles ------------------------------------------------------------------------------------------------


def _owned(facts: Mapping[Key, Fact], wishes: Wishes) -> dict[Key, Fact]:
    """Return the facts as the role that runs the migrations would read them."""
    runner = wishes.owner or _most_common_owner(facts.values())
    roles = _known_roles(facts) - {runner}
    seen: dict[Key, Fact] = {}
    for key, fact in facts.items():
        owner = getattr(fact, "owner", None)
        if runner and isinstance(fact, DefaultPrivileges) and fact.role == runner:
            mine = replace(fact, key=key._replace(name=""), role="")
            seen[mine.key] = mine
        elif owner is not None and _unknown(owner, roles):
            seen[key] = replace(fact, owner=None)  # type: ignore[arg-type]
        elif not (runner and _is_of(runner, fact)):
            seen[key] = fact
    return seen


def _known_roles(facts: Mapping[Key, Fact]) -> set[str]:
    """Return the roles that a document may make; who may do everything is not made by a migration."""
    return {key.name for key, fact in facts.items() if isinstance(fact, Role) and not fact.superuser}


def _is_of(runner: str, fact: Fact) -> bool:
    """Whether this is the role that runs the migrations, or only what that one may do."""
    if isinstance(fact, Role):
        return fact.key.name == runner
    return isinstance(fact, Privileges | DefaultPrivileges | Membership) and runner in _named(fact)


def _most_common_owner(facts: Iterable[Fact]) -> str:
    owners = Counter(fact.owner for fact in facts if isinstance(fact, Table))
    if not owners or None in owners:
        return ""
    return min(owners, key=lambda name: (-owners[name], name)) or ""


def _roles(facts: Mapping[Key, Fact]) -> dict[Key, Fact]:
    """Return the facts without roles that nothing is granted to, and without what is granted to unknown roles."""
    known = _known_roles(facts)
    kept = {key: fact for key, fact in facts.items() if not any(_unknown(name, known) for name in _named(fact))}
    named = {name for fact in kept.values() if not isinstance(fact, Role | Membership) for name in _named(fact)}
    return {
        key: fact
        for key, fact in kept.items()
        if not (isinstance(fact, Role) and (key.name not in named or key.name not in known))
        and not (isinstance(fact, Membership) and any(_unknown(name, named) for name in _named(fact)))
    }


def _strangers(facts: Mapping[Key, Fact], kept: Mapping[Key, Fact]) -> Iterator[Omission]:
    for key, fact in facts.items():
        if key not in kept and not isinstance(fact, Role | Membership):
            yield Omission(key, "the role that it names is a superuser, or the one that reads the database")


def _unknown(name: str, known: Collection[str]) -> bool:
    return name not in known and name != _PUBLIC and not name.startswith(_OF_SERVER)


def _named(fact: Fact) -> Iterator[str]:
    if isinstance(fact, Policy):
        yield from fact.roles
    elif isinstance(fact, Membership):
        yield from (fact.key.name, fact.key.member)
    for attribute in ("owner", "grantee", "role"):
        name = getattr(fact, attribute, None)
        if isinstance(name, str) and name:
            yield name
