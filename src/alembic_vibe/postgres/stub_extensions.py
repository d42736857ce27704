"""Stand-ins for extensions that the embedded server lacks: control and SQL files in ``stubs/``, no C code.

PostgreSQL 18 reads extensions from directories outside its installation (setting ``extension_control_path``), so a
specification that says ``CREATE EXTENSION "uuid-ossp"`` compiles and is proved on the embedded server. What a
stand-in cannot do raises an error that says so, when it is called.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STUB_DIR = Path(__file__).resolve().parent / "stubs"
FIRST_MAJOR = 18  # extension_control_path appeared in PostgreSQL 18


@cache
def stubs_for(major: int) -> frozenset[str]:
    """Names of the extensions that have a stand-in on that major version."""
    if major < FIRST_MAJOR:
        return frozenset()
    return frozenset(path.stem for path in STUB_DIR.glob("*.control"))


def install(directory: Path, major: int, present: Collection[str]) -> frozenset[str]:
    """Copy the stand-ins for what is not ``present`` under ``directory``; returns their names.

    ``directory`` is what ``extension_control_path`` must name; the server looks in its subdirectory ``extension``.
    """
    names = stubs_for(major) - set(present)
    target = directory / "extension"
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        for path in (STUB_DIR / f"{name}.control", *STUB_DIR.glob(f"{name}--*.sql")):
            shutil.copyfile(path, target / path.name)
    return names
