"""Which constraints have a row that they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.data.edges.bench import Bench
    from alembic_vibe.data.edges.model import Case, Coverage
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
        column = shape.column
        if column.not_null and not column.generated:
            covered = any(_is_null(case, shape.name) for case in cases)
            coverage.count("not null", covered=covered)
            if not covered:
                coverage.missing.append(f"{table}: {shape.name} NOT NULL")


def _is_derived(bench: Bench, constraint: ConstraintFact) -> bool:
    """Whether it is what PostgreSQL keeps for one partition of the table that a foreign key refers to."""
    if constraint.kind != "f":
        return False
    same = {c.references for c in bench.table.constraints if c.kind == "f" and c.columns == constraint.columns}
    chains = ((table.oid, *table.ancestors) for table in bench.facts.tables.values())
    return any(
        chain[-1] in same and constraint.references in chain and constraint.references != chain[-1] for chain in chains
    )


def _is_null(case: Case, column: str) -> bool:
    return case.refusal is not None and case.refusal.sqlstate == "23502" and case.refusal.column == column


def _by_partition(bench: Bench, constraint: ConstraintFact, cases: list[Case]) -> bool:
    """Whether a partition's own index stands for a key."""
    if bench.table.key == bench.table.target or constraint.kind not in {"p", "u", "i", "x"}:
        return False
    shown = ", ".join(constraint.columns) + " as in another row"
    return any(case.name == shown for case in cases)


def _reason(bench: Bench, constraint: ConstraintFact) -> str:
    if constraint.kind not in {"p", "u", "i"} or not constraint.plain:
        return ""
    for other in bench.table.constraints:
        is_key = other is not constraint and other.kind in {"p", "u", "i"} and other.plain
        if is_key and set(other.columns) <= set(constraint.columns):
            return f" (whatever it refuses, {other.name} refuses first)"
    return ""
