"""Options that need more than a type: ``--rename`` and ``--accept``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.results import Acceptance, Rename


def parse_renames(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Rename, ...]:
    """Read ``users.name=full_name`` or ``old_table=new_table``; another form is a usage error."""
    from alembic_vibe.results import Rename

    renames = []
    for value in values:
        old, _, new = (part.strip() for part in value.partition("="))
        if not (old and new):
            raise click.BadParameter(f"{value!r} is not of the form users.name=full_name or old_table=new_table")
        if old.rpartition(".")[2] == new.rpartition(".")[2]:
            raise click.BadParameter(f"{value!r} does not change the name")
        renames.append(Rename(old, new))
    return tuple(renames)


def parse_accepted(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Acceptance, ...]:
    """Read ``HAZARD`` or ``HAZARD:OBJECT``; another form is a usage error."""
    from alembic_vibe.results import Acceptance

    accepted = []
    for value in values:
        hazard, colon, name = (part.strip() for part in value.partition(":"))
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", hazard) or (colon and not name):
            raise click.BadParameter(f"{value!r} is not of the form drop-column or drop-column:users.name")
        accepted.append(Acceptance(hazard.lower(), name or None))
    return tuple(accepted)
