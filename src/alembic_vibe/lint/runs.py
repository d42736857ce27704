"""One run of ``alembic-vibe lint``: the settings, the selection, the linter itself, and the baseline on top of it."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.config import NO_ENVIRONMENT
from alembic_vibe.diagnostics import ConfigurationError, Severity
from alembic_vibe.lint import baseline as baselines
from alembic_vibe.lint.request import Request, Result, Scope
from alembic_vibe.lint.selection import chain_folders, choose
from alembic_vibe.lint.settings import LintSettings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from alembic_vibe.config import Project
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.source import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says; what it leaves out is None or empty."""

    paths: tuple[Path, ...] = ()
    since: str | None = None
    all: bool = False
    baseline: Path | None = None
    update_baseline: bool = False
    pg_version: int | None = None
    direction: str | None = None
    fail_on: str | None = None
    strict: bool = False
    use_cache: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is reported: the findings that the baseline leaves, and the account of the run.

    ``written`` is how many findings a new baseline lists, None where none was asked for.
    """

    diagnostics: tuple[Diagnostic, ...]
    result: Result
    hidden: int = 0
    written: int | None = None
    failed: bool = False

    @property
    def partial(self) -> int:
        """How many of the linted revisions could not be followed wholly."""
        return self.result.linted - self.result.analysed

    def count(self, severity: Severity) -> int:
        """Return how many findings have that severity."""
        return Counter(found.severity for found in self.diagnostics)[severity]

    def summary(self) -> dict[str, Any]:
        """Return the account of the run, for programs."""
        return {
            "revisions": self.result.chain,
            "linted": self.result.linted,
            "analysed": self.result.analysed,
            "partial": self.partial,
            "errors": self.count(Severity.ERROR),
            "warnings": self.count(Severity.WARNING),
            "infos": self.count(Severity.INFO),
            "hidden": self.hidden,
            "note": self.result.note,
        }


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a run needs: the settings with what the command line overrides, the baseline, and what is linted."""

    settings: LintSettings
    baseline: baselines.Baseline
    scope: Scope
    request: Request


def prepare(project: Project, asked: Asked, cwd: Path) -> Prepared:
    """Read what a run needs; takes and raises what ``lint`` does."""
    settings = read_settings(project, known_rules).override(
        pg_version=asked.pg_version,
        direction=asked.direction,
        fail_on=asked.fail_on,
        strict=asked.strict,
        baseline=cwd / asked.baseline if asked.baseline is not None else None,
    )
    baseline = _baseline(settings, asked, cwd)
    paths = tuple(cwd / path for path in asked.paths)
    if project.has_environment and not paths and not project.script_location.is_dir():
        message = f"there is no folder {project.shown(project.script_location)}, which the configuration names"
        raise ConfigurationError(NO_ENVIRONMENT.diagnostic(message, help="Correct `script_location`."))
    folders = chain_folders(project, paths)
    whole = asked.all or asked.update_baseline  # a baseline is of the whole chain
    choice = choose(folders, all=whole, since=asked.since, paths=paths)
    request = Request(settings.rules, whole, asked.since, paths, choice=choice)
    return Prepared(settings, baseline, _scope(project, folders), request)


def lint(
    project: Project, asked: Asked, cwd: Path, drift: Callable[[Project], Sequence[str]] = lambda _: ()
) -> Outcome:
    """Lint the revisions of a project.

    Args:
        project: Loaded with ``read_only``; it may have no environment where paths are given.
        asked: The command line.
        cwd: The folder that its paths start from.
        drift: Says how the project is behind its specification, a line each; asked where anything is linted.

    Raises:
        ConfigurationError: Wrong settings, an unknown revision, a missing path or baseline.
    """
    prepared = prepare(project, asked, cwd)
    settings, baseline, request = prepared.settings, prepared.baseline, prepared.request
    result = _run(prepared.scope, request, asked)
    if asked.update_baseline:
        assert settings.baseline is not None
        written = baselines.write_baseline(settings.baseline, result.diagnostics, result.identities)
        left = tuple(found for found in result.diagnostics if found.rule in baselines.NEVER_HIDDEN)
        return Outcome(left, result, written, written, settings.fails(found.severity for found in left))
    compared = baselines.compare(
        baseline, result.diagnostics, result.identities, whole=not request.paths and result.linted == result.chain
    )
    behind = _behind(drift(project), settings) if result.linted and not request.paths else ()
    left = (*behind, *compared.new, *compared.stale)
    return Outcome(left, result, compared.hidden, None, settings.fails(found.severity for found in left))


def _behind(lines: Sequence[str], settings: LintSettings) -> tuple[Diagnostic, ...]:
    if not lines:
        return ()
    from alembic_vibe.lint.rules.spec_drift import RULE

    severity = settings.rules.severities.get(RULE.slug, RULE.severity)
    return () if severity is None else tuple(RULE.diagnostic(line, severity=severity) for line in lines)


def known_rules() -> Iterable[Rule]:
    """Return all rules of the linter; this imports each of them."""
    from alembic_vibe.lint import rules

    return [module.RULE for module in rules.modules()]


def shown_from(diagnostics: Iterable[Diagnostic], root: Path, base: Path) -> list[Diagnostic]:
    """Return findings with their paths as seen from another folder than the project's."""
    if base == root:
        return list(diagnostics)
    sources: dict[int, Source] = {}

    def seen(path: str) -> str:
        return Path(os.path.relpath(root / path, base)).as_posix() if path else path

    def moved(found: Diagnostic) -> Diagnostic:
        if found.source is None:
            return replace(found, path=seen(found.path))
        source = sources.setdefault(id(found.source), replace(found.source, path=seen(found.source.path)))
        return replace(found, source=source)

    return [moved(found) for found in diagnostics]


def repository_root(folder: Path) -> Path:
    """Return the top folder of the repository, as services that show findings count paths; else the folder itself."""
    return next((step for step in (folder, *folder.parents) if (step / ".git").exists()), folder)


def _run(scope: Scope, request: Request, asked: Asked) -> Result:
    if asked.use_cache:
        from alembic_vibe.lint.cache import run
    else:
        from alembic_vibe.lint.engine import run
    return run(scope, request)


def _scope(project: Project, folders: tuple[Path, ...]) -> Scope:
    own = folders == project.version_locations and project.has_environment
    # Alembic puts the current folder on the path of modules unless told otherwise; applications mostly lie there.
    places = dict.fromkeys((*project.import_paths, project.root, project.root / "src"))
    return Scope(project.root, folders, tuple(place for place in places if place.is_dir()), project if own else None)


def _baseline(settings: LintSettings, asked: Asked, cwd: Path) -> baselines.Baseline:
    if settings.baseline is None and asked.update_baseline:
        message = "`--update-baseline` needs a file to write: `--baseline FILE`, or `baseline` in the settings"
        raise ConfigurationError(baselines.NO_BASELINE.diagnostic(message))
    if settings.baseline is None or asked.update_baseline:
        return baselines.Baseline("")
    return baselines.read_baseline(settings.baseline, os.path.relpath(settings.baseline, cwd))
