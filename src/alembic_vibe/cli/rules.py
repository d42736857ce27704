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

    Only modules whose text assigns ``RULES`` are imported: the others may be heavy. Two rules of one code are both
    returned, for the test that forbids it.
    """
    found: dict[Rule, None] = {}
    for info in walk_packages(alembic_vibe.__path__, "alembic_vibe."):
        spec = info.module_finder.find_spec(info.name, None)
        if spec is not None and spec.origin is not None and _assigns_rules(Path(spec.origin)):
            rules = getattr(import_module(info.name), "RULES", ())
            found.update((rule, None) for rule in rules if isinstance(rule, Rule))
    return tuple(sorted(found, key=lambda rule: rule.code))


def _assigns_rules(path: Path) -> bool:
    return path.suffix == ".py" and _ASSIGNMENT.search(path.read_text(encoding="utf-8")) is not None
