"""A column goes (recipe 7): it is set aside when the old release is gone, and dropped when nobody wants it back.

The next release does not write the column any more. What would stop its rows is loosened before it comes: NOT NULL is
dropped, or, where a key or a domain forbids that, the column gets a stand-in as its default. Afterwards the column
keeps its default and is renamed, which no row notices. A generated column has no data of its own: it is dropped when
the old release is gone, and made again by the downgrade.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, ConstraintKind, Domain, Sequence, SequenceOptions, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.belongings import name_aside
from alembic_vibe.plan.blocks import alter, away, exclusive, execute, shown, vibe_name
from alembic_vibe.plan.column_sql import add_column, count_on, create_sequence, family, heirs
from alembic_vibe.plan.fillers import Filler, filler, is_unique, not_null_again
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.moving import is_moved
from alembic_vibe.plan.operations import DropColumn
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("7",)
_LONGEST_NAME = 63  # bytes, NAMEDATALEN - 1
_COUNTED = {"smallint", "integer", "bigint", "numeric"}


def applies(change: Change, situation: Situation) -> bool:
    """Any column that is not part of a table that goes as a whole, and does not move."""
    return (
        change.kind is ChangeKind.DROP
        and change.key.kind is Kind.COLUMN
        and table_of(change.key) in situation.after.facts
        and not is_moved(change, situation)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Let new rows leave it out; set it aside under another name; drop it for good."""
    column = situation.old_fact(change.key)
    assert isinstance(column, Column)
    work = Leaving(change, column, situation)
    if column.generated:
        return Planned((work.drop_generated(),), ready=Phase.CONTRACT)
    loosened = work.loosen()
    steps = (work.set_aside(), work.drop())
    return Planned(steps, takes=work.takes, ready=Phase.CONTRACT, early=(loosened,) if loosened else ())


