"""The account of a run for people: short, and nothing that happened is left out of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from alembic_vibe.results import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.results import CheckResult, Counts, GenerateOptions, GenerateResult
    from alembic_vibe.spec.coverage import CoverageEntry

SHOWN = 12  # longer lists are cut, and say so; -v shows all


def generate_lines(result: GenerateResult, options: GenerateOptions, *, verbose: bool) -> list[str]:
    """Return the account of ``generate``, line by line."""
    lines = [_counted(result.counts)] if result.counts.tables else []
    would = options.dry_run or options.check
    if not result.written:
        lines.append(_nothing(options.phase, pending=bool(result.pending)))
    else:
        if result.revisions:
            lines += _titled(
                "revisions that would be written" if would else "revisions",
                [f"{r.path}  {r.title}" for r in result.revisions],
                verbose=verbose,
            )
        others = sorted(set(result.written) - {r.path for r in result.revisions})
        lines += _titled("files that would be written" if would else "files", others, verbose=verbose)
    lines += _titled("repaired, without changing what it means", result.repairs, verbose=True)
    lines += _coverage(result.coverage, verbose=verbose)
    lines += _titled("proven on a scratch database", result.proof, verbose=True)
    lines += _titled("pending, until the old release is gone", result.pending, verbose=True)
    step = _next(result, options)
    if step:
        lines += ["", step]
    return lines


def check_lines(result: CheckResult, *, verbose: bool) -> list[str]:
    """Return the account of ``check``, line by line."""
    lines = [] if result.diagnostics else ["No mistakes found."]
    if result.counts.tables:
        lines.append(_counted(result.counts))
    return lines + _coverage(result.coverage, verbose=verbose)


def plural(count: int, noun: str) -> str:
    """Return the count with its noun: ``1 table``, ``2 indexes``, ``3 tables``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {noun}{'es' if noun.endswith(('x', 's')) else 's'}"


def _counted(counts: Counts) -> str:
    parts = [
        plural(counts.tables, "table"),
        plural(counts.indexes, "index"),
        plural(counts.constraints, "constraint"),
    ]
    if counts.other:
        parts.append(plural(counts.other, "other object"))
    return f"Section 5: {', '.join(parts)} in {plural(counts.sections, 'section')}."


def _nothing(phase: Phase, *, pending: bool) -> str:
    if phase is Phase.EXPAND:
        return "Nothing to do: the project is up to date with the specification."
    if phase is Phase.PURGE and pending:  # of what is pending then, each purge waits for a contract of its own run
        return "Nothing to do: no purge step is due yet; run `alembic-vibe generate --phase contract` first."
    return f"Nothing to do: no {phase} step is pending."


def _titled(title: str, entries: Sequence[str], *, verbose: bool) -> list[str]:
    if not entries:
        return []
    shown = entries if verbose or len(entries) <= SHOWN else entries[: SHOWN - 1]
    lines = ["", f"{title[0].upper()}{title[1:]}:", *(f"  {entry}" for entry in shown)]
    if len(shown) < len(entries):
        lines.append(f"  … and {len(entries) - len(shown):,} more (-v lists them)")
    return lines


def _coverage(coverage: Sequence[CoverageEntry], *, verbose: bool) -> list[str]:
    if not coverage:
        return []
    from alembic_vibe.spec.coverage_rules import CoverageStatus

    counts = Counter(entry.status for entry in coverage)
    parts = [f"{counts[status]:,} {status}" for status in CoverageStatus if counts[status]]
    lines = ["", f"Coverage of Section 5: {', '.join(parts)}{'' if verbose else ' (-v lists each)'}."]
    if verbose:
        for entry in coverage:
            place = f"{entry.line}-{entry.last_line}" if entry.last_line > entry.line else f"{entry.line}"
            reason = f"  ({entry.reason})" if entry.reason else ""
            lines.append(f"  {place:>9}  {entry.status:<8}  {_short(entry.text)}{reason}")
    return lines


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 72 else text[:71] + "…"


def _next(result: GenerateResult, options: GenerateOptions) -> str:
    if options.check or options.dry_run:
        return "Nothing was written; run it again without that option to write." if result.written else ""
    return "Next: alembic upgrade head" if result.revisions else ""
