"""Statements that move: indented anew in their place, cut out, or carried over into another file with their imports."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from alembic_vibe.lint.fixes.model import Edit, Refusal, edited

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.lint.fixes.page import Page

_INDENT = "    "
_DEPTH = _INDENT * 2  # where statements stand in an autocommit block of a new revision


def wrapped(page: Page, statements: Sequence[ast.stmt], within: Sequence[Edit]) -> list[Edit]:
    """Return the edits that put statements that stand together into an autocommit block, with the edits in them."""
    first, last = page.lines_of(statements[0])[0], statements[-1].end_lineno or 0
    indent = page.indent_of(statements[0].lineno)
    step = "\t" if indent.endswith("\t") else _INDENT
    at = page.start(first)
    header = f"{indent}with {page.op}.get_context().autocommit_block():{page.newline}"
    edits = [Edit(at, at, header), *_indented(page, within, indent, indent + step)]
    lines = (number for number in range(first, last + 1) if page.line(number).strip())
    starts = (page.start(number) for number in lines if number not in page.within_strings)
    return [*edits, *(Edit(start, start, step) for start in starts)]


def _indented(page: Page, edits: Sequence[Edit], old: str, new: str) -> list[Edit]:
    """Return edits whose new lines begin with other white space."""
    return [edit._replace(text=edit.text.replace(page.newline + old, page.newline + new)) for edit in edits]


def cut(page: Page, statement: ast.stmt, *, only: bool) -> Edit:
    """Return the edit that takes a statement out, the comments above it too; ``only``: nothing else is left there."""
    first, last = page.lines_of(statement)
    start, end = page.start(first), page.end(last)
    if only:
        return Edit(start, end, f"{page.indent_of(statement.lineno)}pass")
    blank_above = first > 1 and not page.line(first - 1).strip()
    following = page.line(last + 1)
    end = page.start(last + 1) if following or page.line(last).endswith("\n") else end
    if blank_above and following and not following.strip():
        end += len(following)
    return Edit(start, end, "")


def carried(page: Page, statement: ast.stmt, edits: Sequence[Edit]) -> str:
    """Return a statement with edits carried out, as it stands in a new revision; its comments come along."""
    first, last = page.lines_of(statement)
    base = page.indent_of(statement.lineno)
    lines: list[Edit] = []
    for number in range(first, last + 1):
        if number in page.within_strings or not page.line(number).strip():
            continue
        width = len(base) if page.line(number).startswith(base) else 0
        start = page.start(number)
        lines.append(Edit(start, start + width, "" if number == first else _DEPTH))
    begin, end = page.start(first), page.end(last)
    moved = [
        Edit(edit.start - begin, edit.end - begin, edit.text)
        for edit in (*lines, *_indented(page, edits, base, _DEPTH))
    ]
    return edited(page.text[begin:end], moved).replace("\r\n", "\n")


def imports_of(page: Page, statement: ast.stmt) -> tuple[str, ...]:
    """Return the imports that a statement needs in another file, beside ``op`` and ``sa``.

    Raises:
        Refusal: It needs what no import gives.
    """
    found: dict[str, None] = {}
    own = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    for node in ast.walk(statement):
        if not isinstance(node, ast.Name) or node.id in own:
            continue
        line = _import(page, node.id)
        if line is None and not hasattr(builtins, node.id):
            raise Refusal(f"it uses `{node.id}`, which only this revision has")
        if line is not None and line not in {"from alembic import op", "import sqlalchemy as sa"}:
            found[line] = None
    return tuple(found)


def _import(page: Page, name: str) -> str | None:
    """Return the import of the module that binds a name; the name may be bound by nothing else."""
    bound = None
    for node in page.tree.body:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if (alias.asname or alias.name.split(".")[0]) == name:
                        bound = ast.unparse(ast.Import([alias]))
            case ast.ImportFrom(module=module, names=names, level=level):
                for alias in names:
                    if (alias.asname or alias.name) == name:
                        if level:
                            raise Refusal(f"it uses `{name}`, which lies beside this revision")
                        bound = ast.unparse(ast.ImportFrom(module, [alias], 0))
            case _:
                names_here = (part for part in ast.walk(node) if isinstance(part, ast.Name))
                if any(part.id == name and isinstance(part.ctx, ast.Store) for part in names_here):
                    raise Refusal(f"it uses `{name}`, which only this revision has")
    return bound
