"""pyproject.toml: ``[tool.alembic-vibe]`` says where the specification and the models are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.adopt.model import Edit
from alembic_vibe.adopt.request import Proposal
from alembic_vibe.adopt.texts import Text, read_text
from alembic_vibe.config_rules import PYPROJECT, TABLE

if TYPE_CHECKING:
    from alembic_vibe.adopt.request import Adoption

_WHY = "where the specification and the models are, for alembic-vibe"


def propose(adoption: Adoption) -> Proposal:
    """Say which settings would be added; those that are there are never changed."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = adoption.environment.pyproject or adoption.root / PYPROJECT
    source = read_text(path) if path.is_file() else Text("")
    if source is None:
        return Proposal(notes=(f"{path.name} is no UTF-8 text with one kind of line ends, and is left as it is",))
    try:
        document = tomlkit.parse(source.text)
    except TOMLKitError as error:
        return Proposal(notes=(f"{path.name} is no valid TOML, and is left as it is: {error}",))
    wanted, notes = _settings(adoption)
    tool: Any = document.setdefault("tool", tomlkit.table(is_super_table=True))
    if TABLE in tool:
        missing = {key: value for key, value in wanted.items() if key not in tool[TABLE]}
    else:
        tool[TABLE], missing = tomlkit.table(), wanted
    tool[TABLE].update(missing)
    after = tomlkit.dumps(document)
    if not missing or after == source.text:
        return Proposal(notes=notes)
    before = source.whole if path.is_file() else None
    return Proposal((Edit(path, before, source.restore(after), (_WHY,)),), notes)


def _settings(adoption: Adoption) -> tuple[dict[str, str], tuple[str, ...]]:
    root, environment = adoption.root, adoption.environment
    wanted = {"spec": Path(os.path.relpath(adoption.spec, root)).as_posix()}
    notes: tuple[str, ...] = ()
    files = [path for path in environment.models.files if path.is_relative_to(root)]
    if files:
        models = files[0] if len(files) == 1 else Path(os.path.commonpath([path.parent for path in files]))
        if models != root:
            wanted["models"] = models.relative_to(root).as_posix()
        else:
            notes = (f"the models are in several folders below the project's: set `models` in [tool.{TABLE}] yourself",)
    elif environment.bases:
        notes = (f"no models were found: set `models` in [tool.{TABLE}] to their folder, or to their module",)
    if environment.section != "alembic":
        wanted["section"] = environment.section
    return wanted, notes
