"""env.py: each revision commits by itself, no statement waits for ever, and autogenerate sees more.

Only arguments of calls that are there are added, and one import. What has another shape is left alone, and said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.adopt.model import Edit
from alembic_vibe.adopt.report import shown
from alembic_vibe.adopt.request import Proposal
from alembic_vibe.adopt.texts import read_text

if TYPE_CHECKING:
    from alembic_vibe.adopt.request import Adoption


def propose(adoption: Adoption) -> Proposal:
    """Say how env.py would change."""
    environment = adoption.environment
    path = environment.env_py
    if path is None:
        where = shown(environment.script_location, adoption.root)
        return Proposal(notes=(f"{where} has no env.py; make sure that `alembic heads` works first",))
    if not path.resolve().is_relative_to(adoption.root.resolve()):
        return Proposal(notes=(f"{path} lies outside the project and is left as it is",))
    source = read_text(path)
    if source is None:
        return Proposal(notes=(f"{path.name} is no UTF-8 text with one kind of line ends, and is left as it is",))
    from alembic_vibe.adopt.env_source import EnvSource

    changed = EnvSource(environment, adoption.root)
    after = changed.change(source.text)
    if after == source.text:
        return Proposal(notes=tuple(changed.notes))
    edit = Edit(path, source.whole, source.restore(after), tuple(changed.why))
    return Proposal((edit,), tuple(changed.notes))
