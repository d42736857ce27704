"""The sample project from nothing: every version of its specification, and what was run with it.

``python -m tests.acceptance.sample_history`` writes it anew, with every proof.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.render.template import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).parents[2] / "sample_project"
_SPEC = Path("docs", "06-technical-specification.md")
_PACKAGE = "harbourdesk"


def steps(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the version and the arguments of each command, in order."""
    document = tomllib.loads((folder / "docs" / "versions" / "history.toml").read_text(encoding="utf-8"))
    for version in document["version"]:
        for command in version["commands"]:
            yield version["number"], shlex.split(command)


def clear(folder: Path) -> None:
    """Take away everything that ``generate`` wrote, down to what ``init`` leaves."""
    models = folder / _PACKAGE / "models"
    shutil.rmtree(models)
    shutil.rmtree(folder / "seeds" / "reference")
    for revision in (folder / "migrations" / "versions").glob("*.py"):
        revision.unlink()
    (folder / "migrations" / "vibe_snapshot.json").unlink()
    models.mkdir()
    (models / "base.py").write_text(render("project/base.py.mako"), encoding="utf-8")
    placeholder = render("project/models.py.mako", models=f"{_PACKAGE}.models")
    (models / "__init__.py").write_text(placeholder, encoding="utf-8")


def live_again(folder: Path, run: Callable[[list[str]], object]) -> None:
    """Run every command on its version of the specification.

    Args:
        folder: The project, cleared.
        run: Called with the arguments of ``alembic-vibe``.
    """
    for version, arguments in steps(folder):
        shutil.copy(folder / "docs" / "versions" / f"{version}.md", folder / _SPEC)
        run(arguments)


def main() -> None:
    """Write the sample project anew, with every proof."""
    program = str(Path(sys.executable).with_name("alembic-vibe"))
    clear(SAMPLE)
    live_again(SAMPLE, lambda arguments: subprocess.run([program, *arguments], cwd=SAMPLE, check=True))
    shutil.rmtree(SAMPLE / "seeds" / "test", ignore_errors=True)
    subprocess.run([program, "seed", "test"], cwd=SAMPLE, check=True)


if __name__ == "__main__":
    main()
