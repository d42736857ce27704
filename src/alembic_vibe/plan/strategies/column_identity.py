"""A column becomes an identity, ceases to be one, or is one in another way (recipes 15 and 16).

Whoever counts afterwards goes on where the one before has got to, in the same transaction. ALWAYS refuses ids that the
old release may give, so it comes when that is gone; BY DEFAULT allows the next release's, so it comes before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Privileges, Sequence
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import alter, exclusive, excused, execute, shown, vibe_name
from alembic_vibe.plan.column_sql import (
    continue_counting,
    count_on,
    create_sequence,
    family,
    identity_clause,
    identity_settings,
    named_sequence,
    not_null,
)
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.fillers import not_null_again
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.new_columns import own_sequence
from alembic_vibe.plan.situation import Node, Planned, node_of, table_of
from alembic_vibe.plan.sql import comment_on, name_of, owner_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("15", "16")
_ALWAYS = "always"


def applies(change: Change, _situation: Situation) -> bool:
    """Where the identity differs, and perhaps its options and the default, but not the type."""
    names = ("identity", "identity_options", "identity_sequence", "default")
    return change.key.kind is Kind.COLUMN and "identity" in change.altered_fields and change.alters(*names)


def plan(change: Change, situation: Situation) -> Planned:
    """Change it before the next release, and forbid what is to be forbidden after the old one."""
    work = _Work(change, situation)
    if work.old.identity and work.new.identity:
        return work.other_kind()
    if work.new.identity:
        return work.becomes()
    return work.ceases()


class _Work:
    def __init__(self, change: Change, situation: Situation) -> None:
        old, new = situation.old_fact(change.key), situation.new_fact(change.key)
        assert isinstance(old, Column)
        assert isinstance(new, Column)
        self.old, self.new = old, new
        self.key, self.situation = change.key, situation
        self.table = table_of(change.key)
        self.what = shown(self.table, new.name)
        self.name = Name(new.name)
        self.locks = exclusive(*family(self.table, situation.after))
        self.stand_in = Name(self.table.schema, vibe_name("count", self.table.name, new.name))

    def step(self, up: tuple[Operation, ...], down: tuple[Operation, ...], phase: Phase, title: str) -> Step:
        """Return a step on the table."""
        return Step(self.key, up, down, phase=phase, title=f"{self.what} {title}", locks=self.locks)

    # -- ALWAYS and BY DEFAULT --------------------------------------------------------------------------------------

    def other_kind(self) -> Planned:
        """Forbid or allow ids that the application gives."""
        phase = Phase.CONTRACT if self.new.identity == _ALWAYS else Phase.EXPAND
        kind = self.step((self._kind(self.new),), (self._kind(self.old),), phase, f"identity {self.new.identity}")
        kind = replace(kind, old_sees=f"an INSERT that gives {self.what} fails" if phase is Phase.CONTRACT else "")
        up, down = (identity_settings(self.table, *pair) for pair in ((self.old, self.new), (self.new, self.old)))
        steps = [self.step(up, down, Phase.EXPAND, "identity options")] if up else []
        return Planned((*steps, kind), ready=phase)

    def _kind(self, column: Column) -> Execute:
        kind = Printed(column.identity.upper())
        return alter(self.table, "ALTER COLUMN {name} SET GENERATED {kind}", name=self.name, kind=kind)

    # -- an identity comes ------------------------------------------------------------------------------------------

    def becomes(self) -> Planned:
        """Put an identity in the place of a default, or of nothing."""
        sequence = self._old_sequence()
        first = replace(self.new, identity="by default")
        drop = alter(self.table, "ALTER COLUMN {name} DROP DEFAULT", name=self.name)
        add = alter(self.table, "ALTER COLUMN {name} ADD {identity}", name=self.name, identity=identity_clause(first))
        lose = alter(self.table, "ALTER COLUMN {name} DROP IDENTITY", name=self.name)
        up: list[Operation] = [drop] if self.old.default is not None else []
        down: list[Operation] = []
        takes: set[Node] = set()
        note = "It begins after the greatest value that is there."
        if sequence is not None:
            away, back = self._stand_aside(sequence), self._come_back(sequence, self.situation.old)
            go_on = continue_counting(self.table, self.new.name, self.stand_in)
            up += [*away, add, *named_sequence(self.table, self.new), go_on]
            up.append(execute("DROP SEQUENCE {name}", name=self.stand_in))
            down += [*self._make_stand_in(sequence), lose, *back, self._default(self.old)]
            down.append(self._own(sequence))
            takes |= {node_of(found) for found in self._gone_with(sequence)}
            note = f"It goes on where {sequence.key.qualified} has got to."
        else:
            up += [add, *named_sequence(self.table, self.new)]
            up += count_on(self.table, self.new.name, None, self.new.identity_options)
            down.append(lose)
            if self.old.default is not None:
                down.append(self._default(self.old))
        phase, steps = Phase.EXPAND, []
        if not self.old.not_null:
            phase = Phase.CONTRACT
            takes |= self._not_null()
            steps.append(not_null(self.table, self.new, phase, self.situation.after))
        steps.append(replace(self.step(tuple(up), tuple(down), phase, "identity"), notes=(note,)))
        if self.new.identity == _ALWAYS:
            kind = self.step((self._kind(self.new),), (self._kind(first),), Phase.CONTRACT, "identity always")
            steps.append(replace(kind, old_sees=f"an INSERT that gives {self.what} fails"))
        ready = Phase.CONTRACT if phase is Phase.CONTRACT or self.new.identity == _ALWAYS else Phase.EXPAND
        return Planned(tuple(steps), takes=frozenset(takes), ready=ready)

    def _old_sequence(self) -> Sequence | None:
        """Return the sequence of a serial column, where it goes with the default."""
        for change in self.situation.changes:
            fact = change.before
            gone = change.kind is ChangeKind.DROP and isinstance(fact, Sequence)
            if gone and isinstance(fact, Sequence) and fact.owned_by == (self.table, self.old.name):
                return fact
        return None

    def _gone_with(self, sequence: Sequence) -> list[Change]:
        """Return the changes that drop a sequence and the privileges on it."""
        return [
            change
            for change in self.situation.changes
            if change.kind is ChangeKind.DROP
            and (
                change.key == sequence.key
                or (isinstance(change.before, Privileges) and change.before.target == sequence.key)
            )
        ]

    # -- an identity goes -------------------------------------------------------------------------------------------

    def ceases(self) -> Planned:
        """Put a sequence in its place, or let the application count."""
        sequence = own_sequence(self.key, self.situation)
        lose = alter(self.table, "ALTER COLUMN {name} DROP IDENTITY", name=self.name)
        if sequence is not None:
            back: list[Operation] = [
                alter(self.table, "ALTER COLUMN {name} DROP DEFAULT", name=self.name),
                *self._stand_aside(sequence),
                self._add_again(self.old),
                *named_sequence(self.table, self.old),
                continue_counting(self.table, self.old.name, self.stand_in),
                execute("DROP SEQUENCE {name}", name=self.stand_in),
            ]
            there = (*self._make_stand_in(sequence), lose, *self._come_back(sequence, self.situation.new))
            there = (*there, self._default(self.new), self._own(sequence))
            note = f"{sequence.key.qualified} goes on where the identity has got to."
            step = replace(self.step(there, tuple(back), Phase.EXPAND, "serial"), notes=(note,))
            return Planned((step,), takes=frozenset(map(node_of, self.situation.by_key[sequence.key])))
        steps = []
        last = replace(self.old, identity="by default")
        if self.old.identity == _ALWAYS:
            steps.append(self.step((self._kind(last),), (self._kind(self.old),), Phase.EXPAND, "identity by default"))
        down: list[Operation] = [self._add_again(last), *named_sequence(self.table, self.old)]
        down += count_on(self.table, self.old.name, None, self.old.identity_options)
        up: list[Operation] = [lose]
        if self.new.default is not None:
            up.append(self._default(self.new))
            down.insert(0, alter(self.table, "ALTER COLUMN {name} DROP DEFAULT", name=self.name))
        loses = ""
        takes: frozenset[Node] = frozenset()
        if not self.new.not_null:  # an identity holds it NOT NULL
            takes = self._not_null()
            up.append(alter(self.table, "ALTER COLUMN {name} DROP NOT NULL", name=self.name))
            fill, loses = not_null_again(self.table, self.old, self.situation.old_words)
            down = [*fill, *down]
        end = self.step(tuple(up), tuple(down), Phase.CONTRACT, "without identity")
        steps.append(replace(end, old_sees=f"an INSERT without {self.what} gets no number", loses=loses))
        return Planned(tuple(steps), takes=takes, ready=Phase.CONTRACT)

    def _not_null(self) -> frozenset[Node]:
        """Return the change of the column's NOT NULL, which goes with its identity."""
        own = self.situation.by_key[self.key]
        return frozenset(node_of(found) for found in own if "not_null" in found.altered_fields)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _add_again(self, column: Column) -> Execute:
        clause = identity_clause(column)
        return alter(self.table, "ALTER COLUMN {name} ADD {identity}", name=self.name, identity=clause)

    def _default(self, column: Column) -> Execute:
        value = Printed(column.default or "NULL")
        return alter(self.table, "ALTER COLUMN {name} SET DEFAULT {value}", name=self.name, value=value)

    def _own(self, sequence: Sequence) -> Execute:
        owner = Printed(f"{name_of(self.table)}.{self.name}")
        return execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name_of(sequence.key), owner=owner)

    def _stand_aside(self, sequence: Sequence) -> tuple[Operation, ...]:
        """Return what takes a sequence's name and owner away: the identity's may get the name."""
        other = Name(self.stand_in.name)
        return (
            execute("ALTER SEQUENCE {name} OWNED BY NONE", name=name_of(sequence.key)),
            execute("ALTER SEQUENCE {name} RENAME TO {other}", name=name_of(sequence.key), other=other),
        )

    def _make_stand_in(self, sequence: Sequence) -> tuple[Operation, ...]:
        """Return what makes a sequence that goes on where the identity is, beside it."""
        return (
            excused(
                execute("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", table=name_of(self.table)),
                "heavy-maintenance",
                "for a moment: nobody may draw a number while the sequences change places",
            ),
            create_sequence(self.stand_in, sequence.options),
            continue_counting(self.table, self.new.name, self.stand_in, back=True),
        )

    def _come_back(self, sequence: Sequence, context: Context) -> tuple[Operation, ...]:
        """Return what gives that sequence its name, comment, owner and privileges."""
        name = name_of(sequence.key)
        found: list[Operation] = [
            execute("ALTER SEQUENCE {one} RENAME TO {name}", one=self.stand_in, name=Name(sequence.key.name)),
            *comment_on("SEQUENCE", name, sequence.comment),
            *owner_of("SEQUENCE", name, sequence.owner),
        ]
        granted = makers_by_kind()[Kind.PRIVILEGES]
        for change in self._gone_with(sequence):
            if isinstance(change.before, Privileges):
                found += granted.create(change.before, context).up
        return tuple(found)
