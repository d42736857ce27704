"""The tools that are compared, in an environment of their own; nothing of them is imported or shipped."""

from __future__ import annotations

import os
import subprocess
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("polyfactory", "faker")
GROUP = "bench-data"


def interpreter(folder: Path) -> Path:
    """Return the Python of the tools; makes their environment where it is not there yet."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"][GROUP]
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted], check=True)
    return python


def version(python: Path, name: str) -> str:
    """Return the version of a tool."""
    code = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    return subprocess.run([python, "-c", code, name], capture_output=True, text=True, check=True).stdout.strip()