class Leaving:
    """A column on its way out: what is done to it in each phase."""

    def __init__(self, change: Change, column: Column, situation: Situation) -> None:
        self.key = change.key
        self.table = table_of(change.key)
        self.column = column
        self.situation = situation
        self.what = shown(self.table, column.name)
        self.locks = exclusive(*family(self.table, situation.before))
        self.name, self.hidden = Name(column.name), Name(away(column.name))
        self.sequence = self._sequence()
        self.stand_in = self._stand_in()

    @property
    def takes(self) -> frozenset[Node]:
        """The sequence of a serial column goes with it."""
        return frozenset({(self.sequence.key, ())}) if self.sequence is not None else frozenset()

    def _sequence(self) -> Sequence | None:
        for change in self.situation.changes:
            fact = change.before
            gone = change.kind is ChangeKind.DROP and isinstance(fact, Sequence)
            if gone and isinstance(fact, Sequence) and fact.owned_by == (self.table, self.column.name):
                return fact
        return None

    # -- what the next release's rows would fail on -----------------------------------------------------------------

    @property
    def _must_have_value(self) -> bool:
        column = self.column
        return column.not_null and column.default is None and not column.identity

    def _domain_forbids(self) -> bool:
        key = self.column.type.key
        fact = self.situation.before.facts.get(key) if key is not None else None
        empty = isinstance(fact, Domain) and fact.not_null and fact.default is None
        return empty and self.column.default is None and not self.column.type.array

    def _in_primary_key(self) -> bool:
        found = self.situation.before.constraints().get(self.table, ())
        return any(one.kind == ConstraintKind.PRIMARY and self.column.name in one.columns for one in found)

    def _stand_in(self) -> Filler | None:
        if self._domain_forbids() or (self._must_have_value and self._in_primary_key()):
            found = filler(self.table, self.column, self.situation.before)
            if found is not None and found.plain and (found.distinct or not self._alone()):
                return found
            if found is not None and found.numbered and self.column.type.base in _COUNTED:
                value = compose("nextval({name}::regclass)", name=Literal(str(self.counter)))
                return Filler(value, distinct=True)
        return None

    @property
    def counter(self) -> Name:
        """The sequence that counts stand-ins."""
        return Name(self.table.schema, vibe_name("count", self.table.name, self.column.name))

    def _counts(self) -> bool:
        return self.stand_in is not None and self.stand_in.value.startswith("nextval(")

    def _make_stand_in(self) -> tuple[Operation, ...]:
        """Return what makes the stand-in the default; numbers go down from -1, where no others are."""
        assert self.stand_in is not None
        value = Printed(self.stand_in.value)
        default = alter(self.table, "ALTER COLUMN {name} SET DEFAULT {value}", name=self.name, value=value)
        if not self._counts():
            return (default,)
        return (
            execute("CREATE SEQUENCE {name} INCREMENT BY -1", name=self.counter),
            execute("GRANT USAGE ON SEQUENCE {name} TO PUBLIC", name=self.counter),
            default,
            *count_on(self.table, self.column.name, self.counter, SequenceOptions(increment=-1, maximum=-1)),
        )

    def _unmake_stand_in(self) -> tuple[Operation, ...]:
        default = alter(self.table, "ALTER COLUMN {name} DROP DEFAULT", name=self.name)
        return (default, execute("DROP SEQUENCE {name}", name=self.counter)) if self._counts() else (default,)

    def _alone(self) -> bool:
        return is_unique(self.table, self.column.name, self.situation.before) == "alone"

    def _stuck(self) -> bool:
        """Whether the next release cannot leave it out before contract has run."""
        return self.stand_in is None and (self._domain_forbids() or (self._must_have_value and self._in_primary_key()))

    def loosen(self) -> Step | None:
        """Return the step that lets the next release leave the column out, if it could not."""
        if self.stand_in is not None:
            shown_value = "a number below 0" if self._counts() else self.stand_in.value
            return Step(
                self.key,
                self._make_stand_in(),
                self._unmake_stand_in(),
                title=f"{self.what} default",
                locks=self.locks,
                old_sees=f"rows of the next release have {shown_value} as {self.what}",
                notes=("The next release no longer fills this column, which a key or a domain needs.",),
            )
        if self._stuck():
            return None
        if not self._must_have_value:
            return None
        down, loses = not_null_again(self.table, self.column, self.situation.old_words)
        return Step(
            self.key,
            (alter(self.table, "ALTER COLUMN {name} DROP NOT NULL", name=self.name),),
            down,
            title=f"{self.what} nullable",
            locks=self.locks,
            loses=loses,
            old_sees=f"{self.what} is NULL in rows of the next release",
            notes=("The next release no longer fills this column.",),
        )

    # -- setting aside and dropping ---------------------------------------------------------------------------------

    def _default_goes(self) -> bool:
        """Whether the default needs something that this run takes away, other than the column's own sequence."""
        if self.column.default is None or self.column.identity:
            return False
        needed = self.situation.before.depends.get(self.table, frozenset())
        kinds = {Kind.FUNCTION, Kind.SEQUENCE}
        return any(
            change.kind is ChangeKind.DROP
            and change.key.kind in kinds
            and change.key in needed
            and (self.sequence is None or change.key != self.sequence.key)
            and change.key.name in (self.column.default or "")
            for change in self.situation.changes
        )

    def _in_the_end(self) -> Column:
        """Return the column as it waits for its end."""
        column = replace(self.column, name=away(self.column.name))
        # What PostgreSQL has named after the column keeps that name.
        sequence, constraint = (f"{self.table.name}_{column.name}_{end}" for end in ("seq", "not_null"))
        if column.identity and not column.identity_sequence and len(sequence.encode()) <= _LONGEST_NAME:
            column = replace(column, identity_sequence=f"{self.table.name}_{self.column.name}_seq")
        if column.not_null and column.not_null_name is None and len(constraint.encode()) <= _LONGEST_NAME:
            column = replace(column, not_null_name=f"{self.table.name}_{self.column.name}_not_null")
        if self._domain_forbids() and self.stand_in is not None:
            return replace(column, default=self.stand_in.value)
        if self._default_goes() or self.stand_in is not None:
            return replace(column, default=None, not_null=False, not_null_name=None)
        if self._must_have_value and not self._in_primary_key():
            return replace(column, not_null=False, not_null_name=None)
        return column

    def set_aside(self) -> Step:
        """Return the step that renames it; rows that come and go do not notice."""
        up: list[Operation] = []
        down: list[Operation] = []
        name, hidden, loses = self.name, self.hidden, ""
        rename = "RENAME COLUMN {one} TO {other}"
        if self.sequence is not None:
            one, other = name_of(self.sequence.key), away(self.sequence.key.name)
            up.append(execute("ALTER SEQUENCE {one} RENAME TO {other}", one=one, other=Name(other)))
            moved = Name(self.sequence.key.schema, other)
            back = Name(self.sequence.key.name)
            down.append(execute("ALTER SEQUENCE {moved} RENAME TO {back}", moved=moved, back=back))
        down.append(alter(self.table, rename, one=hidden, other=name))
        stands_in = self.stand_in is not None and not self._domain_forbids()
        if self._default_goes() or stands_in:
            if stands_in:
                up += self._unmake_stand_in()
                down += self._make_stand_in()
            else:
                up.append(alter(self.table, "ALTER COLUMN {name} DROP DEFAULT", name=name))
                value = Printed(self.column.default or "")
                down.append(alter(self.table, "ALTER COLUMN {name} SET DEFAULT {value}", name=name, value=value))
            if self.column.not_null:
                up.append(alter(self.table, "ALTER COLUMN {name} DROP NOT NULL", name=name))
                fill, loses = not_null_again(self.table, self.column, self.situation.old_words)
                down.extend(fill)
        elif self._must_have_value and self._in_primary_key():
            up.append(alter(self.table, "ALTER COLUMN {name} DROP NOT NULL", name=name))
            fill, loses = not_null_again(self.table, self.column, self.situation.old_words)
            down.extend(fill)
        up.append(alter(self.table, rename, one=name, other=hidden))
        text = f"INSERTs of the next release fail until contract has run: they leave {self.what} out, and a key or a "
        text += "domain needs it; deploy the next release together with contract"
        return Step(
            self.key,
            tuple(up),
            tuple(down),
            phase=Phase.CONTRACT,
            title=f"drop {self.what}",
            locks=self.locks,
            loses=loses,
            old_sees=f"{self.what} does not exist any more",
            dangers=(Danger(OLD_RELEASE_BREAKS, self.what, text),) if self._stuck() else (),
        )

    def drop(self) -> Step:
        """Return the step that drops it for good; the downgrade makes it again, empty."""
        column = replace(self._in_the_end(), type=replace(self.column.type, text=self._type_then()))
        if self._must_have_value and self._in_primary_key():
            column = replace(column, not_null=False, not_null_name=None)
        drop = alter(self.table, "DROP COLUMN {hidden}", hidden=self.hidden)
        up: list[Operation] = [DropColumn(self.table, column.name, drop.statements)]
        down: list[Operation] = []
        for heir in self._heirs_of_their_own():  # they have it twice: from their parent and by themselves
            up.append(alter(heir, "DROP COLUMN {hidden}", hidden=self.hidden))
            down.extend(add_column(heir, column))
        if self.sequence is not None:
            name = Name(self.sequence.key.schema, away(self.sequence.key.name))
            down.append(create_sequence(name, self.sequence.options))
            owner = Printed(f"{name_of(self.table)}.{self.hidden}")
            column = replace(column, default=compose("nextval({name}::regclass)", name=Literal(str(name))))
            down.extend(add_column(self.table, column))
            down.append(execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name, owner=owner))
        else:
            down.extend(add_column(self.table, column))
        return Step(
            self.key,
            tuple(up),
            tuple(down),
            phase=Phase.PURGE,
            title=f"drop {self.what}",
            locks=self.locks,
            loses=f"the values of {self.what}",
            dangers=(Danger(DATA_LOSS, self.what, f"the values of {self.what} are gone for good"),),
        )

    def _heirs_of_their_own(self) -> list[Key]:
        found = []
        for heir in heirs(self.table, self.situation.before):
            fact = self.situation.before.facts.get(heir)
            own = [one for one in fact.columns if one.name == self.column.name] if isinstance(fact, Table) else []
            if own and not own[0].inherited:
                found.append(heir)
        return found

    def _type_then(self) -> str:
        """Return the type's name when the column is dropped: a type that goes too waits in the schema ``vibe``."""
        type_ = self.column.type
        gone = any(change.kind is ChangeKind.DROP and change.key == type_.key for change in self.situation.changes)
        if type_.key is None or not gone:
            return type_.text
        return type_.text.replace(str(name_of(type_.key)), str(Name(SCHEMA, name_aside(type_.key, self.situation))), 1)

    # -- generated columns ------------------------------------------------------------------------------------------

    def drop_generated(self) -> Step:
        """Return the step that drops a generated column: its values can be computed again."""
        drop = alter(self.table, "DROP COLUMN {name}", name=self.name)
        stored = self.column.generated == "stored"
        return Step(
            self.key,
            (DropColumn(self.table, self.column.name, drop.statements),),
            add_column(self.table, self.column),
            phase=Phase.CONTRACT,
            title=f"drop {self.what}",
            locks=self.locks,
            old_sees=f"{self.what} does not exist any more",
            notes=(f"The downgrade computes {self.what} again and rewrites the table.",) if stored else (),
        )
