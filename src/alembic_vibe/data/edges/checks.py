"""CHECKs that no edge of a single column has touched: rows on either side are searched for."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from alembic_vibe.data.edges.scales import scale_of
from alembic_vibe.data.edges.walking import Walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.data.edges.bench import Bench, Change
    from alembic_vibe.data.edges.model import Case
    from alembic_vibe.prove.rows_facts import ConstraintFact

_MOST = 1500  # combinations of values that are tried for one constraint
_MENDED = 40  # of those, how many are mended where another constraint refuses them
_CONTEXTS = 8  # values of one column with which others are walked again
_OPTIONS = 8  # values of a column among them
_DIFFERENT = 2  # rows that are kept for one constraint


def check_cases(bench: Bench) -> None:
    """Add the edges that a CHECK has in other circumstances, and a row that it refuses where there is none yet."""
    for constraint in bench.table.constraints:
        if constraint.kind != "c":
            continue
        if len(constraint.columns) > 1:
            _in_context(bench, constraint)
        if not bench.refuses(constraint.name):
            _search(bench, constraint)


def _in_context(bench: Bench, constraint: ConstraintFact) -> None:
    """Walk each column of a CHECK again where another of its columns has another value."""
    columns = set(constraint.columns)
    contexts = [case for case in bench.accepted.values() if _is_choice(case, columns)]
    for case in contexts[:_CONTEXTS]:
        context = {name: value for name, value in case.change.items() if bench.start.get(name, "") != value}
        for name in constraint.columns:
            if context.get(name) is not None or not bench.is_free(name):
                continue
            scale = scale_of(bench.shapes[name], bench.row(context).get(name) or bench.full.get(name))
            if scale is not None:
                Walk(bench, bench.shapes[name], scale, context, constraint.name, f", with {case.name}").run()


def _is_choice(case: Case, columns: set[str]) -> bool:
    """Whether an accepted row chooses one of few values for one of the columns."""
    chosen = [name for name in case.change if case.name.startswith(f"{name} = ")]
    return any(name in columns for name in chosen)


def _search(bench: Bench, constraint: ConstraintFact) -> None:
    changes = combinations(bench, constraint.columns)
    answers = bench.ask(changes)
    kept: list[frozenset[str]] = []
    for change, answer in zip(changes, answers, strict=True):
        if answer.constraint != constraint.name or frozenset(change) in kept:
            continue
        refusal = bench.refusal(answer)
        if refusal is not None:
            bench.reject(describe(change), change, refusal, aspect="search")
            kept.append(frozenset(change))
            if len(kept) == _DIFFERENT:
                return
    if kept:
        return
    others = [change for change, answer in zip(changes, answers, strict=True) if answer.constraint]
    for change in others[:: max(1, len(others) // _MENDED)]:
        completed = bench.complete(change, lambda said: said.constraint == constraint.name)
        if completed is not None:
            refusal = bench.refusal(bench.ask([completed])[0])
            if refusal is not None:
                bench.reject(describe(completed), completed, refusal, aspect="search")
                return


def combinations(bench: Bench, columns: Sequence[str]) -> list[Change]:
    """Return changes of some columns to values at which their constraints may turn, the smallest changes first."""
    row = bench.row({})
    names = [name for name in columns if bench.is_free(name)]
    choices = []
    for name in names:
        values = bench.options(name)[:_OPTIONS]
        scale = scale_of(bench.shapes[name], row.get(name) or bench.full.get(name))
        if scale is not None and len(names) <= 3 and name not in bench.references:
            values += [text for place in scale.places[:12] for text in scale.texts(place)[:1]]
        choices.append(list(dict.fromkeys(values)))
    made: dict[tuple[tuple[str, str | None], ...], Change] = {}
    for combination in islice(product(*choices), _MOST * 6):
        change = {name: value for name, value in zip(names, combination, strict=True) if row.get(name, "") != value}
        if change:
            made.setdefault(tuple(change.items()), change)
    return sorted(made.values(), key=len)[:_MOST]


def describe(change: Change) -> str:
    """Return a change in words."""
    parts = []
    for name, value in change.items():
        shown = "NULL" if value is None else f"'{value}'" if len(value) <= 30 else f"'{value[:27]}...'"
        parts.append(f"{name} {shown}" if value is None else f"{name} = {shown}")
    return ", ".join(parts).replace("\n", "\\n")
