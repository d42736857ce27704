"""Every rule of the package, found by looking for a module-level ``RULES``."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import alembic_vibe
from alembic_vibe.diagnostics import Rule

_ASSIGNMENT = re.compile(r"^RULES\b[^=\n]*=", re.MULTILINE)


@cache
def find_rules() -> tuple[Rule, ...]:
    """Return the rules of all modules, by code.

    Only modules whose text assigns ``RULES`` are imported: the others may be heavy.
    """
    found: dict[str, Rule] = {}
    for info in walk_packages(alembic_vibe.__path__, "alembic_vibe."):
        spec = info.module_finder.find_spec(info.name, None)
        origin = spec.origin if spec is not None else None
        if origin is None or not _assigns_rules(Path(origin)):
            continue
        for rule in getattr(import_module(info.name), "RULES", ()):
            if isinstance(rule, Rule):
                found[rule.code] = rule
    return tuple(found[code] for code in sorted(found))


def _assigns_rules(path: Path) -> bool:
    return path.suffix == ".py" and _ASSIGNMENT.search(path.read_text(encoding="utf-8")) is not None
