"""What becomes of each column: as it is classified, as what it refers to, or by its type."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from alembic_vibe.subset.masking.masks import all_masks
from alembic_vibe.subset.masking.model import ColumnUse, Decision, Place, Shape
from alembic_vibe.subset.masking.rules import DIFFERENT, IMPOSSIBLE, MISFIT, STALE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.subset.masking.classification import Classification, Name

KEEP, NULL = Decision("keep"), Decision("null")
# What a mask of a type is that nobody has classified, where NULL is not allowed.
BY_TYPE = {
    "text": "text", "json": "json", "hstore": "json", "xml": "empty", "inet": "ip", "cidr": "network", "macaddr": "mac",
    "macaddr8": "mac", "bytea": "bytes", "tsvector": "empty", "uuid": "uuid", "number": "number", "money": "number",
    "date": "date_shift", "timestamp": "date_shift",
}  # fmt: skip
# What is no mask of single values, and the kinds of types that it fits.
_OTHERS = {
    "keep": None,
    "null": None,
    "constant": None,
    "empty": frozenset({"text", "json", "hstore", "xml", "bytea", "tsvector"}),
    "json": frozenset({"json", "hstore", "text", "composite"}),
    "date_shift": frozenset({"date", "timestamp"}),
}


@dataclass(slots=True)
class Decided:
    """The decision for every column; ``root``: the column whose decision it is, for what refers to others.

    ``open``: columns that nobody has decided about, and which are replaced. ``problems`` are errors of the
    classification; ``stale`` are its entries for columns that do not exist.
    """

    decisions: dict[Place, Decision] = field(default_factory=dict)
    root: dict[Place, Place] = field(default_factory=dict)
    open: list[Place] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    stale: list[Diagnostic] = field(default_factory=list)

    def groups(self) -> dict[Place, list[Place]]:
        """Return the columns that are masked alike because they refer to one, by that one."""
        found: dict[Place, list[Place]] = {}
        for place, root in self.root.items():
            found.setdefault(root, []).append(place)
        return found


def decide(uses: Mapping[Place, ColumnUse], classification: Classification) -> Decided:
    """Decide about every column, and say what is wrong with the classification."""
    decided = Decided()
    known = {(place.table.schema, place.table.name, place.column): place for place in uses}
    for name, decision in classification.decisions.items():
        if name not in known:
            decided.stale.append(_stale(classification, name, uses))
        elif (problem := _problem(decision, uses[known[name]], uses)) is not None:
            rule, message, help_ = problem
            decided.problems.append(classification.finding(rule, name, f"{known[name]}: {message}", help_))
    for place in uses:
        decided.root[place] = _root(place, uses)
    for root, members in decided.groups().items():
        _decide_group(root, members, uses, classification, decided)
    return decided


def _root(place: Place, uses: Mapping[Place, ColumnUse]) -> Place:
    seen = {place}
    while (found := next((p for p in uses[place].refers if p in uses and p not in seen), None)) is not None:
        seen.add(found)
        place = found
    return min(seen) if any(p in seen for p in uses[place].refers) else place  # a circle has no end


def _decide_group(
    root: Place,
    members: list[Place],
    uses: Mapping[Place, ColumnUse],
    classification: Classification,
    decided: Decided,
) -> None:
    decision = classification.of(root)
    if decision is None and not _denied(uses[root]):
        decision = KEEP
    if decision is None:
        decided.open += sorted(members)
        decision = by_default([uses[place] for place in members])
        if decision is None:
            message = f"{root}: there is no mask for {uses[root].fact.type_text}, and it may not be NULL"
            help_ = "Classify it as keep, or as constant:… with a value of its type."
            decided.problems.append(IMPOSSIBLE.diagnostic(message, help=help_, path=classification.source.path))
            decision = KEEP
    for place in members:
        own = classification.of(place)
        if own is not None and own != decision:
            name = (place.table.schema, place.table.name, place.column)
            decided.problems.append(
                classification.finding(
                    DIFFERENT, name, f"{place} is {own}, but {root}, which it refers to, is {decision}"
                )
            )
        elif decision == NULL and not uses[place].nullable and uses[root].nullable:
            message = f"{place} may not be NULL, but {root}, which it refers to, is null"
            decided.problems.append(MISFIT.diagnostic(message, path=classification.source.path))
        decided.decisions[place] = decision


def _denied(use: ColumnUse) -> bool:
    return use.shape.denied and not use.closed


def by_default(uses: list[ColumnUse]) -> Decision | None:
    """Return what becomes of columns that nobody has classified: NULL if that is allowed, else a mask of their type."""
    use = uses[0]
    free = len(uses) == 1 and use.nullable and not use.shared
    if free and all(rule.holds is None or rule.holds({use.place.column: None}) is not False for rule in use.rules):
        return NULL
    shape = use.shape
    while shape.kind == "array" and shape.element is not None:
        shape = shape.element
    if shape.kind == "composite":
        return Decision("json")
    name = BY_TYPE.get(shape.kind)
    if name is None or (name == "empty" and any(u.unique for u in uses)):
        return NULL if all(u.nullable for u in uses) else None
    return Decision(name)


def leaves(shape: Shape) -> set[str]:
    """Return the kinds of values that a type is made of in the end."""
    if shape.element is not None and shape.kind == "array":
        return leaves(shape.element)
    if shape.kind == "composite":
        return {kind for _, attribute in shape.attributes for kind in leaves(attribute)} | {"composite"}
    return {shape.kind}


def _problem(
    decision: Decision, use: ColumnUse, uses: Mapping[Place, ColumnUse]
) -> tuple[Rule, str, str | None] | None:
    name = decision.name
    mask = all_masks().get(name)
    if mask is None and name not in _OTHERS:
        close = get_close_matches(name, [*all_masks(), *_OTHERS], 1)
        return UNKNOWN, f"there is no mask {name}", f"Did you mean {close[0]}?" if close else None
    fits = mask.fits if mask is not None else _OTHERS[name]
    if fits is not None and not fits & leaves(use.shape) and not (name == "empty" and use.shape.kind == "array"):
        return MISFIT, f"{name} is no mask for {use.fact.type_text}", _fitting(use.shape)
    if name == "null" and not use.nullable:
        return MISFIT, "it may not be NULL", None
    if name in {"constant", "empty"} and use.unique:
        return MISFIT, f"{name} gives every row the same value, but its values must differ", None
    if decision.argument and name not in {"constant", "date_shift"}:
        return MISFIT, f"{name} takes nothing after a colon", None
    if name == "date_shift" and decision.argument and Place(use.place.table, decision.argument) not in uses:
        return MISFIT, f"date_shift:{decision.argument}: there is no such column", None
    return None


def _fitting(shape: Shape) -> str | None:
    kinds = leaves(shape)
    fitting = [mask.name for mask in all_masks().values() if mask.fits & kinds]
    fitting += [name for name, fits in _OTHERS.items() if fits is None or fits & kinds]
    return f"Take one of {', '.join(sorted(fitting))}."


def _stale(classification: Classification, name: Name, uses: Mapping[Place, ColumnUse]) -> Diagnostic:
    schema, table, column = name
    columns = [p.column for p in uses if (p.table.schema, p.table.name) == (schema, table)]
    what = "it has no such column" if columns else "there is no such table, or it holds no rows of its own"
    close = get_close_matches(column, columns, 1)
    help_ = f"Delete the line, or change it to {close[0]}." if close else None
    return classification.finding(STALE, name, f"{schema}.{table}.{column}: {what}", help_)
