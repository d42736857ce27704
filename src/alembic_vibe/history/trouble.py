"""What went wrong in the project's own code, as plain values: the kind of the error, and the line of theirs it is at.

Part of the worker's process.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MESSAGE = 2000


def describe(error: BaseException, environment: Path | None, versions: Sequence[Path], current: str) -> dict[str, Any]:
    """Return what is known of an error.

    Args:
        error: What was raised.
        environment: The script location, which has env.py.
        versions: The version locations.
        current: The path of the revision that was being run.

    Returns:
        ``kind`` and ``module`` of its class; ``sqlstate``; ``variable``, if a variable of the environment is missing;
        ``name``, if a module is; ``place``: what kind of file it was in (``revision``, ``environment``, ``project``,
        or none), its path and line.
    """
    frames = list(_frames(error))
    cause = next((found for found in _chain(error) if _sqlstate(found)), error)
    return {
        "kind": type(error).__name__,
        "module": type(error).__module__,
        "message": str(error)[:_MESSAGE],
        "sqlstate": _sqlstate(cause),
        "primary": str(getattr(getattr(cause, "diag", None), "message_primary", None) or "")[:_MESSAGE],
        "variable": _variable(error),
        "name": getattr(error, "name", None) or "" if isinstance(error, ImportError) else "",
        "dialect": getattr(error, "dialect", "") if isinstance(getattr(error, "dialect", ""), str) else "",
        "driver": getattr(error, "driver", "") if isinstance(getattr(error, "driver", ""), str) else "",
        "place": _place(frames, environment, versions),
        "current": current,
    }


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        original = getattr(found, "orig", None)
        found = original if isinstance(original, BaseException) else found.__cause__ or found.__context__


def _sqlstate(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return state if isinstance(state, str) else ""


def _variable(error: BaseException) -> str:
    """Return the name of the variable that ``os.environ[…]`` did not find."""
    if not isinstance(error, KeyError):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    inside = any(frame.filename == os.__file__ or frame.filename == "<frozen os>" for frame in frames[-1:])
    return str(error.args[0]) if inside and error.args else ""


def _frames(error: BaseException) -> Iterator[tuple[Path, int]]:
    for frame in traceback.extract_tb(error.__traceback__):
        if not frame.filename.startswith("<"):
            yield Path(frame.filename).absolute(), frame.lineno or 0
    if isinstance(error, SyntaxError) and error.filename:
        yield Path(error.filename).absolute(), error.lineno or 0


def _place(
    frames: Sequence[tuple[Path, int]], environment: Path | None, versions: Sequence[Path]
) -> tuple[str, str, int]:
    folders = [folder.resolve() for folder in versions]
    frames = [(path.resolve(), line) for path, line in frames]
    for path, line in reversed(frames):
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in folders):
            return "revision", str(path), line
    if environment is None:
        return "", "", 0
    ours = [found for found in frames if found[0] == environment.resolve() / "env.py"]
    if not ours:
        return "", "", 0
    # Behind env.py there may be modules of the application: the last one of those says most.
    root = Path.cwd().resolve()
    later = frames[frames.index(ours[-1]) + 1 :]
    project = [found for found in later if found[0].is_relative_to(root) and "site-packages" not in found[0].parts]
    if project:
        return "project", str(project[-1][0]), project[-1][1]
    return "environment", str(ours[-1][0]), ours[-1][1]
