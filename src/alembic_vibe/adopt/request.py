"""What the edits are asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.adopt.model import Edit, Environment, Findings


def nested(environment: Environment, root: Path) -> str:
    """Return the path of a configuration that does not stand in the project's folder itself; else nothing."""
    ini = environment.ini
    return ini.relative_to(root).as_posix() if ini is not None and ini.parent != root else ""


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

    @property
    def nested(self) -> str:
        """What ``-c`` has to name in the project's folder; empty where the configuration is found there."""
        return nested(self.environment, self.root)


@dataclass(frozen=True)
class Proposal:
    """Files as they would be, and what is left to the user, with the words to write."""

    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
