"""The tools that are compared, and the environment that the others are installed in, one each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUP = "bench-autogenerate"


@dataclass(frozen=True)
class Tool:
    """``name`` as ``driver.py`` and the table say it; ``packages``: what it needs beside Alembic of the group."""

    name: str
    packages: tuple[str, ...] = ()
    ours: bool = False


TOOLS = (
    Tool("Alembic"),
    Tool("alembic_utils", ("alembic-utils",)),
    Tool("alembic-postgresql-enum", ("alembic-postgresql-enum",)),
    Tool("alembic-vibe", ours=True),
)
COMMON = ("alembic", "sqlalchemy", "psycopg")


def pinned() -> dict[str, str]:
    """Return the requirements of the group, by the name of the package."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return {re.split(r"[=\[]", one, maxsplit=1)[0].lower(): one for one in groups[GROUP]}


def interpreter(tool: Tool, folder: Path) -> Path:
    """Return the Python of a tool; makes its environment where it is not there yet. Ours is the one that runs this."""
    if tool.ours:
        return Path(sys.executable)
    place = folder / tool.name
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        wanted = [pinned()[name] for name in (*COMMON, *tool.packages)]
        venv.create(place, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
    return python


def versions(tool: Tool, python: Path) -> str:
    """Return what is compared, with its version."""
    names = ("alembic-vibe", "alembic", "sqlalchemy") if tool.ours else ("alembic", "sqlalchemy", *tool.packages)
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    told = subprocess.run([python, "-c", code, *names], capture_output=True, text=True, check=True).stdout.split()
    return ", ".join(f"{name} {number}" for name, number in zip(names, told, strict=True))
