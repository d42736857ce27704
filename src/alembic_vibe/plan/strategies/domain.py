"""A domain's default, NOT NULL and CHECKs change (recipes 37 and 38)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Domain, DomainConstraint
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import BLOCKING_SCAN, SHARED_BEHAVIOUR, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.attributes import is_remade
from alembic_vibe.plan.blocks import execute, locks
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Mode, Phase, Step, Verify
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import comment_on, exact_name, name_of
from alembic_vibe.plan.type_swap import columns_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("37", "38")
_VALUE = re.compile(r"\bVALUE\b")


def applies(change: Change, situation: Situation) -> bool:
    """One that ALTER DOMAIN can change, and that differs in more than its comment or owner."""
    if change.kind is not ChangeKind.ALTER or change.key.kind is not Kind.DOMAIN:
        return False
    return not change.alters("comment", "owner") and not is_remade(change, situation)


def plan(change: Change, situation: Situation) -> Planned:
    """Loosen before the next release; tighten when the old one is gone, for new values first."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Domain)
    assert isinstance(new, Domain)
    work = _Work(old, new, situation)
    steps = tuple(work.steps())
    contract = any(step.phase is Phase.CONTRACT for step in steps)
    return Planned(steps, ready=Phase.CONTRACT if contract and not _loosens(old, new) else Phase.EXPAND)


def _loosens(old: Domain, new: Domain) -> bool:
    return old.not_null and not new.not_null


