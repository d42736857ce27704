"""``vibe_snapshot.json``: what the spec owns, committed beside the revisions.

It names every object that the spec last produced, with its facts, in an order in which they can be made; the head of
the chain that holds them; and the files that were generated, so that a file edited by hand is recognised.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.serialize import decode, encode, pretty
from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key

NAME = "vibe_snapshot.json"
_FORMAT = 1

BROKEN = Rule(
    code="AV811",
    slug="snapshot-unreadable",
    severity=Severity.ERROR,
    summary="vibe_snapshot.json is not what this version writes.",
    why="The snapshot says which objects the spec owns. With a wrong one, changes could be planned against a state "
    "that never was.",
    fix="Take the file from version control again, or resolve the merge conflict in it and run generate.",
    bad='<<<<<<< HEAD\n{"format": 1,',
    good='{"format": 1,',
)
RULES = (BROKEN,)


@dataclass(frozen=True)
class Snapshot:
    """What the last run left: facts in an order in which they can be made, and the digests of generated files."""

    spec: str
    head: str
    server_version: int = 0
    source: str = ""  # the digest of what the spec's SQL says
    facts: Mapping[Key, Fact] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the file's content; equal snapshots give equal texts."""
        document = {
            "format": _FORMAT,
            "spec": self.spec,
            "head": self.head,
            "server_version": self.server_version,
            "source": self.source,
            "pending": list(self.pending),
            "files": dict(sorted(self.files.items())),
            "objects": [encode(fact) for fact in self.facts.values()],
        }
        return pretty(document) + "\n"


def digest(text: str) -> str:
    """Return the digest under which a generated text is remembered."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def read_snapshot(path: Path) -> Snapshot | None:
    """Return the snapshot, or ``None`` where there is none yet.

    Raises:
        ConfigurationError: The file is damaged or of another format.
    """
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            msg = f"its format is {document['format']}, this version reads {_FORMAT}"
            raise ValueError(msg)  # noqa: TRY301 - handled with all that can be wrong with the file
        facts = [decode(item) for item in document["objects"]]
        return Snapshot(
            spec=document["spec"],
            head=document["head"],
            server_version=document["server_version"],
            source=document["source"],
            facts={fact.key: fact for fact in facts},
            files=dict(document["files"]),
            pending=tuple(document["pending"]),
        )
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ConfigurationError(BROKEN.diagnostic(f"{path.name} cannot be read: {error}", path=str(path))) from error
