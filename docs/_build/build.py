"""Writes the pages that are made of the package's rules: ``python docs/_build/build.py [--check]``.

``docs/diagnostics.md`` tells of every diagnostic, ``docs/lint-rules.md`` lists the rules of the linter, and
``docs/rules/`` has a page for each of those.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mako.template import Template

from alembic_vibe.cli.rules import find_rules
from alembic_vibe.lint import rules as lint_rules
from alembic_vibe.lint.examples import Breaks, Example, Fails, Leaves, Takes

HERE = Path(__file__).parent
DOCS = HERE.parent
TARGET = DOCS / "diagnostics.md"
RULES = DOCS / "rules"

_WORK = {
    "none": "",
    "scan": " while its rows are read",
    "build": " while an index is built",
    "rewrite": " while the table is written anew",
    "dml": " while rows are changed",
    "held": " while later statements run",
}


def render(name: str, **names: Any) -> str:
    """Return what a template of this folder makes."""
    template = Template(filename=str(HERE / name), strict_undefined=True)  # noqa: S702  (Markdown)
    page: str = template.render(**names)
    return page


def diagnostics_page() -> str:
    """Return the page of all diagnostics as it should be."""
    return render("diagnostics.md.mako", rules=find_rules())


def pages() -> dict[Path, str]:
    """Return every page that is made here, by its path."""
    modules = lint_rules.modules()
    found = {TARGET: diagnostics_page(), DOCS / "lint-rules.md": render("rules.md.mako", modules=modules)}
    for module in modules:
        found[RULES / f"{module.RULE.slug}.md"] = render(
            "rule.md.mako",
            rule=module.RULE,
            examples=getattr(module, "EXAMPLES", ()) or _own_example(module),
            hazards=sorted(lint_rules.hazards(module.RULE.slug)),
            opt_in=getattr(module, "OPT_IN", False),
            shown=shown,
        )
    return found


def shown(example: Example) -> str:
    """Say in a sentence what the bad code of an example does, as a test has seen it on a server."""
    function = "the downgrade" if example.runs == "downgrade" else "this"
    match example.evidence:
        case Takes(table, lock, work):
            return f"On a server {function} takes a lock of the mode {lock} on `{table}`{_WORK[work]}."
        case Fails(sqlstate):
            return f"On a server {function} fails with SQLSTATE {sqlstate}."
        case Breaks(statement):
            return f"After it a statement of the running application fails: `{' '.join(statement.split())}`."
        case Leaves(query):
            return f"After it this is true: `{' '.join(query.split())}`."
    return ""


def _own_example(module: Any) -> tuple[Example, ...]:
    return (Example(module.RULE.bad, module.RULE.good),) if module.RULE.bad else ()


def main() -> int:
    """Write the pages, or with ``--check`` say which are not up to date."""
    wanted = pages()
    stale = [path for path in RULES.glob("*.md") if path not in wanted]
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in (*stale, *changed):
            sys.stderr.write(f"{path} is not up to date: run python docs/_build/build.py\n")
        return int(bool(stale or changed))
    RULES.mkdir(exist_ok=True)
    for path in stale:
        path.unlink()
    for path in changed:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
