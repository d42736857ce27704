"""Options that need more than a type: ``--rename`` and ``--accept``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.results import Acceptance, Rename

_RENAMING = re.compile(r'(?P<old>(?:"[^"]*"|[^"=])+)=(?P<new>(?:"[^"]*"|[^"=])+)')
_MOST_PARTS = 3  # schema, table and column


def parse_renames(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> tuple[Rename, ...]:
    """Read ``users.name=full_name`` or ``old_table=new_table``; another form is a usage error.

    Names may be qualified and quoted, as in ``billing."Old Name"=billing.invoices``.
    """
    from alembic_vibe.results import Rename
    from alembic_vibe.sql.identifiers import read_name

    renames = []
    for value in values:
        match = _RENAMING.fullmatch(value)
        old, new = (match["old"].strip(), match["new"].strip()) if match else ("", "")
        was, now = read_name(old, fold=False), read_name(new, fold=False)
        if not (0 < len(was) <= _MOST_PARTS and 0 < len(now) <= _MOST_PARTS):
            raise click.BadParameter(f"{value!r} is not of the form users.name=full_name or old_table=new_table")
        if was[-1] == now[-1] and (len(now) == 1 or was == now):
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
            raise click.BadParameter(f"{value!r} is not of the form data-loss or data-loss:users.name")
        accepted.append(Acceptance(hazard.lower(), name or None))
    return tuple(accepted)


def parse_rows(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Turn each ``TABLE:KEY`` into a pair; the key may have colons of its own."""
    found = []
    for value in values:
        table, colon, key = value.partition(":")
        if not (table and colon and key):
            raise click.BadParameter(f"'{value}' is not TABLE:KEY, such as roles:admin.")
        found.append((table, key))
    return tuple(found)
