"""The specification: one that describes the database, or one to begin with. What is there is never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.adopt.model import Edit
from alembic_vibe.adopt.report import shown
from alembic_vibe.adopt.request import Proposal

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.adopt.request import Adoption


def propose(adoption: Adoption) -> Proposal:
    """Say which specification would be written."""
    from alembic_vibe.render.template import render

    path, name = adoption.spec, shown(adoption.spec, adoption.root)
    if path.exists():
        if _has_section(adoption):
            told = f"{name} has a Section 5 already and is left as it is"
            more = "; move it away to have one made from the database" if adoption.document else ""
            return Proposal(notes=(told + more,) if adoption.document else ())
        return Proposal(
            notes=(f"{name} has no Section 5: add the heading `## 5. Database Architecture & Schema Design`",)
        )
    if adoption.document:
        why = "a specification that says what the database has: generate has nothing to do for it"
        return Proposal((Edit(path, None, adoption.document, (why,)),))
    why = "a specification to begin with: it says nothing yet, and what it does not name is left alone"
    return Proposal((Edit(path, None, render("adopt/spec.md.mako", title=title_of(adoption.root)), (why,)),))


def title_of(root: Path) -> str:
    """Return what a product is called: after the project's folder."""
    return root.name.replace("-", " ").replace("_", " ").title() or "Database"


def _has_section(adoption: Adoption) -> bool:
    from alembic_vibe.spec.reader import read_spec

    return read_spec(adoption.spec).spec is not None
