"""The run of the linter: the chain, which revisions of it are judged, what the rules find, what is left of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import rules
from alembic_vibe.lint.baseline import identities
from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.environment import read_environment
from alembic_vibe.lint.model import Direction, Environment
from alembic_vibe.lint.report import diagnostic
from alembic_vibe.lint.request import Request, Result, Scope
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.selection import select, selected
from alembic_vibe.lint.suppress import suppress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Protocol

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Rendering, Revision, Settings
    from alembic_vibe.lint.selection import Selection

    class Render(Protocol):
        """Says what functions of a revision emit, as ``lint.renderer.Renderer`` does."""

        def __call__(
            self, revision: Revision, directions: tuple[Direction, ...] = ...
        ) -> Mapping[Direction, Rendering]: ...


__all__ = ["Request", "Result", "Scope", "run"]


def run(scope: Scope, request: Request) -> Result:
    """Lint the revisions that the request selects.

    Raises:
        ConfigurationError: The selection names what is not there.
    """
    from alembic_vibe.sql.grammar import collector_paused

    with collector_paused():
        return _run(scope, request)


def _run(scope: Scope, request: Request) -> Result:
    chain = _chain(scope, request)
    if request.choice is not None:
        selection = selected(chain, request.choice)
    else:
        selection = select(chain, scope.root, all=request.all, since=request.since, paths=request.paths)
    return lint_chain(scope, chain, selection, request)


def _chain(scope: Scope, request: Request) -> Chain:
    recursive = scope.project is not None and scope.project.recursive
    if not request.remembers:
        return read_chain(scope.folders, scope.root, recursive=recursive)
    from alembic_vibe.lint.known import Known
    from alembic_vibe.lint.renderer import place_of

    with Known(place_of(scope)) as find:
        return read_chain(scope.folders, scope.root, recursive=recursive, find=find)


def lint_chain(
    scope: Scope, chain: Chain, selection: Selection, request: Request, render: Render | None = None
) -> Result:
    """Lint some revisions of a chain as it was read, or as it might become; ``render`` says what revisions emit."""
    environment = read_environment(scope.project) if scope.project is not None else Environment()
    chosen = {revision.path for revision in selection.revisions}
    # Imported before revisions change how modules are found and kept.
    judged = frozenset(module.RULE.slug for module in rules.modules())
    by_revision, partial = _judge(scope, chain, chosen, environment, request, render)
    found: list[Diagnostic] = list(_around(chain, chosen, environment, request.settings, by_revision))
    for revision in selection.revisions:
        found += suppress(
            by_revision.get(revision.path, []),
            revision,
            today=request.today,
            strict=request.settings.strict,
            judged=judged,
            settings=request.settings,
        )
    return Result(
        diagnostics=tuple(found),
        chain=len(chain.revisions),
        linted=len(chosen),
        analysed=len(chosen) - partial,
        note=selection.note,
        identities=tuple(identities(found, selection.revisions)),
    )


def _judge(
    scope: Scope,
    chain: Chain,
    chosen: set[Path],
    environment: Environment,
    request: Request,
    given: Render | None,
) -> tuple[dict[Path, list[Diagnostic]], int]:
    """Return the findings of each chosen revision, and how many could not be followed wholly."""
    if not chosen:
        return {}, 0
    from alembic_vibe.lint.past import Past
    from alembic_vibe.lint.renderer import Renderer, place_of
    from alembic_vibe.lint.walk import Walker

    found: dict[Path, list[Diagnostic]] = {}
    partial = 0
    walker = Walker(Schema(), chain, environment, request.settings)
    with Renderer(scope, remembers=request.remembers) as own:
        render = given or own
        needed = list(_needed(chain, chosen))
        first = next(number for number, revision in enumerate(needed) if revision.path in chosen)
        past = Past(place_of(scope), needed, first) if request.remembers and given is None else None
        begun, walker.schema = past.resume(first, own) if past else (0, Schema())
        for number, revision in enumerate(needed[begun:], begun):
            if past:
                past.note(number, walker.schema)
            if revision.facts.syntax_error is not None:
                partial += revision.path in chosen
                continue
            if revision.path in chosen:
                renderings = render(revision)
                found[revision.path] = walker.judge(revision, renderings)
                partial += any(rendering.gaps for rendering in renderings.values())
            else:
                walker.pass_by(revision, render(revision, (Direction.UPGRADE,))[Direction.UPGRADE])
        if past:
            past.keep(own)
    return found, partial


def _needed(chain: Chain, chosen: set[Path]) -> Iterator[Revision]:
    """Yield the revisions up to the last chosen one."""
    left = len(chosen)
    for revision in chain.revisions:
        if not left:
            return
        left -= revision.path in chosen
        yield revision


def _around(
    chain: Chain,
    chosen: set[Path],
    environment: Environment,
    settings: Settings,
    by_revision: dict[Path, list[Diagnostic]],
) -> Iterator[Diagnostic]:
    """Yield what is found of the project and env.py, and add what is found of the chain to its revisions."""
    for rule, check in rules.with_hook("check_chain"):
        for revision, finding in check(chain):
            one = diagnostic(rule, finding, revision.source, settings, usual=revision.id_place)
            if one is not None and revision.path in chosen:
                by_revision.setdefault(revision.path, []).append(one)
    if chosen and environment.source is not None:
        for rule, check in rules.with_hook("check_environment"):
            every = (diagnostic(rule, finding, environment.source, settings) for finding in check(environment))
            yield from filter(None, every)
