"""Which constraints have a row that they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.edges.shape import WHOLE
from alembic_vibe.prove.rows_facts import unfold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.data.edges.bench import Bench
    from alembic_vibe.data.edges.model import Case, Coverage
    from alembic_vibe.data.edges.shape import Shape
    from alembic_vibe.prove.rows_facts import ConstraintFact

_KINDS = {"p": "keys", "u": "keys", "i": "keys", "x": "exclusions", "f": "foreign keys", "c": "checks"}


def count_table(coverage: Coverage, bench: Bench) -> None:
    """Count the constraints of a table, and those that a row of ``bench.rejected`` names."""
    cases = list(bench.rejected.values())
    named = {case.refusal.constraint for case in cases if case.refusal is not None}
    table = bench.table.target.qualified
    for constraint in bench.table.constraints:
        kind = _KINDS.get(constraint.kind)
        if kind is None or _is_derived(bench, constraint):
            continue
        covered = constraint.name in named or _by_partition(bench, constraint, cases)
        coverage.count(kind, covered=covered)
        coverage.edged += constraint.kind == "c" and constraint.name in bench.edged
        if not covered:
            coverage.missing.append(f"{table}: {constraint.name}{_reason(bench, constraint)}")
    for shape in bench.shapes.values():
        for kind, word, states in _limits(bench, shape):
            covered = any(_breaks(bench, case, shape.name, states) for case in cases)
            coverage.count(kind, covered=covered)
            if not covered:
                coverage.missing.append(f"{table}: {shape.name} {word}")


def _limits(bench: Bench, shape: Shape) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield what a column's own definition refuses: the kind, a word for it, and the codes of the refusal."""
    column = shape.column
    if column.generated or column.identity == "a":
        yield "computed columns", "takes no value", ("428C9",)
    if column.generated:
        return
    routes = any(c.kind == "b" and shape.name in c.columns for c in bench.table.constraints)
    if column.not_null and not routes:  # a row without a partition key finds no partition, and gets no further
        yield "not null", "NOT NULL", ("23502",)
    if _has_checks(bench, column.type):
        yield "domains", "has a domain with a CHECK", ("23514",)
    if shape.is_array or shape.name in bench.references:
        return
    if shape.kind == "e":
        yield "enums", "has labels", ("22P02",)
    elif shape.length is not None:
        yield "type limits", "has a longest text", ("22001",)
    elif (shape.base in WHOLE and not shape.counts) or shape.precision is not None:
        yield "type limits", "has a greatest number", ("22003",)


def _has_checks(bench: Bench, type_: int) -> bool:
    return any(domain.checks for domain in unfold(bench.facts.types, type_)[0])


def _breaks(bench: Bench, case: Case, column: str, states: tuple[str, ...]) -> bool:
    """Whether a row is refused for a column with one of the codes, and not by a constraint of the table."""
    refusal = case.refusal
    if refusal is None or refusal.sqlstate not in states or column not in case.change:
        return False
    return refusal.column in {"", column} and bench.constraint(refusal.constraint) is None


def _is_derived(bench: Bench, constraint: ConstraintFact) -> bool:
    """Whether it is what PostgreSQL keeps for one partition of the table that a foreign key refers to."""
    if constraint.kind != "f":
        return False
    same = {c.references for c in bench.table.constraints if c.kind == "f" and c.columns == constraint.columns}
    chains = ((table.oid, *table.ancestors) for table in bench.facts.tables.values())
    return any(
        chain[-1] in same and constraint.references in chain and constraint.references != chain[-1] for chain in chains
    )


def _by_partition(bench: Bench, constraint: ConstraintFact, cases: list[Case]) -> bool:
    """Whether a partition's own index stands for a key."""
    if bench.table.key == bench.table.target or constraint.kind not in {"p", "u", "i", "x"}:
        return False
    shown = ", ".join(constraint.columns) + " as in another row"
    return any(case.name == shown for case in cases)


def _reason(bench: Bench, constraint: ConstraintFact) -> str:
    """Say which other constraint stands before one that no row has reached, as far as that can be told."""
    for other in bench.table.constraints:
        if other is constraint or not set(other.columns) <= set(constraint.columns):
            continue
        if constraint.kind == other.kind == "f" and other.columns == constraint.columns:
            return f" ({other.name} is about the same columns and refuses first)"
        if constraint.kind in {"p", "u", "i"} and other.kind in {"p", "u", "i"} and other.plain:
            return f" (whatever it refuses, {other.name} refuses first)"
    return ""
