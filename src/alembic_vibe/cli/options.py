"""Options that need more than a type: ``--rename`` and ``--accept``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from alembic_vibe.results import Acceptance, Rename


class RenameType(click.ParamType):
    """``users.name=full_name`` or ``old_table=new_table``; a schema may come first."""

    name = "OLD=NEW"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Rename:
        """Split the text; a wrong one is a usage error that shows the form."""
        from alembic_vibe.results import Rename

        old, equals, new = (part.strip() for part in str(value).partition("="))
        if not (old and equals and new):
            self.fail(f"{value!r} is not of the form users.name=full_name or old_table=new_table", param, ctx)
        if old.rpartition(".")[2] == new.rpartition(".")[2]:
            self.fail(f"{value!r} does not change the name", param, ctx)
        return Rename(old, new)


class AcceptType(click.ParamType):
    """``HAZARD`` or ``HAZARD:OBJECT``."""

    name = "HAZARD[:OBJECT]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Acceptance:
        """Split the text; a wrong one is a usage error that shows the form."""
        from alembic_vibe.results import Acceptance

        hazard, colon, name = (part.strip() for part in str(value).partition(":"))
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", hazard) or (colon and not name):
            self.fail(f"{value!r} is not of the form drop-column or drop-column:users.name", param, ctx)
        return Acceptance(hazard.lower(), name or None)
