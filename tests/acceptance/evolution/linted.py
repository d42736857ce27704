"""What the linter says of the revisions that are generated for a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.engine import run
from alembic_vibe.lint.request import Request, Scope
from alembic_vibe.render.revisions import Account, render_revision

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic
    from tests.acceptance.evolution.evolve import Evolved

_REVISION = '''"""{title}

{docstring}
"""

import sqlalchemy as sa
from alembic import op
{imports}

revision = "{number:04}"
down_revision = {down}


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


def findings(evolved: Evolved, folder: Path) -> tuple[Diagnostic, ...]:
    """Return what the linter finds in the revisions of a case; the old schema is the chain's first revision."""
    versions = folder / "versions"
    versions.mkdir()
    parsed = evolved.old.parsed.sql.statements
    made = "\n    ".join(f"op.execute({parsed[index].text!r})" for index in evolved.old.loaded.order) or "pass"
    first = _REVISION.format(
        title="old", docstring="", imports="", number=0, down=None, upgrade=made, downgrade="raise NotImplementedError"
    )
    paths = [versions / "0000.py"]
    paths[0].write_text(first, encoding="utf-8")
    for number, revision in enumerate(evolved.revisions, 1):
        account = Account("spec.md", section_lines={revision.section: (1, 2)})
        text = render_revision(revision, evolved.new.catalog, account)
        paths.append(versions / f"{number:04}.py")
        paths[-1].write_text(
            _REVISION.format(
                title=text.title,
                docstring=text.docstring,
                imports=text.imports,
                number=number,
                down=f'"{number - 1:04}"',
                upgrade=text.upgrade,
                downgrade=text.downgrade,
            ),
            encoding="utf-8",
        )
    return run(Scope(versions, (versions,)), Request(paths=tuple(paths[1:]))).diagnostics