class _Work:
    """One domain in both forms, and the columns that have it."""

    def __init__(self, old: Domain, new: Domain, situation: Situation) -> None:
        self.old, self.new = old, new
        self.key = new.key
        self.name = label(new.key)
        self.target = exact_name(new.key, shadowed=new.shadowed)
        self.columns = columns_of(situation, new.key)
        self.tables = tuple(dict.fromkeys(table.key for table, _ in self.columns))

    def steps(self) -> Iterator[Step]:
        yield from self._default()
        loosened, tightened = self._not_null()
        yield from loosened
        yield from self._constraints()
        yield from tightened

    # -- default and NOT NULL ---------------------------------------------------------------------------------------

    def _default(self) -> Iterator[Step]:
        if self.old.default == self.new.default:
            return
        message = f"both releases get the new default of {self.name} at once"
        yield Step(
            self.key,
            (self._set_default(self.new.default),),
            (self._set_default(self.old.default),),
            phase=Phase.EXPAND,
            title=f"{self.name} default",
            dangers=(Danger(SHARED_BEHAVIOUR, self.name, message),),
        )

    def _set_default(self, default: str | None) -> Execute:
        if default is None:
            return self._alter("DROP DEFAULT")
        return self._alter("SET DEFAULT {default}", default=Printed(default))

    def _not_null(self) -> tuple[list[Step], list[Step]]:
        if self.old.not_null == self.new.not_null:
            return [], []
        forth, back = self._alter("SET NOT NULL"), self._alter("DROP NOT NULL")
        taken = locks(LockLevel.SHARE, *self.tables)
        if not self.new.not_null:
            return [Step(self.key, (back,), (forth,), phase=Phase.EXPAND, title=f"{self.name} nullable")], []
        tightened = Step(
            self.key,
            (forth,),
            (back,),
            phase=Phase.CONTRACT,
            title=f"{self.name} not null",
            locks=taken,
            scans=self.tables,
            verify=tuple(self._verify("{column} IS NULL")),
            dangers=self._scanned(),
        )
        return [], [tightened]

    # -- CHECKs -----------------------------------------------------------------------------------------------------

    def _constraints(self) -> Iterator[Step]:
        old = {check.name: check for check in self.old.constraints}
        new = {check.name: check for check in self.new.constraints}
        gone = [check for name, check in old.items() if name not in new]
        come = [check for name, check in new.items() if name not in old]
        for check in list(come):
            same = next((found for found in gone if found.definition == check.definition), None)
            if same is not None:
                come.remove(check)
                gone.remove(same)
                yield self._renamed(same, check)
        for check in gone:
            yield Step(
                self.key,
                (self._drop(check.name),),
                self._added(check),
                phase=Phase.EXPAND,
                title=f"{self.name}: drop {check.name}",
            )
        for check in come:
            yield from self._tightened(check, (), ())
        for name in sorted(old.keys() & new.keys()):
            one, other = old[name], new[name]
            if one.definition != other.definition:
                yield from self._altered(one, other)
            elif one.comment != other.comment:
                up, down = (self._said(check) for check in (other, one))
                yield Step(self.key, (up,), (down,), phase=Phase.EXPAND, title=f"comment {self.name}: {name}")
            elif one.validated != other.validated:
                yield self._validated(other)

    def _renamed(self, one: DomainConstraint, other: DomainConstraint) -> Step:
        sql = "RENAME CONSTRAINT {one} TO {other}"
        up: list[Operation] = [self._alter(sql, one=Name(one.name), other=Name(other.name))]
        down: list[Operation] = [self._alter(sql, one=Name(other.name), other=Name(one.name))]
        if one.comment != other.comment:
            up.append(self._said(other))
            down.append(self._said(one))
        return Step(self.key, tuple(up), tuple(down), phase=Phase.EXPAND, title=f"{self.name}: {other.name}")

    def _altered(self, one: DomainConstraint, other: DomainConstraint) -> Iterator[Step]:
        """Yield what lets in old or new values until contract, and then only new ones."""
        both = compose("CHECK (({one}) OR ({other}))", one=Printed(_expression(one)), other=Printed(_expression(other)))
        between = replace(one, definition=both, validated=False)
        yield Step(
            self.key,
            (self._drop(one.name), *self._added(between)),
            (self._drop(one.name), *self._added(one)),
            phase=Phase.EXPAND,
            title=f"{self.name}: {one.name}",
            notes=("Until contract, values that satisfy the old or the new condition are let in.",),
        )
        yield from self._tightened(other, (self._drop(one.name),), self._added(between))

    def _tightened(
        self, check: DomainConstraint, before: tuple[Operation, ...], restored: tuple[Operation, ...]
    ) -> Iterator[Step]:
        bare = replace(check, validated=False)
        yield Step(
            self.key,
            (*before, *self._added(bare)),
            (self._drop(check.name), *restored),
            phase=Phase.CONTRACT,
            title=f"{self.name}: {check.name}",
            verify=tuple(self._verify(f"NOT ({_braced(_expression(check))})")) if check.validated else (),
        )
        if check.validated:
            yield self._validated(check)

    def _validated(self, check: DomainConstraint) -> Step:
        bare = replace(check, validated=False)
        return Step(
            self.key,
            (self._alter("VALIDATE CONSTRAINT {name}", name=Name(check.name)),),
            (self._drop(check.name), *self._added(bare)),
            phase=Phase.CONTRACT,
            mode=Mode.AUTOCOMMIT if not self.tables else Mode.TRANSACTION,
            title=f"{self.name}: validate {check.name}",
            locks=locks(LockLevel.SHARE, *self.tables),
            scans=self.tables,
            dangers=self._scanned(),
        )

    # -- statements -------------------------------------------------------------------------------------------------

    def _alter(self, action: str, **parts: Name | Printed | Literal) -> Execute:
        return execute(f"ALTER DOMAIN {{domain}} {action}", domain=self.target, **parts)

    def _drop(self, name: str) -> Execute:
        return self._alter("DROP CONSTRAINT {name}", name=Name(name))

    def _added(self, check: DomainConstraint) -> tuple[Operation, ...]:
        definition = check.definition.removesuffix(" NOT VALID") + ("" if check.validated else " NOT VALID")
        add = self._alter("ADD CONSTRAINT {name} {definition}", name=Name(check.name), definition=Printed(definition))
        return (add, *comment_on("CONSTRAINT", self._place(check), check.comment))

    def _said(self, check: DomainConstraint) -> Execute:
        text = Literal(check.comment) if check.comment is not None else Printed("NULL")
        return execute("COMMENT ON CONSTRAINT {place} IS {text}", place=self._place(check), text=text)

    def _place(self, check: DomainConstraint) -> Printed:
        return Printed(f"{Name(check.name)} ON DOMAIN {self.target}")

    def _verify(self, condition: str) -> Iterator[Verify]:
        for table, column in self.columns:
            if column.type.array:
                continue
            where = compose(condition, column=Name(column.name))
            query = compose(
                "SELECT count(*) FROM {table} WHERE {where}", table=name_of(table.key), where=Printed(where)
            )
            message = f"rows of {table.key.qualified} whose {column.name} the domain {self.name} forbids"
            yield Verify(query, message)

    def _scanned(self) -> tuple[Danger, ...]:
        if not self.tables:
            return ()
        names = ", ".join(table.qualified for table in self.tables)
        message = f"{names} is read whole while nobody can write to it"
        return (Danger(BLOCKING_SCAN, self.name, message),)


def _expression(check: DomainConstraint) -> str:
    return check.definition.removeprefix("CHECK ").removesuffix(" NOT VALID")


def _braced(expression: str) -> str:
    """Return the condition as a template over the column, which VALUE stands for."""
    escaped = expression.replace("{", "{{").replace("}", "}}")
    return _VALUE.sub("{column}", escaped)
