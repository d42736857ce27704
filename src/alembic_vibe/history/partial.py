"""Loads of specifications that are mostly known: what a change reaches is executed, the rest is taken from before.

The statements that were added, removed or altered, all that is said of the same objects, and whatever names an object
that came out differently run on a database of their own, together with what they need. What they make replaces the
facts of the same units in the catalog that is known. Where anything is in doubt there is no such load: then the whole
specification has to be executed.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.history import merging
from alembic_vibe.history.loads import Load, definitions, digest, found_objects, nearest
from alembic_vibe.history.mentions import SWEEPING, Mentions, kind_of, runs_code
from alembic_vibe.history.units import GLOBAL, PARTS, RELATIONS, Units, same_to_foreign_keys
from alembic_vibe.postgres import refusals
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.loader import load_script
from alembic_vibe.sql.created import references
from alembic_vibe.sql.tree import relation_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import ParsedSql, Statement

_CODE = frozenset({Kind.FUNCTION, Kind.AGGREGATE, Kind.VIEW, Kind.MATERIALIZED_VIEW})
_ROUNDS = 5
_MOST = 0.6  # of the statements; beyond that, all of them are as fast


@dataclass(frozen=True)
class Trial:
    """What can only be tried on a database: ``tables`` gives those that it takes, whole; ``works`` tries it."""

    tables: Callable[[Catalog], Collection[Key]]
    works: Callable[[Connection[Any], Catalog], bool]


def load_changes(sql: ParsedSql, server: ScratchServer, trial: Trial) -> Load | None:
    """Load a specification by way of an earlier one.

    Args:
        sql: The specification, parsed; without errors.
        server: Where it is loaded.
        trial: What has to work on the database.

    Returns:
        Exactly what executing all of it would give, or ``None`` where that is the only way to know.
    """
    statements = definitions(sql)
    earlier = nearest(sql, server) if not sql.missing_extensions else None
    if earlier is None:
        return None
    texts = [digest(statement) for statement in statements]
    kinds = [kind_of(statement) for statement in statements]
    if not all(kinds) or not all(earlier.kinds) or len(set(texts)) < len(texts):
        return None
    if len(set(earlier.digests)) < len(earlier.digests):
        return None
    kept = _common(earlier.digests, texts)  # old number → new number
    added = frozenset(range(len(texts))) - set(kept.values())
    removed = frozenset(range(len(earlier.digests))) - kept.keys()
    if any(kinds[number] in SWEEPING for number in added) or any(
        earlier.kinds[number] in SWEEPING for number in removed
    ):
        return None
    known = set(earlier.digests)
    if any(texts[number] not in known and refusals.refuse(statements[number]) for number in added):
        return None
    try:
        old = [statements[kept[number]] if number in kept else None for number in range(len(earlier.digests))]
        load = earlier.load(range(len(earlier.digests)), old)
    except ValueError:
        return None  # a cache that cannot be read is no cache
    if load.result.notes or load.result.left_out or load.result.order != tuple(range(len(earlier.digests))):
        return None
    unseen = removed - {number for numbers in load.found.values() for number in numbers}
    if unseen:  # the server did not say what they were about
        return None
    run = _Run(statements, kinds, load, kept, added, removed)
    return run.rounds(server, trial)


def _common(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the statements that are in both, old number to new: the most that keep their order."""
    place = {text: number for number, text in enumerate(new)}
    pairs = [(number, place[text]) for number, text in enumerate(old) if text in place]
    tails: list[int] = []  # where the best chain of each length ends, in the new order
    ends: list[int] = []  # the same places, as numbers of pairs
    before: list[int] = []
    for i, (_, number) in enumerate(pairs):
        at = bisect_left(tails, number)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [i]
    chain = {}
    i = ends[-1] if ends else -1
    while i >= 0:
        chain[pairs[i][0]] = pairs[i][1]
        i = before[i]
    return chain


