"""Which object is an old one under a new name: only what the author said, checked against both states.

A renaming is said beside the new name in the spec, or with ``--rename``; it is never guessed (see ``diff.candidates``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Enum, Index, Privileges, Sequence, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.rename_options import Claim, read_options
from alembic_vibe.sql.quoting import quote_identifier, quote_literal, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.results import Rename
    from alembic_vibe.sql.statement import Place

DONE = Rule(
    code="AV835",
    slug="renaming-done",
    severity=Severity.INFO,
    summary="A renaming has been done, and its instruction says nothing any more.",
    why="`-- renamed from:` is needed once, for the run that plans it. Later the old name may come to mean something "
    "else.",
    fix="Remove the instruction.",
    bad="-- renamed from: accounts, in a specification whose chain has had no accounts for long\n"
    "CREATE TABLE users (id int);",
    good="CREATE TABLE users (id int);",
)
IMPOSSIBLE = Rule(
    code="AV836",
    slug="renaming-impossible",
    severity=Severity.ERROR,
    summary="A renaming does not fit to what there is.",
    why="Data would be looked for where it is not, or two things would claim the same data.",
    fix="Correct the name, or remove the instruction or option. A name that is still in use becomes free in a run of "
    "its own.",
    bad="CREATE TABLE users (\n    name text,\n    full_name text -- renamed from: name\n);",
    good="CREATE TABLE users (\n    full_name text -- renamed from: name\n);",
)
RULES = (DONE, IMPOSSIBLE)

_PARTS = (Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE)
_INDEXED = ("p", "u", "x")  # constraints with an index of their name


@dataclass(frozen=True)
class Renames:
    """What has a new name: new key → old key.

    The old keys of ``columns`` have the table's new name, and those of ``sequences`` the schema into which their table
    has taken them: they are the keys of the state in which the tables have been renamed already. ``labels`` gives the
    old label of an enum by type and new label. ``problems`` are errors, ``notes`` things worth knowing.
    """

    tables: Mapping[Key, Key] = field(default_factory=dict)
    columns: Mapping[Key, Key] = field(default_factory=dict)
    sequences: Mapping[Key, Key] = field(default_factory=dict)
    labels: Mapping[tuple[Key, str], str] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[Diagnostic, ...] = ()

    @cached_property
    def renamed(self) -> dict[Key, Key]:
        """All of them but the labels, by the new key."""
        return {**self.tables, **self.columns, **self.sequences}

    @cached_property
    def new_tables(self) -> dict[Key, Key]:
        """The new key of each table, by the old one."""
        return {old: new for new, old in self.tables.items()}

    @cached_property
    def _new_names(self) -> dict[Key, Key]:
        return {old: new for new, old in {**self.columns, **self.sequences}.items()}

    def old_name(self, table: Key, column: str) -> str:
        """Return what a column was called, given the table's new key."""
        key = Key(Kind.COLUMN, table.schema, table.name, column)
        return self.columns.get(key, key).member

    def new_name(self, table: Key, column: str) -> str:
        """Return what a column is called now, given the table's new key."""
        key = Key(Kind.COLUMN, table.schema, table.name, column)
        return self._new_names.get(key, key).member

    def new_key(self, fact: Fact) -> Key:
        """Return the key that an object of the old state has when all renamings are done."""
        key = fact.key
        if isinstance(fact, Table):
            return self.new_tables.get(key, key)
        if isinstance(fact, Privileges) and fact.target.kind is Kind.TABLE:
            target = self.new_tables.get(fact.target, fact.target)
            member = key.member
            if fact.column:
                head, _, grantee = member.partition(f":{fact.column}:")
                member = f"{head}:{self.new_name(target, fact.column)}:{grantee}"
            return key._replace(schema=target.schema, name=target.name, member=member)
        if key.kind in _PARTS:
            table = self.new_tables.get(Key(Kind.TABLE, key.schema, key.name))
            return key._replace(schema=table.schema, name=table.name) if table else key
        owner = fact.table if isinstance(fact, Index) else _owner(fact)
        if owner is not None and owner in self.new_tables:
            key = key._replace(schema=self.new_tables[owner].schema)
        return self._new_names.get(key, key)


