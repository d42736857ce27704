"""Everything that a run writes besides the revisions, as texts by path; and what becomes of each file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Rule, Severity
from alembic_vibe.handedits import lacks
from alembic_vibe.history.snapshot import digest
from alembic_vibe.merge import ModelChange, are_foreign, merge_project, model_paths
from alembic_vibe.merge.generated import bring
from alembic_vibe.merge.project import module_of
from alembic_vibe.plan.authored import comparable_catalog
from alembic_vibe.render.models import ModelSection, render_models
from alembic_vibe.render.revisions import Account, Place
from alembic_vibe.render.template import render
from alembic_vibe.render.tests import render_tests
from alembic_vibe.seed.standing import seeds_of_old, taken_in
from alembic_vibe.seed.write import render_seeds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.config import Project

EDITED = Rule(
    code="AV851",
    slug="generated-file-edited",
    severity=Severity.WARNING,
    summary="A generated file was edited by hand, and is left as it is.",
    why="Nothing that a person wrote is overwritten. What the specification says now is not in that file.",
    fix="Bring the change into the file yourself (generate --dry-run shows it), or delete the file to have it written.",
    bad="class User(Base):\n    def full_name(self) -> str: ...  # added by hand in a generated module",
    good="# app/users.py, a module of your own\ndef full_name(user: User) -> str: ...",
)
NO_MODELS = Rule(
    code="AV859",
    slug="models-file-missing",
    severity=Severity.WARNING,
    summary="`models` names a module that is not there, and no models are written.",
    why="Models of one's own are changed in the module that they are in. What is generated is a package of several.",
    fix="Name the folder that the generated models go to, or write the module with its Base first.",
    bad='[tool.alembic-vibe]\nmodels = "app/models.py"  # and there is no such file',
    good='[tool.alembic-vibe]\nmodels = "app/models"',
)
RULES = (EDITED, NO_MODELS)

_SHOWN = 8  # names in a message


def render_artifacts(project: Project, compiled: Compiled) -> dict[str, str]:
    """Return models, seeds and rollback tests: text by path relative to the project's root, with slashes."""
    files = {}
    if not project.has_models_file:
        models = project.models.relative_to(project.root).as_posix()
        catalog = comparable_catalog(compiled.catalog, compiled.authored)
        for path, text in render_models(catalog, _model_sections(compiled), project.package).items():
            files[f"{models}/{path.removeprefix('models/')}"] = text
    seeds = project.seeds.relative_to(project.root).as_posix()
    files |= {f"{seeds}/{path}": text for path, text in render_seeds(compiled.seeds).items()}
    tests = project.tests.relative_to(project.root).as_posix()
    return files | render_tests(project.package, tests)


def model_change(compiled: Compiled, before: Catalog, after: Catalog, renames: Mapping[Key, Key]) -> ModelChange:
    """Return what the models are told of a change.

    Args:
        compiled: The spec.
        before: What the models say now: what the spec said last.
        after: What they shall say.
        renames: Old keys by new ones.
    """
    wanted = comparable_catalog(compiled.catalog, compiled.authored)
    return ModelChange(before, after, wanted, _model_sections(compiled), renames)


def _model_sections(compiled: Compiled) -> list[ModelSection]:
    spec = compiled.spec
    places = find_places(compiled)
    tables: dict[str, list[Key]] = {}
    for table in sorted(compiled.catalog.of_type(Table), key=lambda t: compiled.origins.statement.get(t.key, 0)):
        section = compiled.origins.section.get(table.key)
        if section is not None:
            tables.setdefault(section, []).append(table.key)
    return [
        ModelSection(
            slug=section.slug,
            title=section.title,
            tables=tuple(tables[section.number]),
            link=f"{spec.source.path}, section {section.number}",
            descriptions={key: places[key].comment for key in tables[section.number] if key in places},
        )
        for section in spec.sections
        if section.number in tables
    ]


def find_places(compiled: Compiled) -> dict[Key, Place]:
    """Return, for each object, the line of its first statement and the words above it."""
    statements = {statement.index: statement for statement in compiled.parsed.sql.statements}
    places = {}
    for key, index in compiled.origins.first.items():
        statement = statements[index]
        line = compiled.spec.source.position(statement.span.start).line
        comment = statement.comments[-1] if statement.comments else ""
        places[key] = Place(line, comment.strip())
    return places


def make_account(compiled: Compiled) -> Account:
    """Return what the texts of revisions need from the spec."""
    source = compiled.spec.source
    lines = {
        section.number: (source.position(section.span.start).line, source.position(max(0, section.span.end - 1)).line)
        for section in compiled.spec.sections
    }
    timeout = compiled.spec.configuration.statement_timeout_ms
    return Account(
        document=source.path,
        places=find_places(compiled),
        section_lines=lines,
        statement_timeout=_interval(timeout) if timeout else "30s",
    )


