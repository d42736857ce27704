"""Which extension brings a type, function, operator or operator class that a specification uses without saying so.

``known_extensions.json`` lists what the extensions of applications bring, read from the extensions themselves
(members by ``pg_depend``); names that mean something without the extension too are left out.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def _providers() -> dict[tuple[str, str], str]:
    text = (resources.files("alembic_vibe.postgres") / "known_extensions.json").read_text(encoding="utf-8")
    kinds = {"types": "type", "functions": "function", "opclasses": "operator class", "operators": "operator"}
    return {
        (kinds[kind], name): extension
        for extension, members in json.loads(text).items()
        for kind, names in members.items()
        for name in names
    }


def provider_of(kind: str, name: str) -> str | None:
    """Return the extension that brings a "type", "function", "operator" or "operator class" of that bare name."""
    return _providers().get((kind, name.lower()))