class _Run:
    """One specification and the earlier load; statements are numbered as in the specification."""

    def __init__(
        self,
        statements: Sequence[Statement],
        kinds: Sequence[str],
        load: Load,
        kept: Mapping[int, int],
        added: frozenset[int],
        removed: frozenset[int],
    ) -> None:
        self._statements = statements
        self._kinds = kinds
        self._before = load.catalog
        self._added = added
        self._units = Units(load.catalog)
        self._mentions = Mentions(statements)
        self._found = {key: tuple(kept[n] for n in numbers if n in kept) for key, numbers in load.found.items()}
        self._made: dict[int, set[Key]] = {}  # the units that a statement is about, grants left out
        for key, numbers in self._found.items():
            for number in numbers:
                if kinds[number] != "GrantStmt":
                    self._made.setdefault(number, set()).add(self._units.of(key))
        self._grants = [number for number, kind in enumerate(kinds) if kind == "GrantStmt"]
        self._named: dict[str, list[Key]] = {}  # what a word may mean
        for key in load.catalog.facts:
            if key.kind is Kind.CONSTRAINT or key.kind not in PARTS:
                self._named.setdefault((key.member if key.kind is Kind.CONSTRAINT else key.name).lower(), []).append(
                    key
                )
        self._odd = [name for name in self._named if not name.isidentifier()]
        self._dirty: set[Key] = {
            self._units.of(key) for key, numbers in load.found.items() if not removed.isdisjoint(numbers)
        }
        self._run: set[int] = set(added)  # the statements whose objects may come out differently
        self._spread: set[str] = set()  # the names whose users are in
        self._waiting: dict[Key, set[int]] = {}  # statements that refer to a table by foreign keys alone
        for number in added:
            self._dirty |= self._about(number)

    def _about(self, number: int) -> set[Key]:
        """Guess the units that an added statement is about; what the guess leaves out is seen after it ran."""
        statement = self._statements[number]
        node = statement.node.get(statement.node_type, {})
        if statement.node_type == "GrantStmt":  # the server says of some grants only what they are about
            keys = [key for name in self._means(number) for key in self._named[name]]
        else:
            parents = [item.get("RangeVar", {}) for item in node.get("inhRelations", ())]
            named = [node.get("relation"), node.get("table"), *parents]
            words = [relation_name(found).name for found in named if isinstance(found, dict)]
            if statement.node_type == "CommentStmt":
                words += [reference.name for reference in references(statement)]
            keys = [key for word in words for key in self._named.get(word.lower(), ())]
        return {self._units.of(key) for key in keys if key.kind is not Kind.CONSTRAINT and key.kind not in GLOBAL}

    def _means(self, number: int) -> list[str]:
        """Return the names in a statement that something is known by."""
        found = [word for word in self._mentions.words(number) if word in self._named]
        return found + [name for name in self._odd if self._mentions.names(number, name)]

    # -- what is reached ----------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Take in all that is said of the units that may change, and the units that those statements are about."""
        about: dict[Key, set[int]] = {}
        for number, units in self._made.items():
            for unit in units:
                about.setdefault(unit, set()).add(number)
        queue = list(self._dirty)
        while queue:
            unit = queue.pop()
            for number in about.get(unit, set()) - self._run:
                self._run.add(number)
                new = self._made[number] - self._dirty
                self._dirty |= new
                queue.extend(new)
        names = {key.name.lower() for unit in self._dirty for key in self._units.family(unit)}
        self._run.update(number for number in self._grants if not names.isdisjoint(self._means(number)))

    def _reach(self, units: Iterable[Key], *, more: Collection[str] = ()) -> None:
        """Take in the statements that name something of some units."""
        tables: dict[str, set[Key]] = {}
        for unit in units:
            for key in self._units.family(unit):
                tables.setdefault(key.name, set()).add(key)
        names = (set(tables) | set(more)) - self._spread
        self._spread |= names
        for number, name in self._mentions.naming(names):
            if number in self._run:
                continue
            keys = tables.get(name, set())
            if keys and all(key.kind is Kind.TABLE for key in keys) and self._mentions.only_refers(number, name):
                for key in keys:
                    self._waiting.setdefault(key, set()).add(number)
                continue
            self._run.add(number)
            if self._kinds[number] != "GrantStmt":
                self._dirty |= self._made.get(number, set())

    def _reach_executed(self) -> None:
        """Take in what executes code that names something of the units: a function is the same, what it does is not."""
        names: set[str] = set()
        new = {key.name for unit in self._dirty for key in self._units.family(unit) if key.kind in _CODE}
        while new:
            names |= new
            found = {number for number, _ in self._mentions.naming(new)}
            new = {
                key.name
                for n in found
                for unit in self._made.get(n, ())
                for key in self._units.family(unit)
                if key.kind in _CODE
            } - names
            for number in found - self._run:
                if runs_code(self._statements[number]):
                    self._run.add(number)
                    self._dirty |= self._made.get(number, set())

    def _context(self, needed: Iterable[Key]) -> set[int]:
        """Return all statements to run: those that may change something, and what they need."""
        everything = {number for number, kind in enumerate(self._kinds) if kind in SWEEPING} | self._run
        queue = list(self._run)
        for table in needed:
            whole = {n for key in self._units.members(self._units.of(table)) for n in self._found.get(key, ())}
            queue.extend(whole - everything)
            everything |= whole
        while queue:
            for word in self._means(queue.pop()):
                for key in self._named[word]:
                    new = set(self._providers(key)) - everything
                    everything |= new
                    queue.extend(new)
        return everything

    def _providers(self, key: Key) -> Iterator[int]:
        """Yield the statements that make an object usable by others."""
        for one in {key, *(part for part in self._units.members(self._units.of(key)) if self._units.main(part) == key)}:
            if one != key and one.kind not in {Kind.CONSTRAINT, Kind.INDEX}:
                continue
            for number in self._found.get(one, ()):
                node = self._statements[number].node
                if self._kinds[number] not in {"CommentStmt", "GrantStmt"} and (
                    one == key or node.get("IndexStmt", {}).get("unique", True)
                ):
                    yield number

    # -- running ------------------------------------------------------------------------------------------------------

    def rounds(self, server: ScratchServer, trial: Trial) -> Load | None:
        """Run what is reached, until nothing more is."""
        needed = [table for table in trial.tables(self._before) if table in self._before.facts]
        self._reach(self._dirty)
        self._reach_executed()
        for _ in range(_ROUNDS):
            self._close()
            numbers = self._context(needed)
            if len(numbers) > max(_MOST * len(self._statements), 20):
                return None
            done = self._once(server, sorted(numbers), trial, needed)
            if done is None or isinstance(done, Load):
                return done
        return None

    def _once(
        self, server: ScratchServer, numbers: list[int], trial: Trial, needed: Collection[Key]
    ) -> Load | bool | None:
        """Run statements; ``False`` where their result reaches further."""
        chosen = [self._statements[number] for number in numbers]
        database = server.create_database()
        try:
            result = load_script(chosen, server, database)
            if result is None:
                return None
            with server.connect(database, autocommit=True) as connection:
                introspection = read_catalog(connection)
                number_of = {statement.index: number for number, statement in enumerate(self._statements)}
                found = {
                    key: tuple(number_of[index] for index in indexes)
                    for key, indexes in found_objects(introspection.addresses, result.origins).items()
                }
                part = merging.Part(
                    introspection.catalog,
                    found,
                    ran=frozenset(numbers),
                    wanted=frozenset(self._run - set(self._grants)),
                    units_before=frozenset(key for unit in self._dirty for key in self._units.family(unit)),
                )
                if introspection.hidden:
                    return None
                if self._grows(part):
                    return False
                merged = merging.merge(self._before, self._found, self._units, self._dirty, part, self._statements)
                if merged is None:
                    return None
                unknown = set(trial.tables(merged[0])) - set(needed)
                if not unknown.isdisjoint(self._before.facts) or not trial.works(connection, merged[0]):
                    return None
        finally:
            server.drop_database(database)
            server.reset_roles()
        catalog, by_number = merged
        index = [statement.index for statement in self._statements]
        whole = replace(result, origins={}, order=tuple(index))
        return Load(catalog, {key: tuple(index[n] for n in of) for key, of in by_number.items()}, whole)

    def _grows(self, part: merging.Part) -> bool:
        """Take in what the result shows to be reached as well; returns whether there was any."""
        before, after = self._before.facts, part.catalog.facts
        size = len(self._dirty), len(self._run)
        for key in part.changed:  # what it is about, whatever was guessed
            if key in before:
                self._dirty.add(self._units.of(key))
        differing: set[Key] = set()
        for unit in self._dirty:
            if any(before[key] != after.get(key) for key in self._units.members(unit)):
                differing.add(unit)
        differing |= {self._units.of(part.units.main(key)) for key in part.changed if key not in before}
        named = {key.name for key in part.changed if key not in before and _resolves(key)}
        self._reach(differing & self._dirty, more=named)
        self._reach_executed()
        for table, waiting in self._waiting.items():
            if self._units.of(table) in differing and not same_to_foreign_keys(table, before, after):
                for number in waiting - self._run:
                    self._run.add(number)
                    self._dirty |= self._made.get(number, set())
        return (len(self._dirty), len(self._run)) != size


def _resolves(key: Key) -> bool:
    """Whether a new name can change what others mean: a new function may be the better match, a new table not.

    What named a table or view that was not there could not be made.
    """
    return key.kind not in RELATIONS and key.kind not in PARTS
