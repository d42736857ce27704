"""``--format sarif``: SARIF 2.1.0, which code scanning services read.

Follows the OASIS standard, sections 3.13 (log), 3.14 (run), 3.19 (tool component), 3.27 (result; 3.27.17 its partial
fingerprints, by which a service knows a finding again after lines have moved), 3.30 (region).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from alembic_vibe.diagnostics import Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(diagnostics: Sequence[Diagnostic], extra: dict[str, Any], stream: TextIO) -> None:
    """Write one SARIF log with one run; what the command adds goes into the run's property bag."""
    import json
    from importlib import metadata

    from alembic_vibe.fingerprints import fingerprints

    rules = {d.code: d.rule for d in diagnostics}
    indexes = {code: i for i, code in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "alembic-vibe",
                "version": metadata.version("alembic-vibe"),
                "rules": [_rule(code, rule) for code, rule in rules.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(d, indexes[d.code]), "partialFingerprints": {"excerpt/v1": fingerprint}}
            for d, fingerprint in zip(diagnostics, fingerprints(diagnostics), strict=True)
        ],
    }
    if extra:
        run["properties"] = extra
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    json.dump(log, stream, indent=2, ensure_ascii=False, default=str)
    stream.write("\n")


def _rule(code: str, slug: str) -> dict[str, Any]:
    from alembic_vibe.cli.rules import find_rules

    known = next((rule for rule in find_rules() if rule.code == code), None)
    shown: dict[str, Any] = {"id": code, "name": "".join(part.capitalize() for part in slug.split("-"))}
    if known is not None:
        shown["shortDescription"] = {"text": known.summary}
        shown["fullDescription"] = {"text": known.why}
        shown["help"] = {"text": known.fix}
    return shown


def _result(diagnostic: Diagnostic, index: int) -> dict[str, Any]:
    text = diagnostic.message + (f"\n\nhelp: {diagnostic.help}" if diagnostic.help else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
    }
    if diagnostic.shown_path:
        place: dict[str, Any] = {"artifactLocation": {"uri": _uri(diagnostic.shown_path)}}
        if diagnostic.line and diagnostic.source is not None and diagnostic.span is not None:
            end = diagnostic.source.position(diagnostic.span.end)
            place["region"] = {
                "startLine": diagnostic.line,
                "startColumn": diagnostic.column,
                "endLine": end.line,
                "endColumn": end.column,
            }
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(path: str) -> str:
    from pathlib import PurePath
    from urllib.parse import quote

    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
