"""What git says of a working tree: which files differ from the branch that it will be merged into.

Git is asked by argument lists, never through a shell, and with ``-z``, so that any file name comes through. No
lock is taken where git can do without one. Facts: the manual pages of git-diff, git-merge-base, git-ls-files and
git-for-each-ref; the variables of GitHub Actions and GitLab CI as their documentation has them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# The branch that a merge request goes to, as the two services tell their jobs.
CI_VARIABLES = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
DEFAULT_REFS = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
    "refs/heads/trunk",
)
SECONDS = 60  # a file system that hangs must not hang the linter for ever

# A hook is started with these set, for the top folder; from another folder they would mislead git.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
_STABLE = ("--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class GitError(Exception):
    """Git cannot tell: it is not there, this is no repository, or it refuses. The text says which."""


class Changes(NamedTuple):
    """Files that differ from ``base`` (a name for people), with real folders; deleted ones are not among them."""

    paths: frozenset[Path]
    base: str


def changed_files(folders: Iterable[Path], ref: str | None = None) -> Changes:
    """Return the files below the folders that a branch adds or changes: committed, staged, unstaged and untracked.

    A file that was only moved is unchanged; an ignored one is not seen.

    Args:
        folders: Existing folders, of one repository or of several (submodules).
        ref: The commit or branch to compare with; ``None`` is the branch that this one will be merged into: what the
            CI job says, else the default branch of ``origin``, else a local ``main``, ``master`` or ``trunk``.

    Raises:
        GitError: There is no git, no repository, no such branch, or no common commit.
    """
    found: set[Path] = set()
    bases: dict[str, None] = {}
    for top, inside in _repositories(folders).items():
        base, shown = _base(top, ref)
        bases[shown] = None
        found.update(_differing(top, base, inside))
        found.update(_untracked(top, inside))
    return Changes(frozenset(found), ", ".join(bases))


def is_commit(folder: Path, ref: str) -> bool:
    """Whether the repository of the folder knows a commit by that name."""
    if ref.startswith("-"):
        return False
    try:
        _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    except GitError:
        return False
    return True


def top_of(folder: Path) -> Path:
    """Return the top folder of the working tree; raises ``GitError``."""
    return Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\r\n")).resolve()


def _repositories(folders: Iterable[Path]) -> dict[Path, list[Path]]:
    repositories: dict[Path, list[Path]] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        known = next((top for top in repositories if folder.is_relative_to(top) and not _is_nested(folder, top)), None)
        repositories.setdefault(known or top_of(folder), []).append(folder)
    return repositories


def _is_nested(folder: Path, top: Path) -> bool:
    """Whether a repository of its own, such as a submodule, lies between the folder and the top."""
    inner = (folder, *folder.parents)
    return any((step / ".git").exists() for step in inner[: inner.index(top)])


def _base(top: Path, ref: str | None) -> tuple[str, str]:
    """Return the commit where the branch began, and the name of what it is compared with."""
    if ref is not None:
        if not is_commit(top, ref):
            raise GitError(f"`{ref}` is not a commit, branch or tag here")
        full = shown = ref
    else:
        full = _target(top)
        shown = full.removeprefix("refs/remotes/").removeprefix("refs/heads/")
    try:
        return _git(top, "merge-base", "HEAD", full).strip(), shown
    except GitError as error:
        raise GitError(_no_common_commit(top, shown)) from error


def _target(top: Path) -> str:
    for variable in CI_VARIABLES:
        if name := os.environ.get(variable):
            refs = (f"refs/remotes/origin/{name}", f"refs/heads/{name}")
            found = _existing(top, refs)
            if found is None:
                raise GitError(f"the target branch `{name}` ({variable}) was not fetched; fetch it with its history")
            return found
    found = _existing(top, DEFAULT_REFS)
    if found is None:
        raise GitError("no branch to compare with: neither origin's default branch nor main, master or trunk is here")
    return found


def _existing(top: Path, refs: Collection[str]) -> str | None:
    lines = _git(top, "for-each-ref", "--format=%(refname) %(symref)", *refs).splitlines()
    there = dict(line.split(" ", 1) for line in lines)
    return next((there[ref] or ref for ref in refs if ref in there), None)


def _no_common_commit(top: Path, shown: str) -> str:
    if not is_commit(top, "HEAD"):
        return "there is no commit yet"
    if _git(top, "rev-parse", "--is-shallow-repository").strip() == "true":
        return f"the clone is shallow and has no common commit with {shown}; fetch more history (fetch-depth: 0)"
    return f"HEAD and {shown} have no common commit"


def _differing(top: Path, base: str, folders: Collection[Path]) -> Iterable[Path]:
    """Compare the working tree with a commit; a file that was moved and is the same otherwise does not differ."""
    # All paths are compared, since a file may have been moved from anywhere; git is fast at that.
    fixed = ("--no-ext-diff", "--no-textconv", "--ignore-submodules", "--no-color", "--find-renames=100%")
    fields = _git(top, "diff", "--name-status", "-z", *fixed, base, "--").split("\0")
    position = 0
    while position < len(fields) - 1:
        status = fields[position]
        if status[0] == "R":  # with the old name and the new one
            position += 3
            continue
        path = top / fields[position + 1]
        position += 2
        if status[0] != "D" and any(path.is_relative_to(folder) for folder in folders):
            yield path


def _untracked(top: Path, folders: Collection[Path]) -> Iterable[Path]:
    inside = [str(folder.relative_to(top)) for folder in folders]
    names = _git(top, "ls-files", "-z", "--others", "--exclude-standard", "--", *inside)
    return (top / name for name in names.split("\0") if name)


def _git(folder: Path, *arguments: str) -> str:
    """Run git and return what it prints; raises ``GitError`` with the first line of its complaint."""
    import subprocess

    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "-C", str(folder), *_STABLE, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=SECONDS)
    except FileNotFoundError as error:
        raise GitError("git is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git cannot be run: {error}") from error
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip().splitlines()
        raise GitError(_short(complaint[0]) if complaint else f"git {arguments[0]} ended with {done.returncode}")
    return os.fsdecode(done.stdout)


def _short(complaint: str) -> str:
    text = complaint.removeprefix("fatal: ")
    return "this is not a git repository" if text.startswith("not a git repository") else text
