"""A baseline: the findings of an old project that nobody has to look at today; only what is new is reported.

An entry is known by its rule, its revision, the function it is in, and the text that it points at: lines may move,
files may be renamed, a formatter may run. Equal findings are counted, so that one more of them is new.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity
from alembic_vibe.fingerprints import digest, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.model import Revision

VERSION = 1

# What cannot be read has never been looked at: that is not accepted, it is not known.
NEVER_HIDDEN = frozenset({"revision-syntax-error", "syntax-error"})

NO_BASELINE = Rule(
    code="AV022",
    slug="unreadable-baseline",
    severity=Severity.ERROR,
    summary="The baseline of the linter is missing or cannot be read.",
    why="Without it every old finding would be reported as new, or, if it were passed over, a misspelt path as clean.",
    fix="Write it with `alembic-vibe lint --baseline FILE --update-baseline`, and commit it.",
    bad="alembic-vibe lint --baseline lint-basline.json",
    good="alembic-vibe lint --baseline lint-baseline.json --update-baseline",
)
STALE_ENTRY = Rule(
    code="AV023",
    slug="stale-baseline-entry",
    severity=Severity.INFO,
    summary="The baseline lists findings that are gone.",
    why="An entry that nothing matches would hide the same mistake if somebody made it again.",
    fix="Write the baseline anew with `--update-baseline`; it only gets shorter.",
    bad="a baseline with an index that was removed since",
    good="alembic-vibe lint --baseline lint-baseline.json --update-baseline",
)
RULES = (NO_BASELINE, STALE_ENTRY)


class Identity(NamedTuple):
    """What makes a finding the same in the next run. ``revision`` is the file's path where it is no revision."""

    rule: str
    revision: str
    direction: str
    digest: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a baseline file lists: how often each finding may occur, and what it says of each to people."""

    shown_path: str
    counts: Mapping[Identity, int] = field(default_factory=dict)
    texts: Mapping[Identity, tuple[str, str]] = field(default_factory=dict)  # path and message


@dataclass(frozen=True, slots=True)
class Compared:
    """What a baseline leaves: findings that are new, how many it hides, and entries that nothing matched."""

    new: tuple[Diagnostic, ...]
    hidden: int
    stale: tuple[Diagnostic, ...]


def identities(diagnostics: Iterable[Diagnostic], revisions: Iterable[Revision]) -> list[Identity]:
    """Return what identifies each finding; ``revisions`` are those that the findings may be in."""
    by_path = {revision.source.path: revision for revision in revisions}
    found = []
    for diagnostic in diagnostics:
        revision = by_path.get(diagnostic.shown_path)
        name = (revision.id if revision is not None else "") or diagnostic.shown_path
        direction = _direction(revision, diagnostic.line) if revision is not None else ""
        found.append(Identity(diagnostic.rule, name, direction, digest((excerpt(diagnostic),))))
    return found


def compare(
    baseline: Baseline, diagnostics: Sequence[Diagnostic], identified: Sequence[Identity], *, whole: bool
) -> Compared:
    """Leave out what the baseline lists.

    Args:
        baseline: As read.
        diagnostics: All findings, in order; of equal ones the first are hidden.
        identified: What ``identities`` says of each.
        whole: Whether the whole chain was linted: only then can an entry be told to be stale.
    """
    left = Counter(baseline.counts)
    new = []
    for diagnostic, identity in zip(diagnostics, identified, strict=True):
        if diagnostic.rule not in NEVER_HIDDEN and left[identity] > 0:
            left[identity] -= 1
        else:
            new.append(diagnostic)
    hidden = len(diagnostics) - len(new)
    return Compared(tuple(new), hidden, tuple(_stale(baseline, left)) if whole else ())


def read_baseline(path: Path, shown_path: str) -> Baseline:
    """Read a baseline file; raises ``ConfigurationError`` where it is missing, damaged or of a later version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or document.get("version") != VERSION:
            raise _unreadable(shown_path, f"`{shown_path}` is not a baseline of this version of alembic-vibe")
        entries = [_entry(entry) for entry in document["findings"]]
    except FileNotFoundError as error:
        raise _unreadable(shown_path, f"there is no baseline `{shown_path}`") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(shown_path, f"`{shown_path}` cannot be read as a baseline: {error}") from error
    counts: Counter[Identity] = Counter()
    for identity, count, _ in entries:
        counts[identity] += count
    return Baseline(shown_path, counts, {identity: texts for identity, _, texts in entries})


def write_baseline(path: Path, diagnostics: Sequence[Diagnostic], identified: Sequence[Identity]) -> int:
    """Write what was found as the new baseline, all of it or nothing; returns how many findings it lists.

    What a baseline never hides is left out. Raises ``OSError``.
    """
    import os

    counts: Counter[Identity] = Counter()
    texts: dict[Identity, tuple[str, str]] = {}
    for diagnostic, identity in zip(diagnostics, identified, strict=True):
        if diagnostic.rule not in NEVER_HIDDEN:
            counts[identity] += 1
            texts.setdefault(identity, (diagnostic.shown_path, diagnostic.message))
    rows = sorted((texts[identity][0], *identity) for identity in counts)
    findings = [
        {
            "rule": identity.rule,
            "revision": identity.revision,
            "direction": identity.direction,
            "digest": identity.digest,
            "count": counts[identity],
            "path": texts[identity][0],
            "message": texts[identity][1],
        }
        for identity in (Identity(*row[1:]) for row in rows)
    ]
    text = json.dumps({"version": VERSION, "findings": findings}, indent=1, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return counts.total()


def _entry(entry: Mapping[str, Any]) -> tuple[Identity, int, tuple[str, str]]:
    identity = Identity(*(str(entry[name]) for name in Identity._fields))
    count = entry.get("count", 1)
    if not isinstance(count, int):
        raise TypeError(f"`count` of {identity.rule} is not a number")
    return identity, count, (str(entry.get("path", "")), str(entry.get("message", "")))


def _direction(revision: Revision, line: int) -> str:
    functions = revision.facts.functions.items()
    return next((str(name) for name, found in functions if found.first_line <= line <= found.last_line), "")


def _stale(baseline: Baseline, left: Mapping[Identity, int]) -> Iterable[Diagnostic]:
    for identity in sorted(identity for identity, count in left.items() if count > 0):
        path, text = baseline.texts.get(identity, ("", ""))
        many = f"{left[identity]} times " if left[identity] > 1 else ""
        where = f" in {path}" if path else ""
        message = f"{many}{identity.rule}{where} is in the baseline, but is gone"
        yield STALE_ENTRY.diagnostic(message, path=baseline.shown_path, notes=(text,) if text else ())


def _unreadable(shown_path: str, message: str) -> ConfigurationError:
    return ConfigurationError(NO_BASELINE.diagnostic(message, path=shown_path))
