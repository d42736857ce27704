"""``--format gitlab``: a Code Quality report, which GitLab shows in a merge request.

The form is that of GitLab's documentation ("Code Quality", "Implement a custom tool"): one list; ``description``,
``check_name``, ``fingerprint``, ``severity``, ``location.path`` and ``location.lines.begin`` are required.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from alembic_vibe.diagnostics import Diagnostic

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(diagnostics: Sequence[Diagnostic], extra: dict[str, Any], stream: TextIO) -> None:  # noqa: ARG001
    """Write a list with one entry a finding; what the command adds has no place in this form."""
    import json

    from alembic_vibe.fingerprints import fingerprints

    pairs = zip(diagnostics, fingerprints(diagnostics), strict=True)
    json.dump([_entry(found, fingerprint) for found, fingerprint in pairs], stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def _entry(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    help_ = f" Help: {diagnostic.help}" if diagnostic.help else ""
    return {
        "description": f"{diagnostic.message}.{help_}" if help_ else diagnostic.message,
        "check_name": diagnostic.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        # GitLab rejects entries without a path or a line.
        "location": {"path": diagnostic.shown_path or ".", "lines": {"begin": max(1, diagnostic.line)}},
    }
