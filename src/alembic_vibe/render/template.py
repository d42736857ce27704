"""Fill a Mako template of ours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from mako.lookup import TemplateLookup


@cache
def _lookup() -> TemplateLookup:
    from mako.lookup import TemplateLookup

    return TemplateLookup(directories=[str(template_dir())], strict_undefined=True, input_encoding="utf-8")


def render(template: str, **values: Any) -> str:
    """Return the text of a template, such as ``revisions/upgrade.mako``, with its values filled in.

    Raises:
        NameError: The template uses a name that was not given.
    """
    return str(_lookup().get_template(template).render_unicode(**values))