def _interval(milliseconds: int) -> str:
    for unit, size in (("min", 60_000), ("s", 1_000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


@dataclass(frozen=True)
class Sorted:
    """What becomes of the files: ``write`` is new or changed, ``same`` is on the disk already.

    A text is bytes where a file of the project's own is not in UTF-8, and ``None`` where the file goes.
    """

    write: Mapping[str, str | bytes | None]
    same: tuple[str, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def sort_out(
    project: Project, files: Mapping[str, str], known: Mapping[str, str], change: ModelChange | None = None
) -> Sorted:
    """Compare the files with the disk; what a person has written stays, and is changed where the spec has changed.

    Models of the project's own are never generated a second time: ``change`` is brought into them. The same is done
    with a generated model file that was edited since; any other file that was edited is left alone.

    Args:
        project: Where the files are.
        files: Text by path relative to the root.
        known: The digests of the files that earlier runs wrote.
        change: What the models are to be told.

    Raises:
        ConfigurationError: A model file that has to be changed cannot be read.
    """
    taken = taken_in(project.root, project.seeds.relative_to(project.root).as_posix(), files)
    found = _sort_out(project, files, {**known, **taken}, change)
    # What a person does to such a file is no difference to be written down: the file is the source.
    kept = {path: known[path] for path in taken if path in known and path in found.same}
    return replace(found, digests={**found.digests, **kept})


def _sort_out(
    project: Project, files: Mapping[str, str], known: Mapping[str, str], change: ModelChange | None
) -> Sorted:
    placeholders = _placeholders(project)

    def ours(path: str, text: str) -> bool:
        return path in known or text in (placeholders.get(path), files.get(path))

    if are_foreign(project, ours):
        return _beside_models(project, files, known, change)
    found = _sort(project, files, known, change, placeholders)
    if not project.has_models_file:
        return found
    shown = project.shown(project.models)
    missing = NO_MODELS.diagnostic(f"{shown} is not there, or has no tables yet; no models are written", path=shown)
    return replace(found, diagnostics=(*found.diagnostics, missing))


def _beside_models(
    project: Project, files: Mapping[str, str], known: Mapping[str, str], change: ModelChange | None
) -> Sorted:
    """Sort out everything but the models, and bring the change into those that the project has."""
    models = f"{project.models.relative_to(project.root).as_posix()}/"
    others = {path: text for path, text in files.items() if not path.startswith(models)}
    found = _sort(project, others, known, None, {})
    if change is None:
        return found
    merged = merge_project(project, change)
    _refuse(merged.diagnostics)
    there = {path.relative_to(project.root).as_posix() for path in model_paths(project)}
    return Sorted(
        {**found.write, **merged.files},
        tuple(sorted({*found.same, *(there - merged.files.keys())})),
        found.digests,
        (*found.diagnostics, *merged.diagnostics),
    )


def _refuse(diagnostics: Sequence[Diagnostic]) -> None:
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    if errors:
        raise ConfigurationError(errors)


def _sort(
    project: Project,
    files: Mapping[str, str],
    known: Mapping[str, str],
    change: ModelChange | None,
    placeholders: Mapping[str, str],
) -> Sorted:
    write: dict[str, str | bytes | None] = {}
    same: list[str] = []
    digests: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    edited: dict[str, str] = {}
    held = False
    models = f"{project.models.relative_to(project.root).as_posix()}/"
    for path, text in sorted(files.items()):
        digests[path] = digest(text)
        there = _read(project.root / path)
        if there == text:
            same.append(path)
        elif there is None or known.get(path) == digest(there) or placeholders.get(path) == there:
            write[path] = text
        else:
            edited[path] = there
    seeds = project.seeds.relative_to(project.root).as_posix()
    for path, goes in seeds_of_old(project.root, seeds, files, known).items():
        if goes:
            write[path] = None
        else:
            digests[path] = known[path]
            diagnostics.append(_edited(path, ()))
    merged, notes = _merge_edited(project, files, {p: t for p, t in edited.items() if p.startswith(models)}, change)
    diagnostics.extend(notes)
    for path, there in edited.items():
        text, now = files[path], merged.get(path, there)
        missing = lacks(text, now) if path.startswith(models) else []
        held = held or missing != []
        if missing != [] or (known.get(path) != digest(text) and now == there):
            diagnostics.append(_edited(path, missing))
        if now == there or missing != []:
            same.append(path)
        else:
            write[path] = now
    if held:  # the modules of the models name each other: none is written until the edited one has what they name
        for path in [path for path in write if path.startswith(models)]:
            del write[path]
            same.append(path)
            del digests[path]
        digests = {**{path: known[path] for path in known if path.startswith(models)}, **digests}
    return Sorted(write, tuple(sorted(same)), digests, tuple(diagnostics))


def _merge_edited(
    project: Project, files: Mapping[str, str], edited: Mapping[str, str], change: ModelChange | None
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Bring the change into generated models that a person has edited; the texts that change, by path."""
    if not edited or change is None:
        return {}, ()
    merged = merge_project(project, change, generated=True, only=frozenset(edited))
    _refuse(merged.diagnostics)
    result = {}
    for path, there in edited.items():
        text = merged.files.get(path, there)
        if isinstance(text, str):
            result[path] = bring(path, module_of(project, project.root / path), text, files[path])
    return result, merged.diagnostics


def _edited(path: str, missing: Sequence[str] | None) -> Diagnostic:
    message = f"{path} was edited by hand and is left as it is"
    if missing is None:
        message += ", but it is no Python; the models stay as they are until it is"
    elif missing:
        named = ", ".join(missing[:_SHOWN]) + (" ..." if len(missing) > _SHOWN else "")
        message += f"; it lacks {named}, and the models stay as they are until it has that"
    else:
        message += "; the specification asks for other content"
    return EDITED.diagnostic(message, path=path)


def _read(path: Path) -> str | None:
    """Return what is on the disk; ``None`` only where nothing is. What cannot be read counts as edited by somebody."""
    if not os.path.lexists(path):
        return None
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""


def _placeholders(project: Project) -> dict[str, str]:
    """Return the files that ``init`` makes so that env.py can be run before the first ``generate``."""
    models = project.models.relative_to(project.root).as_posix()
    return {
        f"{models}/base.py": render("project/base.py.mako"),
        f"{models}/__init__.py": render("project/models.py.mako", models=project.models_module),
    }
