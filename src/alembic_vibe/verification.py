"""Prove a whole chain again, as it is committed: what ``generate`` proved of each change, at any time.

The chain is cut into stretches: what was generated on an empty database or written by hand, whose revisions go up, down
and up again; and evolutions, from their first revision of expand to the last one before the next begins, with the
statements of both releases.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Diagnostic, FindingsError
from alembic_vibe.plan.model import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.history.chain import Chain, Script
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.staged import StagedRevision
    from alembic_vibe.recall import Recall
    from alembic_vibe.results import Progress

_FACT = re.compile(r"^(Phase|Downgrade loses|Accepted):\s+(.*)$", re.MULTILINE)
_FILLED = re.compile(r"(?<!SHARE )ROW EXCLUSIVE on (\S+)$", re.MULTILINE)  # a table whose rows are filled
_VIBE = "vibe"
_MEND = (
    "This revision was not generated. Mend its downgrade() if it shall be possible to go back; one that is applied "
    "everywhere, and will never be undone, may stay as it is."
)


@dataclass(frozen=True)
class Stretch:
    """Revisions that are proven together; ``phases`` are empty for those that no phase was written into."""

    base: str  # the revision before them, or ``base``
    scripts: tuple[Script, ...]
    phases: tuple[Phase, ...] = ()


def stretches(scripts: Sequence[Script]) -> Iterator[Stretch]:
    """Cut a chain, from its first revision to its last, where an evolution begins or ends."""
    found: list[tuple[Script, Phase | None]] = [(script, phase_of(script)) for script in scripts]
    start = 0
    cuts = {len(part) for part in accumulate(knots(scripts), lambda done, knot: [*done, *knot])}
    for i, (one, other) in enumerate(pairwise(found), start=1):
        if i in cuts and _ends(one[1], other[1]):
            yield _stretch(found, start, i)
            start = i
    if found:
        yield _stretch(found, start, len(found))


def _ends(one: Phase | None, other: Phase | None) -> bool:
    if one is None or other is None:
        return one is not other
    return other.rank < one.rank


def _stretch(found: Sequence[tuple[Script, Phase | None]], start: int, end: int) -> Stretch:
    base = found[start - 1][0].revision if start else "base"
    members = found[start:end]
    phases = tuple(phase for _, phase in members if phase is not None)
    return Stretch(base, tuple(script for script, _ in members), phases if len(phases) == len(members) else ())


def knots(scripts: Sequence[Script]) -> list[list[Script]]:
    """Cut a chain wherever everything that follows builds on the one revision before the cut.

    A chain without branches is cut between all revisions; those from a fork to its merge stay together, because
    `alembic downgrade` cannot undo one arm of a branch by naming a revision of another.
    """
    found: list[list[Script]] = []
    later: set[str] = set()
    open_ends: set[str] = set()  # what later revisions build on, and is not among them
    bases = 0  # later revisions that build on nothing
    for i in range(len(scripts) - 1, -1, -1):
        script = scripts[i]
        if not found or (bases == 0 and open_ends == {script.revision}):
            found.append([])
        found[-1].append(script)
        later.add(script.revision)
        open_ends = (open_ends | set(script.down)) - later
        bases += not script.down
    return [list(reversed(knot)) for knot in reversed(found)]


def phase_of(script: Script) -> Phase | None:
    """Return the phase that the head of a revision names; ``None``: it has none."""
    words = header(script).get("Phase", "").split()
    return Phase(words[0]) if words and words[0] in set(Phase) else None


def header(script: Script) -> dict[str, str]:
    """Return what the head of a revision says, by name."""
    return {name: value.strip() for name, value in _FACT.findall(head_of(script))}


def head_of(script: Script) -> str:
    """Return the docstring of a revision; empty if it has none, or is no source."""
    text = Path(script.path).read_text(encoding="utf-8", errors="replace")
    try:
        return ast.get_docstring(ast.parse(text), clean=False) or ""
    except (SyntaxError, ValueError):
        return ""


def _table(name: str) -> Key:
    schema, _, table = name.rpartition(".")
    return Key(Kind.TABLE, schema or "public", table)


def prove_stretch(
    stretch: Stretch, chain: Chain, server: ScratchServer, recall: Recall, progress: Progress
) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
    """Prove the revisions of a stretch.

    Returns:
        What was proven, in lines for people; and what was found.
    """
    from alembic_vibe.prove.evolution import prove_evolution
    from alembic_vibe.prove.proof import prove

    last = stretch.scripts[-1].revision
    ids = [script.revision for script in stretch.scripts]
    try:
        end = recall.at(last)
        if not stretch.phases:
            stages = [[script.revision for script in knot] for knot in knots(stretch.scripts)]
            proof = prove(chain, server, end, ids, stretch.base, progress, twice=set(ids), by_hand=stages)
        else:
            start = recall.at(stretch.base) if stretch.base != "base" else end
            proof = prove_evolution(
                chain,
                server,
                target=end,
                old=without_workspace(start),
                new=without_workspace(end),
                stages=[_staged(script, phase) for script, phase in zip(stretch.scripts, stretch.phases, strict=True)],
                base=stretch.base,
                progress=progress,
            )
    except FindingsError as error:
        if stretch.phases:
            return (), error.diagnostics
        return (), tuple(_by_hand(found, error, stretch, recall.root) for found in error.diagnostics)
    return proof.lines, ()


def _by_hand(found: Diagnostic, error: FindingsError, stretch: Stretch, root: Path) -> Diagnostic:
    """Return a finding about revisions that people wrote: theirs to mend, at the line that failed."""
    from alembic_vibe.history.chain import ChainError
    from alembic_vibe.history.explain import place, place_of

    source, span = None, None
    if isinstance(error.__cause__, ChainError):
        source, span = place_of(error.__cause__, root)
    if source is None:
        named = [script for script in stretch.scripts if script.revision in found.message.split(" the database")[0]]
        source, span = place(named[-1].path, 0, root) if named else (None, None)
    return replace(found, source=source, span=span, help=_MEND)


def _staged(script: Script, phase: Phase) -> StagedRevision:
    from alembic_vibe.prove.staged import EVERY_RELATION, StagedRevision

    said = header(script)
    filled = _FILLED.findall(head_of(script)) if phase is Phase.MIGRATE else []
    loses = said.get("Downgrade loses", "")
    return StagedRevision(
        id=script.revision,
        phase=phase,
        changes=tuple(_table(name) for name in filled),
        irreversible_loss="" if loses == "nothing" else loses,
        accepted=(EVERY_RELATION,) if "Accepted" in said else (),
    )


def without_workspace(catalog: Catalog) -> Catalog:
    """Return what a release knows of a schema: without what a plan has left there for a while (``vibe_…``)."""
    from alembic_vibe.catalog.facts import Table

    facts = {}
    for key, fact in catalog.facts.items():
        if key.schema == _VIBE or key.name == _VIBE or any(part.startswith("vibe_") for part in (key.name, key.member)):
            continue
        if isinstance(fact, Table):
            columns = tuple(column for column in fact.columns if not column.name.startswith("vibe_"))
            fact = replace(fact, columns=columns)
        facts[key] = fact
    return replace(catalog, facts=facts)