def resolve(
    annotated: Mapping[Key, Key],
    labels: Mapping[tuple[Key, str], str],
    options: Many[Rename],
    before: Catalog,
    after: Catalog,
    places: Mapping[Key, Place] | None = None,
) -> Renames:
    """Check what the author said about names, and return what has to be renamed.

    Args:
        annotated: From the annotations: old keys by new keys; columns under the new name of their table.
        labels: The same for the labels of enums.
        options: ``--rename``.
        before: What the chain makes.
        after: What the spec says.
        places: Where each annotation stands; for a label by the key of its type with the label as member.
    """
    found = _Resolution(before, after, places or {})
    claims = [Claim(new, old) for new, old in annotated.items()]
    read = read_options(options, before, after, {new: old for new, old in annotated.items() if new.kind is Kind.TABLE})
    found.problems += [IMPOSSIBLE.diagnostic(problem) for problem in read.problems]
    claims += read.claims
    for claim in claims:
        if claim.new.kind is Kind.TABLE:
            found.table(claim)
    for claim in claims:
        if claim.new.kind is Kind.COLUMN:
            found.column(claim)
    for (enum, label), old in labels.items():
        found.label(enum, label, old)
    renames = Renames(found.tables, found.columns, {}, found.labels, tuple(found.problems), tuple(found.notes))
    sequences = _sequences(renames, before, after)
    return Renames(found.tables, found.columns, sequences, found.labels, renames.problems, renames.notes)


class _Resolution:
    """The claims that hold, and what is wrong with the others."""

    def __init__(self, before: Catalog, after: Catalog, places: Mapping[Key, Place]) -> None:
        self._before = before
        self._after = after
        self._places = places
        self._taken = _relations(before)
        self.tables: dict[Key, Key] = {}
        self.columns: dict[Key, Key] = {}
        self.labels: dict[tuple[Key, str], str] = {}
        self.problems: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []

    def table(self, claim: Claim) -> None:
        was = {fact.key for fact in self._before.of_type(Table)}
        now = {fact.key for fact in self._after.of_type(Table)}
        if self._holds(claim, was, now, self.tables, claim.old.qualified):
            other = self._taken.get(claim.new[1:3])
            if other is None:
                self.tables[claim.new] = claim.old
            else:
                self._refuse(claim, f"{_shown(claim.new)} is still the name of {other}")

    def column(self, claim: Claim) -> None:
        table = Key(Kind.TABLE, claim.new.schema, claim.new.name)
        source = self.tables.get(table, table)
        one, other = self._before.facts.get(source), self._after.facts.get(table)
        columns = {claim.new._replace(member=c.name): c for c in (one.columns if isinstance(one, Table) else ())}
        now = {claim.new._replace(member=c.name) for c in (other.columns if isinstance(other, Table) else ())}
        old_shown = f"{source.qualified}.{claim.old.member}"
        if self._holds(claim, set(columns), now, self.columns, old_shown):
            if not columns[claim.old].inherited:
                self.columns[claim.new] = claim.old
            elif isinstance(one, Table) and not self._renamed_in_parent(one, claim):
                self._refuse(claim, f"{old_shown} comes from the parent table: say it there")

    def label(self, enum: Key, label: str, old: str) -> None:
        one, other = self._before.facts.get(enum), self._after.facts.get(enum)
        was = {enum._replace(member=found) for found in (one.labels if isinstance(one, Enum) else ())}
        now = {enum._replace(member=found) for found in (other.labels if isinstance(other, Enum) else ())}
        claim = Claim(enum._replace(member=label), enum._replace(member=old))
        taken = {of._replace(member=new): of._replace(member=found) for (of, new), found in self.labels.items()}
        if self._holds(claim, was, now, taken, _shown(claim.old)):
            self.labels[enum, label] = old

    def _holds(self, claim: Claim, was: set[Key], now: set[Key], taken: Mapping[Key, Key], old_shown: str) -> bool:
        """Whether a claim can be carried out: the old name is there and goes, and the new one comes."""
        new, old, _ = claim
        shown = _shown(new)
        rival = next((key for key, found in taken.items() if found == old and key != new), None)
        problem = ""
        if new == old:
            problem = f"{shown} has that name already"
        elif taken.get(new, old) != old:
            problem = f"{shown} was said to be the former {_shown(taken[new])}"
        elif new not in now:
            problem = f"the specification has no {shown}"
        elif new in was:
            if old not in was or (old in now and not claim.option):
                self._note(claim, f"{shown} has its new name already")
                return False
            problem = f"{shown} is there already, beside {old_shown}"
        elif not was:
            self._note(claim, f"there is no {old_shown}, {shown} is new")
            return False
        elif old not in was:
            problem = f"there is no {old_shown}{_closest(old, was)}"
        elif old in now:
            problem = f"the specification still has {old_shown} beside {shown}"
        elif rival is not None:
            problem = f"{old_shown} was said to be {_shown(rival)} now"
        if problem:
            self._refuse(claim, problem)
        return not problem

    def _renamed_in_parent(self, child: Table, claim: Claim) -> bool:
        back = {found: key for key, found in self.tables.items()}
        for parent in (*((child.partition_of,) if child.partition_of else ()), *child.inherits):
            fact = self._after.facts.get(back.get(parent, parent))
            names = {column.name for column in fact.columns} if isinstance(fact, Table) else set()
            if claim.new.member in names:
                return claim.old.member not in names
        return False

    def _refuse(self, claim: Claim, message: str) -> None:
        self.problems.append(self._diagnostic(IMPOSSIBLE, claim, message))

    def _note(self, claim: Claim, message: str) -> None:
        self.notes.append(self._diagnostic(DONE, claim, message))

    def _diagnostic(self, rule: Rule, claim: Claim, message: str) -> Diagnostic:
        if claim.option:
            return rule.diagnostic(f"--rename {claim.option}: {message}")
        place = self._places.get(claim.new)
        text = f"renamed from {claim.old.member or claim.old.qualified}: {message}"
        return rule.diagnostic(text, source=place.source if place else None, span=place.span if place else None)


