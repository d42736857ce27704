"""Attributes at the end of a composite type come and go (recipe 39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Composite
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.plan.attributes import is_remade
from alembic_vibe.plan.blocks import away, execute
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import comment_on, exact_name
from alembic_vibe.plan.type_swap import columns_of
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("39",)


def applies(change: Change, situation: Situation) -> bool:
    """All other attributes keep their types and places."""
    one, other = change.before, change.after
    if change.kind is not ChangeKind.ALTER or not isinstance(one, Composite) or not isinstance(other, Composite):
        return False
    return not change.alters("comment", "owner") and not is_remade(change, situation)


def plan(change: Change, situation: Situation) -> Planned:
    """Add before the next release; set aside when the old one is gone, and drop at the end."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Composite)
    assert isinstance(new, Composite)
    steps = tuple(_Work(old, new, situation).steps())
    gone = len(old.attributes) > len(new.attributes)
    return Planned(steps, ready=Phase.CONTRACT if gone else Phase.EXPAND)


class _Work:
    def __init__(self, old: Composite, new: Composite, situation: Situation) -> None:
        self.old, self.new, self.key = old, new, new.key
        self.name = label(new.key)
        self.target = exact_name(new.key, shadowed=new.shadowed)
        self.used = bool(columns_of(situation, new.key))

    def steps(self) -> Iterator[Step]:
        known = len(self.old.attributes)
        up: list[Operation] = []
        down: list[Operation] = []
        for one, other in zip(self.old.attributes, self.new.attributes, strict=False):
            if one.comment != other.comment:
                up.append(self._said(other))
                down.append(self._said(one))
        for attribute in self.new.attributes[known:]:
            up += self._add(attribute, attribute.name)
            down.insert(0, self._drop(attribute.name))
        if up:
            yield Step(
                self.key,
                tuple(up),
                tuple(down),
                phase=Phase.EXPAND,
                title=self.name,
                loses=self._lost(self.new, known),
                old_sees=f"values of {self.name} have more attributes" if self.new.attributes[known:] else "",
            )
        yield from self._gone(self.old.attributes[len(self.new.attributes) :])

    def _gone(self, attributes: tuple[Column, ...]) -> Iterator[Step]:
        if not attributes:
            return
        title = f"drop {self.name}.{attributes[0].name}"
        rename = "RENAME ATTRIBUTE {one} TO {other}"
        pairs = [(Name(found.name), Name(away(found.name))) for found in attributes]
        yield Step(
            self.key,
            tuple(self._alter(rename, one=one, other=other) for one, other in pairs),
            tuple(self._alter(rename, one=other, other=one) for one, other in reversed(pairs)),
            phase=Phase.CONTRACT,
            title=title,
        )
        lost = self._lost(self.old, len(self.new.attributes))
        back = [operation for found in attributes for operation in self._add(found, away(found.name))]
        yield Step(
            self.key,
            tuple(self._drop(away(found.name)) for found in reversed(attributes)),
            tuple(back),
            phase=Phase.PURGE,
            title=title,
            loses=lost,
            dangers=(Danger(DATA_LOSS, self.name, f"{lost} are gone for good"),) if lost else (),
        )

    def _lost(self, fact: Composite, first: int) -> str:
        names = [f"{self.name}.{found.name}" for found in fact.attributes[first:]]
        return f"the values of {', '.join(names)}" if names and self.used else ""

    # -- statements -------------------------------------------------------------------------------------------------

    def _alter(self, action: str, **parts: Name | Printed) -> Execute:
        return execute(f"ALTER TYPE {{type}} {action}", type=self.target, **parts)

    def _add(self, attribute: Column, name: str) -> list[Operation]:
        collation = Printed(f" COLLATE {attribute.collation}" if attribute.collation else "")
        action = "ADD ATTRIBUTE {name} {definition}{collation}"
        definition = Printed(attribute.type.text)
        add = self._alter(action, name=Name(name), definition=definition, collation=collation)
        return [add, *comment_on("COLUMN", Printed(f"{self.target}.{Name(name)}"), attribute.comment)]

    def _drop(self, name: str) -> Execute:
        return self._alter("DROP ATTRIBUTE {name}", name=Name(name))

    def _said(self, attribute: Column) -> Execute:
        text = Literal(attribute.comment) if attribute.comment is not None else Printed("NULL")
        target = Printed(f"{self.target}.{Name(attribute.name)}")
        return execute("COMMENT ON COLUMN {target} IS {text}", target=target, text=text)
