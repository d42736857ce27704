"""Which revisions of a chain are linted: those that the branch adds, unless the user says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity
from alembic_vibe.lint import git
from alembic_vibe.lint.since import passed_by, unknown_since

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.model import Revision

NO_SUCH_PATH = Rule(
    code="AV021",
    slug="lint-path-missing",
    severity=Severity.ERROR,
    summary="A path given to `lint` does not exist.",
    why="A misspelt path would leave revisions unseen.",
    fix="Name a revision file, or a folder that holds revisions.",
    bad="alembic-vibe lint migration/versions",
    good="alembic-vibe lint migrations/versions",
)
RULES = (NO_SUCH_PATH,)


@dataclass(frozen=True, slots=True)
class Selection:
    """The revisions to lint, parents first; ``note`` tells people how they were chosen."""

    revisions: tuple[Revision, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for, and what git answered; all that a selection depends on beside the chain itself.

    ``changed`` is None where git was not asked or could not tell; ``trouble`` is then its reason.
    """

    all: bool
    since: str | None
    paths: tuple[Path, ...]
    changed: frozenset[Path] | None = None
    base: str = ""
    trouble: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all revisions of the chain are meant, before any is looked at."""
        return not self.paths and (self.all or (self.since is None and self.changed is None))


def chain_folders(project: Project, paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders whose revisions make the chain: those of the project, unless the paths lie elsewhere.

    A path outside the project's version locations is linted with its own folder (or the ``versions`` below it) as the
    chain; the other way round, a folder above a version location means that location.

    Raises:
        ConfigurationError: A path does not exist.
    """
    _require(paths)
    known = [location.resolve() for location in project.version_locations]
    others: dict[Path, None] = {}
    for path in (path.resolve() for path in paths):
        if not any(path.is_relative_to(place) or place.is_relative_to(path) for place in known if place.is_dir()):
            others.update(dict.fromkeys(_version_folders(path)))
    return tuple(others) or project.version_locations


def choose(
    folders: Iterable[Path],
    *,
    all: bool = False,  # noqa: A002  (named like the option)
    since: str | None = None,
    paths: Sequence[Path] = (),
) -> Choice:
    """Ask git what a selection needs, before the chain is read.

    Raises:
        ConfigurationError: A path does not exist.
    """
    _require(paths)
    given = tuple(path.resolve() for path in paths)
    if all or (since is None and given):
        return Choice(all, None, given)
    existing = [folder for folder in folders if folder.is_dir()]
    if since is not None and not (existing and git.is_commit(existing[0], since)):
        return Choice(all, since, given, trouble=_why_not(existing))
    try:
        changed, base = git.changed_files(existing, since)
    except git.GitError as error:
        return Choice(all, since, given, trouble=str(error))
    return Choice(all, since, given, changed, base)


def select(
    chain: Chain,
    root: Path,
    *,
    all: bool = False,  # noqa: A002  (named like the option)
    since: str | None = None,
    paths: Sequence[Path] = (),
) -> Selection:
    """Return the revisions to lint.

    By default those that the branch adds or changes, compared with the branch that it will be merged into; the whole
    chain where git cannot tell. ``since``: what is not in the history of a revision, else what has changed since a
    commit. ``paths``: these files, and all revisions in these folders. ``paths`` and ``since`` together: what both
    choose.

    Args:
        chain: All revisions.
        root: The project's folder; git is asked about the folders of the chain's files.
        all: The whole chain.
        since: A revision or a commit, as a person writes it.
        paths: Existing files and folders, absolute or from the current folder.

    Raises:
        ConfigurationError: ``since`` means nothing or more than one thing, or a path does not exist.
    """
    folders = {revision.path.parent: None for revision in chain.revisions} or {root: None}
    return selected(chain, choose(folders, all=all, since=since, paths=paths))


def selected(chain: Chain, choice: Choice) -> Selection:
    """Return the revisions of a chain that a choice means; raises ``ConfigurationError``."""
    note = ""
    wanted: Callable[[Revision], bool] = lambda _: True  # noqa: E731  (the simplest of three)
    if choice.since is not None:
        wanted, note = _since(chain, choice, choice.since)
    elif not choice.all and not choice.paths:
        wanted, note = _of_the_branch(choice)
    revisions = [revision for revision in chain.revisions if wanted(revision)]
    if choice.paths:
        revisions, note = _below(revisions, choice.paths)
    return Selection(tuple(revisions), note)


def _of_the_branch(choice: Choice) -> tuple[Callable[[Revision], bool], str]:
    if choice.changed is None:
        return (lambda _: True), f"the whole chain is linted, since it cannot be told what is new: {choice.trouble}"
    return _changed(choice.changed), f"compared with {choice.base}"


def _since(chain: Chain, choice: Choice, since: str) -> tuple[Callable[[Revision], bool], str]:
    passed = passed_by(chain, since, is_commit=choice.changed is not None)
    if passed is not None:
        return (lambda revision: revision.id not in passed or not revision.id), f"what comes after {since}"
    if choice.changed is None:
        raise unknown_since(chain, since, choice.trouble)
    return _changed(choice.changed), f"compared with {since}"


def _changed(paths: Collection[Path]) -> Callable[[Revision], bool]:
    return lambda revision: revision.path.parent.resolve() / revision.path.name in paths


def _below(revisions: Iterable[Revision], paths: Sequence[Path]) -> tuple[list[Revision], str]:
    found = []
    used = set()
    for revision in revisions:
        # A link counts under its own name and under that of its file.
        names = {revision.path.parent.resolve() / revision.path.name, revision.path.resolve()}
        hits = [path for path in paths if any(name.is_relative_to(path) for name in names)]
        used.update(hits)
        if hits:
            found.append(revision)
    unused = [path.name for path in paths if path not in used]
    note = f"no revision to lint in {', '.join(unused)}" if unused else ""
    return found, note


def _require(paths: Sequence[Path]) -> None:
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ConfigurationError(
            [NO_SUCH_PATH.diagnostic(f"`{path}` does not exist", path=str(path)) for path in missing]
        )


def _version_folders(path: Path) -> list[Path]:
    """Return the folders that hold the revisions of a path without a configuration."""
    if path.is_file():
        return [path.parent]
    if (path / "versions").is_dir():
        return [path / "versions"]
    return sorted(folder for folder in path.glob("*/versions") if folder.is_dir()) or [path]


def _why_not(folders: Sequence[Path]) -> str:
    if not folders:
        return ""
    try:
        git.top_of(folders[0])
    except git.GitError as error:
        return str(error)
    return ""
