"""What the edits are asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.adopt.model import Edit, Environment, Findings


@dataclass(frozen=True)
class Adoption:
    """The environment that is adopted, and the specification that it gets.

    ``document`` is the text of a specification made from a database; empty for one to begin with.
    """

    findings: Findings
    environment: Environment
    spec: Path
    document: str = ""

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.findings.root


@dataclass(frozen=True)
class Proposal:
    """Files as they would be, and what is left to the user, with the words to write."""

    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
