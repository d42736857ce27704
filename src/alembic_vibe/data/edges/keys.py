"""Rows that keys refuse: references to nothing, and duplicates."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from alembic_vibe.data.edges.model import Refusal
from alembic_vibe.data.edges.shape import TEXTS, WHOLE, likely

if TYPE_CHECKING:
    from alembic_vibe.data.edges.bench import Bench, Change
    from alembic_vibe.data.edges.shape import Shape
    from alembic_vibe.prove.rows_facts import ConstraintFact

_MOST = 300  # pairs of rows that are tried for one constraint
_UNKNOWN = {
    "uuid": ("ffffffff-ffff-4fff-bfff-ffffffffffff", "eeeeeeee-eeee-4eee-beee-eeeeeeeeeeee"),
    "date": ("1999-12-31",),
    "timestamptz": ("1999-12-31 00:00:00+00",),
    "timestamp": ("1999-12-31 00:00:00",),
    "numeric": ("999999", "99", "9"),
}
_UNKNOWN_TEXTS = ("no-such-key", "zzz", "ZZZ", "zz", "ZZ", "z", "Z", "9", "000", "nobody@example.com")


def reference_cases(bench: Bench) -> None:
    """Add, for each foreign key, a row that refers to nothing; and one that does not refer, where it may."""
    for constraint in bench.table.constraints:
        if constraint.kind != "f":
            continue
        nullable = [name for name in constraint.columns if not bench.shapes[name].column.not_null]
        given = {name: bench.full.get(name, bench.row({}).get(name)) for name in constraint.columns}
        if nullable and None not in given.values():
            shown = ", ".join(constraint.columns)
            completed = bench.complete(given, lambda said: said.accepted)
            if completed is not None:
                bench.accept(f"{shown} given", completed)
        _unknown(bench, constraint, given)


def _unknown(bench: Bench, constraint: ConstraintFact, given: Change) -> None:
    """Change as few columns as possible, those first that no other foreign key has."""
    others = {name for c in bench.table.constraints if c.kind == "f" and c is not constraint for name in c.columns}
    columns = sorted(constraint.columns, key=lambda name: (name in others, name))
    changes: list[Change] = []
    for name in columns:
        if not bench.shapes[name].column.generated:
            changes += [{**given, name: value} for value in _unknown_values(bench.shapes[name], bench)]
    everywhere = [_unknown_values(bench.shapes[name], bench)[:1] for name in columns]
    changes += [dict(zip(columns, values, strict=True)) for values in product(*everywhere)]
    for change in changes:
        completed = bench.complete(change, lambda said: said.constraint == constraint.name and said.state == "23503")
        if completed is not None:
            name = f"{', '.join(constraint.columns)} refers to nothing"
            bench.reject(name, completed, Refusal("23503", constraint.name), aspect="unknown")
            return


def _unknown_values(shape: Shape, bench: Bench) -> list[str | None]:
    if shape.base in WHOLE:
        top = 2 ** WHOLE[shape.base] - 1
        return [str(top), "999", "77"]
    if shape.base in TEXTS:
        return [text for text in _UNKNOWN_TEXTS if shape.length is None or len(text) <= shape.length]
    found: list[str | None] = [*_UNKNOWN.get(shape.base, ()), *shape.labels]
    return found or list(likely(bench.facts, bench.table, shape, 7))


# Duplicates


def duplicate_cases(bench: Bench, another: Change) -> None:
    """Add, for each key and exclusion constraint, a row that the row beside it excludes.

    Args:
        bench: The table.
        another: A change that keeps a row apart from the minimal one in every key, as far as one was found.
    """
    keys = [c for c in bench.table.constraints if c.kind in {"p", "u", "i", "x"}]
    for constraint in keys:
        others = {name for key in keys if key is not constraint for name in key.columns}
        apart = {name: value for name, value in another.items() if name in others and name not in constraint.columns}
        apart = {**apart, **_more_apart(bench, others, constraint, apart)}
        if not _duplicate(bench, constraint, apart):
            _search(bench, constraint, apart, another)


def _more_apart(bench: Bench, others: set[str], constraint: ConstraintFact, apart: Change) -> Change:
    """Other values for the rest of the columns of other keys that the minimal row has."""
    result: Change = {}
    for name in sorted(others - set(constraint.columns) - apart.keys()):
        value = bench.minimal.get(name)
        if value is None or not bench.is_free(name):
            continue
        shape = bench.shapes[name]
        if shape.counts and shape.base in WHOLE:
            result[name] = str(int(value) + 1)
            continue
        other = [text for text in likely(bench.facts, bench.table, shape, 1) if text != value]
        result.update({name: other[0]} if other else {})
    return result


def _duplicate(bench: Bench, constraint: ConstraintFact, apart: Change) -> bool:
    """Try the same values twice."""
    first = _with_values(bench, constraint)
    fewer = [{name: value for name, value in apart.items() if name != left} for left in apart]
    return _keep(bench, constraint, [(first, {**first, **other}) for other in (apart, *fewer)])


def _third(bench: Bench, constraint: ConstraintFact, second: Change) -> Change:
    """Keep a row apart in every other key from the one beside it, which is itself kept apart from the minimal one."""
    result: Change = {}
    keys = {name for c in bench.table.constraints if c.kind in {"p", "u", "i", "x"} for name in c.columns}
    row = bench.row(second)
    for name in sorted(keys - set(constraint.columns)):
        shape, value = bench.shapes[name], row.get(name)
        if value is None or not bench.is_free(name):
            continue
        taken = {bench.minimal.get(name), value}
        found: list[str] = [str(int(value) + 1)] if shape.counts and shape.base in WHOLE else []
        found += [text for text in likely(bench.facts, bench.table, shape, 2) if text not in taken]
        result.update({name: found[0]} if found else {})
    return result


def _with_values(bench: Bench, constraint: ConstraintFact) -> Change:
    """Give the columns of a key that are NULL in the minimal row the values that they have in the full one."""
    row = bench.row({})
    change: Change = {}
    for name in constraint.columns:
        shape = bench.shapes[name]
        if bench.present and name in bench.start and bench.minimal.get(name) is not None:
            change[name] = bench.minimal[name]
        elif row.get(name) is None and not shape.column.generated:
            default = shape.column.default is not None and not shape.varies
            if not default and bench.full.get(name) is not None:
                change[name] = bench.full[name]
    return change


def _search(bench: Bench, constraint: ConstraintFact, apart: Change, another: Change) -> None:
    """Try values that its predicate or expression may ask for."""
    first = _with_values(bench, constraint)
    free = [name for name in constraint.columns if bench.is_free(name)]
    choices = [
        list(dict.fromkeys([first.get(name, bench.row({}).get(name)), None, "true", *bench.options(name)]))[:8]
        for name in free
    ]
    pairs = []
    for values in list(product(*choices))[:_MOST]:
        change = {**first, **dict(zip(free, values, strict=True))}
        pairs.append((change, {**change, **apart}))
    if _keep(bench, constraint, pairs):
        return
    # The key of another kind of row: complete a row that has it first.
    for change, _ in pairs[:24]:
        completed = bench.complete(change, lambda said: said.accepted)
        if completed is not None and _keep(bench, constraint, [(completed, {**completed, **apart})]):
            return
    _keep(bench, constraint, [({**another, **first}, {**another, **first, **apart})])


def _keep(bench: Bench, constraint: ConstraintFact, pairs: list[tuple[Change, Change]]) -> bool:
    units, rows = [], []
    for first, given in pairs:
        second = given
        there = bench.present and all(bench.minimal.get(name) == value for name, value in first.items())
        beside = [] if there else [bench.insert(first)]
        if bench.present and not there:
            second = {**second, **_third(bench, constraint, second)}
        units.append([*beside, bench.insert(second)])
        rows.append((first, second))
    for (first, second), unit, answer in zip(rows, units, bench.trial.ask(units), strict=True):
        refusal = bench.refusal(answer)
        if refusal is None or answer.reached != len(unit) - 1 or refusal.sqlstate not in {"23505", "23P01"}:
            continue
        if not _is_about(bench, constraint, refusal.constraint):
            continue
        shown = ", ".join(constraint.columns)
        word = "in conflict with another row" if constraint.kind == "x" else "as in another row"
        beside_row = None if len(unit) == 1 else {**bench.start, **first}
        bench.reject(f"{shown} {word}", second, refusal, aspect=constraint.name, beside=beside_row)
        return True
    return False


def _is_about(bench: Bench, constraint: ConstraintFact, name: str) -> bool:
    """Whether the server speaks of a constraint; a partition's index has a name of its own."""
    return name == constraint.name or (bench.table.key != bench.table.target and name not in _names(bench))


def _names(bench: Bench) -> set[str]:
    return {c.name for c in bench.table.constraints}
