"""The answer of an earlier run, where nothing has changed since: neither Alembic nor a parser is needed for it.

It is found by what was asked (the place of the chain, the options, what git says is new, the day, since suppressions
end), and holds while every file and folder that the run has read is as it was (see ``lint.watch``).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Diagnostic, Severity
from alembic_vibe.lint.baseline import Identity
from alembic_vibe.lint.request import Result
from alembic_vibe.lint.watch import digests, stamp, unchanged, variables, watching
from alembic_vibe.shelf import Shelf
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.lint.request import Request, Scope
    from alembic_vibe.lint.watch import Watch

SHELF = Shelf("lint-runs", 40, stamp)


def run(scope: Scope, request: Request) -> Result:
    """Lint as ``lint.engine.run`` does, or return what it has returned before; raises what it raises."""
    key = _key(scope, request)
    found = _read(key)
    if found is not None:
        return found
    from alembic_vibe.lint import engine

    with watching(_roots(scope)) as watch:
        result = engine.run(scope, replace(request, remembers=True))
    SHELF.keep(key, json.dumps(_record(scope, result, watch), separators=(",", ":")))
    return result


def _key(scope: Scope, request: Request) -> str:
    choice = request.choice
    changed = sorted(map(str, choice.changed)) if choice is not None and choice.changed is not None else None
    severities = sorted(request.settings.severities.items())
    told = (
        (choice.all, choice.since, choice.paths, changed, choice.base, choice.trouble) if choice is not None else None
    )
    settings = replace(request.settings, severities={})
    place = (scope.root, scope.folders, scope.import_paths, scope.project)
    return repr((place, settings, severities, request.all, request.since, request.paths, request.today, told))


def _roots(scope: Scope) -> Iterable[Path]:
    project = scope.project
    more = (
        (project.script_location, *(file.parent for file in (project.ini, project.pyproject) if file))
        if project
        else ()
    )
    return (scope.root, *scope.folders, *more)


def _record(scope: Scope, result: Result, watch: Watch) -> dict[str, Any]:
    # What could not be imported may be there tomorrow: new names in the folders of modules make the record void.
    read = watch.read()
    modules = {str(Path(path).parent) for path in read if path.endswith(".py")}
    folders = {*map(str, scope.import_paths), *modules} if result.analysed < result.chain else set()
    sources: dict[int, tuple[int, Source]] = {}
    for found in result.diagnostics:
        if found.source is not None:
            sources.setdefault(id(found.source), (len(sources), found.source))
    return {
        "files": digests({*read, *folders}),
        "variables": variables(),
        "sources": [[source.path, source.text] for _, source in sources.values()],
        "diagnostics": [
            _dump(found, sources[id(found.source)][0] if found.source is not None else None)
            for found in result.diagnostics
        ],
        "identities": result.identities,
        "counts": [result.chain, result.linted, result.analysed],
        "note": result.note,
    }


def _dump(found: Diagnostic, source: int | None) -> list[Any]:
    place = [source, *(found.span or (None, None)), found.path]
    return [found.code, found.rule, found.message, found.severity, found.help, place, found.consequences, found.notes]


def _load(data: list[Any], sources: list[Source]) -> Diagnostic:
    code, rule, message, severity, help_, (source, start, end, path), consequences, notes = data
    return Diagnostic(
        code=code,
        rule=rule,
        message=message,
        severity=Severity(severity),
        help=help_,
        source=sources[source] if source is not None else None,
        span=Span(start, end) if start is not None else None,
        path=path,
        consequences=consequences,
        notes=tuple(notes),
    )


def _read(key: str) -> Result | None:
    text = SHELF.read(key)
    if text is None:
        return None
    try:
        record = json.loads(text)
        if record["variables"] != variables() or not unchanged(record["files"]):
            return None
        sources = [Source(path, text) for path, text in record["sources"]]
        chain, linted, analysed = record["counts"]
        return Result(
            diagnostics=tuple(_load(data, sources) for data in record["diagnostics"]),
            chain=chain,
            linted=linted,
            analysed=analysed,
            note=record["note"],
            identities=tuple(Identity(*identity) for identity in record["identities"]),
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None  # damaged: as if it had not been there
