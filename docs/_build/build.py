"""Writes ``docs/diagnostics.md`` from the rules of the package: ``python docs/_build/build.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path

from mako.template import Template

from alembic_vibe.cli.rules import find_rules

HERE = Path(__file__).parent
TARGET = HERE.parent / "diagnostics.md"


def diagnostics_page() -> str:
    """Return the page as it should be."""
    template = Template(filename=str(HERE / "diagnostics.md.mako"), strict_undefined=True)  # noqa: S702  (Markdown)
    page: str = template.render(rules=find_rules())
    return page


def main() -> int:
    """Write the page, or with ``--check`` say whether it is up to date."""
    page = diagnostics_page()
    current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if page == current:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stderr.write(f"{TARGET} is not up to date: run python docs/_build/build.py\n")
        return 1
    TARGET.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
