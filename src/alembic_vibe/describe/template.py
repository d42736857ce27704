"""Fill a template of ``alembic_templates/describe``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.describe.prose import as_cell, as_code
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from mako.lookup import TemplateLookup

    from alembic_vibe.describe.model import Fence

_TICKS = re.compile(r"`{3,}")


@cache
def _lookup() -> TemplateLookup:
    from mako.lookup import TemplateLookup

    return TemplateLookup(directories=[str(template_dir() / "describe")], strict_undefined=True, input_encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Return the text of a template.

    Raises:
        NameError: The template uses a name that was not given.
    """
    text: str = _lookup().get_template(template).render_unicode(ticks=ticks, cell=as_cell, code=as_code, **values)
    return text


def ticks(fence: Fence) -> str:
    """Return what opens and closes a fence: longer than any run of backticks in its statements."""
    longest = max((len(run) for sql in fence.statements for run in _TICKS.findall(sql)), default=2)
    return "`" * (longest + 1)
