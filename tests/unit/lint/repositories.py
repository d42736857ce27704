"""Real git repositories with revision files in them, made by tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

TEXT = '''"""{id}"""

revision = "{id}"
down_revision = {down!r}
branch_labels = {labels!r}


def upgrade() -> None:
    pass
'''


class Repository:
    """A git repository in a folder, with its default branch."""

    def __init__(self, path: Path, branch: str = "main") -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", f"--initial-branch={branch}")
        self.git("config", "user.email", "a@example.org")
        self.git("config", "user.name", "A")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.path), *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message: str = "work") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def clone(self, to: Path, *options: str) -> Repository:
        subprocess.run(["git", "clone", "--quiet", *options, f"file://{self.path}", str(to)], check=True)
        found = object.__new__(Repository)
        found.path = to
        found.git("config", "user.email", "b@example.org")
        found.git("config", "user.name", "B")
        return found


def write(folder: Path, id_: str, down: str | tuple[str, ...] | None = None, *, labels: object = None) -> Path:
    """Write a revision file and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id_}.py"
    path.write_text(TEXT.format(id=id_, down=down, labels=labels), encoding="utf-8")
    return path
