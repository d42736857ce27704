"""From the statements that failed to the mistakes behind them: root causes, with what follows from them counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.postgres import errors, names, repairs
from alembic_vibe.postgres.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.execution import Failure
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import Statement


class Report(NamedTuple):
    """The diagnostics, and how many statements failed for lack of those that earlier stages reported."""

    diagnostics: list[Diagnostic]
    of_refused: dict[int, int]
    of_broken: dict[str, int]


def report(
    failures: Sequence[Failure],
    definitions: Sequence[Statement],
    server: ScratchServer,
    refused: Sequence[tuple[Statement, Diagnostic | None]] = (),
    broken: Sequence[str] = (),
) -> Report:
    """Turn failures into diagnostics, in the order of the specification.

    Args:
        failures: What remained refused by the server.
        definitions: All definitions that were executed, failed ones included.
        server: Where they ran.
        refused: Statements that were not executed at all, and why (``None``: that was said before); what lacks them
            is their consequence.
        broken: Names that statements would have made which nobody can read.
    """
    by_index: dict[int, Failure] = {}
    for failure in failures:
        by_index.setdefault(failure.statement.index, failure)
    makers = _makers((*(f.statement for f in failures), *(statement for statement, _ in refused)), broken)
    causes = {index: _causes(failure, makers) - {index} for index, failure in by_index.items()}
    counts: dict[int, int] = {}
    roots: list[int] = []
    circular: set[int] = set()
    for index in by_index:
        root, in_circle = _root(index, causes)
        if in_circle:
            circular.add(root)
        if root == index:
            roots.append(index)
        else:
            counts[root] = counts.get(root, 0) + 1
    context = errors.Context(tuple(definitions), server)
    found: dict[int, Diagnostic] = {statement.index: diagnostic for statement, diagnostic in refused if diagnostic}
    first_of: dict[tuple[str, Name], int] = {}
    for index in sorted(roots):
        failure = by_index[index]
        if index in circular:
            found[index] = errors.circular(failure)
            continue
        diagnostic = errors.diagnose(failure, context)
        missing = failure.missing
        if missing is not None:  # the same absent thing is one mistake, however often it is used
            first = first_of.setdefault((diagnostic.code, missing), index)
            if first != index:
                counts[first] = counts.get(first, 0) + 1 + counts.pop(index, 0)
                continue
        found[index] = diagnostic
    diagnostics = [
        replace(diagnostic, consequences=diagnostic.consequences + counts.get(index, 0))
        for index, diagnostic in sorted(found.items())
    ]
    return Report(
        diagnostics,
        {s.index: counts[s.index] for s, said in refused if said is None and s.index in counts},
        {name: counts[-number] for number, name in enumerate(broken, start=1) if -number in counts},
    )


def _makers(absent: Iterable[Statement], broken: Sequence[str]) -> dict[Name, set[int]]:
    """Who would have made what: indexes of statements, and for broken ones their number from 1, negated."""
    makers: dict[Name, set[int]] = {}
    for statement in absent:
        for name in names.makes(statement):
            makers.setdefault(name, set()).add(statement.index)
    for number, name_made in enumerate(broken, start=1):
        bare = name_made.rpartition(".")[2]
        for kind in ("relation", "type", "function", "trigger", "policy"):
            makers.setdefault(Name(kind, bare), set()).add(-number)
    return makers


def _causes(failure: Failure, makers: dict[Name, set[int]]) -> set[int]:
    causes: set[int] = set()
    missing = failure.missing
    if missing is not None:
        causes |= makers.get(missing, set())
    extension = repairs.extension_wanted(failure)
    if extension is not None:
        causes |= makers.get(Name("extension", extension), set())
    return causes


def _root(index: int, causes: dict[int, set[int]]) -> tuple[int, bool]:
    """Follow the causes of a failure to one that has none; in a circle, the first statement of it stands for all."""
    path: list[int] = []
    while causes.get(index):
        if index in path:
            return min(path[path.index(index) :]), True
        path.append(index)
        index = min(causes[index])
    return index, False
