"""``--format github``: workflow commands, which GitHub shows beside the line in a pull request.

The form and its escapes are those of ``@actions/core`` (``command.ts``: ``escapeData``, ``escapeProperty``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from alembic_vibe.diagnostics import Diagnostic

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(diagnostics: Sequence[Diagnostic], extra: dict[str, Any], stream: TextIO) -> None:  # noqa: ARG001
    """Write one workflow command a finding; what the command adds has no place in this form."""
    stream.writelines(_line(diagnostic) + "\n" for diagnostic in diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    properties: dict[str, str | int] = {}
    if diagnostic.shown_path:
        properties["file"] = diagnostic.shown_path
    if diagnostic.line and diagnostic.source is not None and diagnostic.span is not None:
        end = diagnostic.source.position(max(diagnostic.span.start, diagnostic.span.end - 1))
        properties |= {"line": diagnostic.line, "endLine": end.line}
        # GitHub ignores columns of findings that span lines, and warns about them.
        if end.line == diagnostic.line:
            properties |= {"col": diagnostic.column, "endColumn": end.column + 1}
    properties["title"] = f"{diagnostic.code} {diagnostic.rule}"
    given = ",".join(f"{key}={_escape(str(value), property_=True)}" for key, value in properties.items())
    text = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
    return f"::{_COMMANDS[diagnostic.severity]} {given}::{_escape(text)}"


def _escape(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