def _sequences(renames: Renames, before: Catalog, after: Catalog) -> dict[Key, Key]:
    """Return the sequences of serial columns that got another name: the old and the new one belong to one column."""
    taken = _relations(before)
    wanted = {fact.owned_by: fact.key for fact in after.of_type(Sequence) if fact.owned_by is not None}
    found = {}
    for fact in before.of_type(Sequence):
        if fact.owned_by is None:
            continue
        table, column = fact.owned_by
        owner = renames.new_tables.get(table, table)
        moved = renames.new_key(fact)
        new = wanted.get((owner, renames.new_name(owner, column)))
        stays = fact.key in after.facts or moved in after.facts
        if new is not None and new != moved and not stays and new.schema == moved.schema and new[1:3] not in taken:
            found[new] = moved
    return found


def _relations(catalog: Catalog) -> dict[tuple[str, str], Key]:
    """Return what stands in the way of a table's name: relations, the indexes of constraints, and types."""
    kinds = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
    kinds |= {Kind.ENUM, Kind.DOMAIN, Kind.RANGE}
    found = {(key.schema, key.name): key for key in catalog.facts if key.kind in kinds}
    for fact in catalog.of_type(Constraint):
        if fact.kind in _INDEXED:
            found[fact.key.schema, fact.key.member] = fact.key
    return found


def _owner(fact: Fact) -> Key | None:
    return fact.owned_by[0] if isinstance(fact, Sequence) and fact.owned_by else None


def _shown(key: Key) -> str:
    if key.kind is Kind.ENUM:
        return f"{quote_literal(key.member)} of {key.qualified}"
    return f"{key.qualified}.{key.member}" if key.member else key.qualified


def _closest(key: Key, known: Iterable[Key]) -> str:
    """Return a hint at what may be meant, in the spelling that an instruction needs."""
    by_text = {_shown(found).casefold(): found for found in known}
    matches = get_close_matches(_shown(key).casefold(), by_text, n=1)
    if not matches:
        return ""
    match = by_text[matches[0]]
    quoted = quote_identifier(match.member) if match.member else quote_qualified(match.schema, match.name)
    return f"; is it {_shown(match) if match.kind is Kind.ENUM else quoted}?"
