"""A second column beside the first, kept the same, that takes its place (recipes 8 and 10).

Both exist from expand to purge, so that every step goes back with its rows: the new one is added and follows, rows are
filled, its indexes and constraints are built beside readers and writers; then the columns change places in one
transaction, the old one follows the new one, and waits for its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.plan.around import Around
from alembic_vibe.plan.backfill import backfill_step, forget
from alembic_vibe.plan.blocks import alter, away, exclusive, set_not_null, shown
from alembic_vibe.plan.casting import comparable, compared_as_text
from alembic_vibe.plan.column_sql import attached
from alembic_vibe.plan.fillers import not_null_again
from alembic_vibe.plan.model import Phase, Step, Verify
from alembic_vibe.plan.operations import AddColumn, DropColumn, Execute
from alembic_vibe.plan.retype import rename_constraint_on_18, usual_not_null
from alembic_vibe.plan.situation import node_of, table_of
from alembic_vibe.plan.sql import column_definition, name_of, rename_not_null
from alembic_vibe.plan.sync import follow, later_triggers
from alembic_vibe.plan.twins import Twin, build, discard, take_place
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.hazards import Danger
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation
    from alembic_vibe.plan.sync import Both
    from alembic_vibe.sql.compose import Part


@dataclass(frozen=True)
class Dual:
    """What is known of two columns.

    ``key`` is that of the wanted column, ``old`` and ``new`` are both in words to write, ``work`` is the new one's name
    until the columns change places. ``up`` is over the old row, ``down`` over the new column under its final name;
    empty where nobody knows it. ``exact``: every value comes back as it was.
    """

    key: Key
    old: Column
    new: Column
    work: str
    up: str
    down: str
    exact: bool
    twins: tuple[Twin, ...]
    trigger: Both  # makes and removes what keeps the new column up to date
    situation: Situation
    title: str
    around: Around = field(default_factory=Around)
    verify: tuple[Verify, ...] = ()
    dangers: tuple[Danger, ...] = ()
    touch: bool = False  # rows are filled by the trigger, which leaves alone what the next release wrote

    @property
    def table(self) -> Key:
        """Their table."""
        return table_of(self.key)

    @property
    def what(self) -> str:
        """The wanted column for people."""
        return shown(self.table, self.new.name)

    @property
    def aside(self) -> str:
        """Where the old column waits for its end."""
        return away(self.old.name)

    @cached_property
    def columns(self) -> dict[str, str]:
        """The final name → the one before."""
        return {self.new.name: self.work}

    @property
    def takes(self) -> frozenset[Node]:
        """The changes that these steps carry out besides."""
        keys = {fact.key for twin in self.twins for fact in (twin.old, twin.new) if fact is not None}
        own = {node_of(change) for change in self.situation.changes if change.key == self.key}
        found = {node_of(change) for change in self.situation.changes if change.key in keys}
        return frozenset(found | self.around.takes) - own

    # -- the conditions of SQL ---------------------------------------------------------------------------------------

    @property
    def differs(self) -> str:
        """The condition of rows in which the new column is not what the old one says."""
        text = Printed("::text" if compared_as_text(self.new.type) else "")
        parts: dict[str, Part] = {"work": Name(self.work), "up": Printed(self.up), "text": text}
        if self.up == str(Name(self.old.name)) and comparable(self.old.type, self.new.type):
            return compose("{work}{text} IS DISTINCT FROM {up}{text}", **parts)
        sql = "{work}{text} IS DISTINCT FROM ({up})::{type}{text}"
        return compose(sql, **parts, type=Printed(self.new.type.text))

    @property
    def missing(self) -> str:
        """The condition of rows that the trigger has still to fill."""
        sql = "{work} IS NULL AND ({up}) IS NOT NULL"
        return compose(sql, work=Name(self.work), up=Printed(self.up))


def dual_steps(*duals: Dual) -> Iterator[Step]:
    """Yield the steps of all phases, of one column or of several of one table."""
    for dual in duals:
        yield _add(dual)
    for dual in duals:
        yield _fill(dual)
    for dual in duals:
        for twin in dual.twins:
            for step in build(twin, dual.columns, Phase.MIGRATE):
                yield replace(step, key=dual.key)
    for dual in duals:
        if dual.new.not_null:
            phase = Phase.MIGRATE if dual.old.not_null else Phase.CONTRACT
            yield from set_not_null(dual.table, dual.work, phase, known_as=dual.new.name)
    for dual in duals:
        yield _change_places(dual)
    aside = {dual.old.name: dual.aside for dual in duals}
    for dual in duals:
        for twin in dual.twins:
            yield from discard(twin, aside, dual.key)
    for dual in duals:
        yield _end(dual)


def _bare(dual: Dual) -> Column:
    return replace(dual.new, name=dual.work, default=None, not_null=False, not_null_name=None, generated="")


def _add(dual: Dual) -> Step:
    column, table = _bare(dual), dual.table
    make, remove = dual.trigger
    add = alter(table, "ADD COLUMN {definition}", definition=column_definition(column))
    drop = alter(table, "DROP COLUMN {name}", name=Name(dual.work))
    up: list[Operation] = [AddColumn(table, column, add.statements), *attached(table, column)]
    down: list[Operation] = [DropColumn(table, dual.work, drop.statements), forget(dual.what)]
    name = {"name": Name(dual.old.name)}
    if dual.old.not_null and (not dual.new.not_null or (not dual.down and dual.work == dual.new.name)):
        up.append(alter(table, "ALTER COLUMN {name} DROP NOT NULL", **name))
        down = [*_not_null_again(dual), *down]
    later = later_triggers(table, dual.situation.before)
    notes = [f"The triggers {', '.join(later)} fire later, and may change what was compared."] if later else []
    return Step(
        dual.key,
        (*up, *make),
        (*remove, *down),
        phase=Phase.EXPAND,
        title=dual.title,
        locks=exclusive(table),
        verify=dual.verify,
        dangers=dual.dangers,
        notes=tuple(notes),
        old_sees="a prepared SELECT * fails once in each session",
        new_sees=""
        if dual.exact or dual.work != dual.new.name
        else f"{dual.what} must fit into {dual.old.type.text} until contract",
        uses_vibe=True,
    )


def _not_null_again(dual: Dual) -> list[Operation]:
    if not dual.down:
        return list(not_null_again(dual.table, dual.old, dual.situation.before)[0])
    found: list[Operation] = [alter(dual.table, "ALTER COLUMN {name} SET NOT NULL", name=Name(dual.old.name))]
    if dual.old.not_null_name is not None:
        found.append(Execute(rename_not_null(dual.table, dual.old)))
    return found


def _fill(dual: Dual) -> Step:
    column = Name(dual.work)
    if dual.touch:
        return backfill_step(dual.key, compose("{c} = {c}", c=column), dual.missing, dual.situation)
    return backfill_step(dual.key, compose("{c} = {up}", c=column, up=Printed(dual.up)), dual.differs, dual.situation)


def _change_places(dual: Dual) -> Step:
    table, old, new = dual.table, dual.old, dual.new
    make, remove = dual.trigger
    parts = [take_place(twin, dual.columns) for twin in dual.twins]
    up: list[Operation] = [*dual.around.away, *remove]
    up += [operation for part in parts for operation in part[0]]
    if old.default is not None:
        up.append(alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=Name(old.name)))
    still = old.not_null and new.not_null and not (not dual.down and dual.work == new.name)
    if still:
        up.append(alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=Name(old.name)))
    up.append(_rename(dual, old.name, dual.aside))
    if dual.work != new.name:
        up.append(_rename(dual, dual.work, new.name))
    if new.default is not None:
        value = Printed(new.default)
        up.append(alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", name=Name(new.name), value=value))
    was, now = usual_not_null(table, replace(new, name=dual.work, not_null_name=None)), usual_not_null(table, new)
    if new.not_null and was != now:
        up.append(rename_constraint_on_18(table, was, now))
    up += [operation for part in parts for operation in part[1]]
    backwards = _backwards(dual)
    up += [*backwards[0], *dual.around.back]
    down: list[Operation] = [*dual.around.unmake, *backwards[1]]
    down += [operation for part in parts for operation in part[2]]
    if new.not_null and was != now:
        down.append(rename_constraint_on_18(table, now, was))
    if new.default is not None:
        down.append(alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=Name(new.name)))
    if dual.work != new.name:
        down.append(_rename(dual, new.name, dual.work))
    down.append(_rename(dual, dual.aside, old.name))
    if still:
        down += _not_null_again(dual)
    if old.default is not None:
        value = Printed(old.default)
        down.append(alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", name=Name(old.name), value=value))
    down += [operation for part in parts for operation in part[3]]
    down += [*make, *dual.around.remake]
    count = compose(
        "SELECT count(*) FROM {table} WHERE {differs}",
        table=name_of(table),
        differs=Printed(dual.missing if dual.touch else dual.differs),
    )
    lost = f"the values of {dual.what} that nobody can convert back" if not dual.exact else ""
    return Step(
        dual.key,
        tuple(up),
        tuple(down),
        phase=Phase.CONTRACT,
        title=dual.title,
        locks=exclusive(table, *_partners(dual), *dual.around.locked),
        verify=(Verify(count, f"rows of {shown(table)} in which {_new_words(dual)} is not what {old.name} says"),),
        notes=dual.around.notes,
        dangers=dual.dangers,  # until here they hold, in later runs as well
        loses=lost,
        new_sees="prepared statements that name the column fail once in each session",
        uses_vibe=True,
    )


def _new_words(dual: Dual) -> str:
    """Return how people name the new column before it has its name."""
    return dual.work if dual.work == dual.new.name else f"the new {dual.new.name}"


def _partners(dual: Dual) -> list[Key]:
    found = []
    for twin in dual.twins:
        for fact in (twin.old, twin.new):
            references = getattr(fact, "references", None)
            if references is not None:
                found.append(references)
    return found


def _rename(dual: Dual, old: str, new: str) -> Operation:
    return alter(dual.table, "RENAME COLUMN {old} TO {new}", old=Name(old), new=Name(new))


def _backwards(dual: Dual) -> Both:
    """Let the column that was set aside follow the one in its place, so that going back loses nothing."""
    if not dual.down:
        return (), ()
    return follow(dual.table, dual.aside, dual.down, dual.new.name, careful=not dual.exact)


def _not_made_again(dual: Dual) -> str:
    if not dual.down:
        return f"what {shown(dual.table, dual.old.name)} was before contract"
    return f"the values of the old {shown(dual.table, dual.old.name)} that cannot be made from the new {dual.new.name}"


def _end(dual: Dual) -> Step:
    table, aside = dual.table, Name(dual.aside)
    make, remove = _backwards(dual)
    drop = alter(table, "DROP COLUMN {aside}", aside=aside)
    column = replace(dual.old, name=dual.aside, default=None, not_null=False, not_null_name=None)
    add = alter(table, "ADD COLUMN {definition}", definition=column_definition(column))
    down: list[Operation] = [AddColumn(table, column, add.statements), *attached(table, column)]
    lost = _not_made_again(dual)
    fill: list[Operation] = []
    if dual.down:
        lost = "" if dual.exact else lost
        text = compose("UPDATE {table} SET {aside} = {aside}", table=name_of(table), aside=aside)
        fill = [Execute(text), Execute("SET CONSTRAINTS ALL IMMEDIATE")]  # its trigger fills it
    return Step(
        dual.key,
        (*remove, DropColumn(table, dual.aside, drop.statements)),
        (*down, *make, *fill),
        phase=Phase.PURGE,
        title=f"drop old {shown(table, dual.old.name)}",
        locks=exclusive(table),
        loses=lost,
        uses_vibe=True,
    )
