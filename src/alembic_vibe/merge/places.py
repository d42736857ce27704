"""Where a statement of a class body goes, and how one is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.merge.found import FoundClass, FoundColumn, FoundTable, Member
    from alembic_vibe.merge.source import ModelFile


def body_of(cls: FoundClass) -> list[cst.CSTNode]:
    """Return the statements of a class, empty for ``class A: pass`` on one line."""
    import libcst as cst

    body = cls.node.body
    return list(body.body) if isinstance(body, cst.IndentedBlock) else []


def _is_docstring(node: cst.CSTNode) -> bool:
    import libcst as cst

    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return False
    expr = node.body[0]
    return isinstance(expr, cst.Expr) and isinstance(expr.value, cst.SimpleString | cst.ConcatenatedString)


def after_member(cls: FoundClass, line: cst.CSTNode) -> cst.CSTNode:
    """Return the last statement that belongs to a member: the string below an attribute documents it."""
    body = body_of(cls)
    number = next((n for n, node in enumerate(body) if node is line), None)
    if number is not None and number + 1 < len(body) and _is_docstring(body[number + 1]):
        return body[number + 1]
    return line


def head_place(cls: FoundClass) -> cst.CSTNode | None:
    """Return the last statement of a class's head: docstring, ``__tablename__``, ``__table_args__``."""
    body = body_of(cls)
    last = body[0] if body and _is_docstring(body[0]) else None
    for name in ("__tablename__", "__table_args__"):
        member = cls.members.get(name)
        if member is not None:
            place = next((n for n, node in enumerate(body) if node is member.line), -1)
            known = next((n for n, node in enumerate(body) if node is last), -1)
            last = body[max(place, known)] if max(place, known) >= 0 else last
    return last


def body_place(found: FoundTable, before: FoundColumn | None) -> tuple[FoundClass, cst.CSTNode | None, bool]:
    """Return the class, the statement that a new column follows, and whether an empty line goes between."""
    cls = found.cls
    if cls is None:  # pragma: no cover - classes only
        raise ValueError
    if before is not None and before.member is not None and before.owner is cls:
        return cls, after_member(cls, before.member.line), False
    head = head_place(cls)
    blank = head is not None
    return cls, head, blank


def insert_statement(file: ModelFile, place: tuple[FoundClass, cst.CSTNode | None, bool], statement: str) -> None:
    """Put a statement into a class body.

    Args:
        file: Where the class is.
        place: What `body_place` says.
        statement: Its text without the first line's indentation.
    """
    cls, after, blank = place
    body = body_of(cls)
    if not body:
        _open_body(file, cls, statement)
        return
    start = file.span(body[0])[0]
    pad = file.indent_of(start)
    if after is None:
        file.insert(file.line_start(start), f"{pad}{statement}\n")
        return
    end = file.span(after)[1]
    following = file.text[file.line_end(end) :]
    gap = "\n" if blank and following[:1] in {"\r", "\n"} else ""
    file.insert_line(end, f"{gap}{pad}{statement}")


def _open_body(file: ModelFile, cls: FoundClass, statement: str) -> None:
    """Turn ``class A(B): pass`` into a class with a body."""
    start, end = file.span(cls.node.body)
    pad = file.indent_of(file.span(cls.node)[0]) + file.unit
    code = file.text[start:end].strip()
    rest = "" if code in {"pass", "..."} else f"\n{pad}{code}"
    file.replace(start, end, f"\n{pad}{statement}{rest}")


def remove_statement(file: ModelFile, member: Member) -> None:
    """Take a member out: its lines, with the string that documents it; one of several on a line by itself.

    A comment on the same line goes with it, comments on lines of their own stay.
    """
    import libcst as cst

    line = member.line
    if isinstance(line, cst.FunctionDef):
        start = file.span(line.decorators[0])[0] if line.decorators else file.span(line)[0]
        file.remove_lines(start, file.span(line)[1])
        return
    if len(line.body) == 1:
        start, end = file.span(line)
        file.remove_lines(start, end)
        following = _document(file, line)
        if following is not None:
            file.remove_lines(*file.span(following))
        return
    number = next(n for n, statement in enumerate(line.body) if statement is member.statement)
    start, end = file.span(line.body[number])
    if number + 1 < len(line.body):
        file.replace(start, file.span(line.body[number + 1])[0], "")
    else:
        file.replace(file.span(line.body[number - 1])[1], end, "")


def _document(file: ModelFile, line: cst.CSTNode) -> cst.CSTNode | None:
    import libcst as cst

    for cls in (node for node in file.tree.body if isinstance(node, cst.ClassDef)):
        body = list(cls.body.body)
        for number, node in enumerate(body[:-1]):
            if node is line and _is_docstring(body[number + 1]):
                return body[number + 1]
    return None
