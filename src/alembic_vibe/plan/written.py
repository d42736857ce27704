"""SQL of several lines, from the templates in ``alembic_templates/sql``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.plan.operations import Execute
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from mako.lookup import TemplateLookup

    from alembic_vibe.sql.compose import Part


@cache
def _lookup() -> TemplateLookup:
    from mako.lookup import TemplateLookup

    return TemplateLookup(directories=[str(template_dir())], strict_undefined=True, input_encoding="utf-8")


def written(template: str, **values: Part | Any) -> Execute:
    """Return a statement.

    Args:
        template: The name of a file in ``alembic_templates/sql``, without ``.sql.mako``.
        values: What it uses: names and literals as parts of ``sql.compose``, which quote themselves when printed.

    Raises:
        NameError: The template uses a name that was not given.
    """
    text: str = _lookup().get_template(f"sql/{template}.sql.mako").render_unicode(**values)
    return Execute(text.strip())
