"""``vibe_snapshot.json``: what the spec owns, committed beside the revisions.

It names every object that the spec last produced, with its facts, in an order in which they can be made; the head of
the chain that holds them; and the files that were generated, so that a file edited by hand is recognised. Where the
author's words differ from PostgreSQL's, they are kept as well: downgrades write them again. ``pending`` are the
revisions of contract and purge that wait for their time.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.catalog.serialize import decode, encode, pretty
from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity
from alembic_vibe.history.names import SNAPSHOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic_vibe.catalog.facts import Fact

NAME = SNAPSHOT
_FORMAT = 2
_READABLE = {1, 2}  # format 1 had neither words nor pending revisions

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
    """What the last run left.

    ``facts`` are in an order in which they can be made. ``words`` are those facts of which the author's text differs,
    ``sources`` the author's CREATE statements. ``pending`` are planned revisions as ``plan.pending`` writes them, in
    order. ``foreign`` names what hand-written revisions made and was reported. ``files`` are digests.
    """

    spec: str
    head: str
    server_version: int = 0
    source: str = ""  # the digest of what the spec's SQL says
    facts: Mapping[Key, Fact] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[Mapping[str, Any], ...] = ()
    words: Mapping[Key, Fact] = field(default_factory=dict)
    sources: Mapping[Key, str] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the file's content; equal snapshots give equal texts."""
        document = {
            "format": _FORMAT,
            "spec": self.spec,
            "head": self.head,
            "server_version": self.server_version,
            "source": self.source,
            "pending": list(self.pending),
            "foreign": list(self.foreign),
            "files": dict(sorted(self.files.items())),
            "objects": [encode(fact) for fact in self.facts.values()],
            "words": [encode(self.words[key]) for key in self.facts if key in self.words],
            "sources": [[list(key), self.sources[key]] for key in self.facts if key in self.sources],
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
        if document["format"] not in _READABLE:
            msg = f"its format is {document['format']}, this version reads up to {_FORMAT}"
            raise ValueError(msg)  # noqa: TRY301 - handled with all that can be wrong with the file
        facts = [decode(item) for item in document["objects"]]
        words = [decode(item) for item in document.get("words", ())]
        sources = [(Key(Kind(key[0]), *key[1:]), str(text)) for key, text in document.get("sources", ())]
        return Snapshot(
            spec=document["spec"],
            head=document["head"],
            server_version=document["server_version"],
            source=document["source"],
            facts={fact.key: fact for fact in facts},
            files=dict(document["files"]),
            pending=tuple(document["pending"]),
            words={fact.key: fact for fact in words},
            sources=dict(sources),
            foreign=tuple(document.get("foreign", ())),
        )
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ConfigurationError(BROKEN.diagnostic(f"{path.name} cannot be read: {error}", path=str(path))) from error
