"""New revisions through the project's own template: its docstring, its imports, its hooks.

Part of the worker's process. A template may know nothing of ``imports``, or begin otherwise than Alembic's own: what
the revision needs is put in where it is missing, and nothing else is changed. Hooks run last, on the text as it stays.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic.config import Config
    from alembic.script import ScriptDirectory

_ALWAYS = {"op": "from alembic import op", "sa": "import sqlalchemy as sa"}
_OPENING = re.compile(r"(?P<prefix>[rRuU]?)(?P<quotes>\"\"\"|'''|\"|')")


class TemplateError(Exception):
    """The project's script.py.mako gives something that cannot be used."""


def write_revision(scripts: ScriptDirectory, config: Config, revision: Mapping[str, Any], folder: str) -> str:
    """Write one revision into a version location and return its path.

    Raises:
        TemplateError: The template has no place for what the revision does, or is no template.
        CommandError: Alembic refuses.
    """
    from alembic.script import write_hooks
    from alembic.util import CommandError, load_python_file

    where = "hooks" if hasattr(scripts, "hooks") else "hook_config"  # up to Alembic 1.15
    hooks = getattr(scripts, where)
    setattr(scripts, where, type(hooks)())
    try:
        script = scripts.generate_revision(
            revision["id"],
            revision["title"],
            head=revision["head"] or "base",
            version_path=folder,
            upgrades=revision["upgrade"],
            downgrades=revision["downgrade"],
            imports=revision["imports"],
            config=config,  # as `alembic revision` gives it to a template
        )
    except SyntaxError as error:
        message = f"script.py.mako gives a revision that is no Python: {error.msg}, line {error.lineno}"
        raise TemplateError(message) from error
    except CommandError as error:
        if "Template rendering failed" not in str(error):
            raise
        raise TemplateError(f"script.py.mako cannot be filled: {error}") from error
    finally:
        setattr(scripts, where, hooks)
    if script is None:
        raise TemplateError("what script.py.mako gives is no revision: it has no `revision`")
    path = Path(script.path)
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    _must_have(text, revision)
    done = with_docstring(with_imports(text, revision), revision["title"], revision["docstring"])
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(done)
    if hooks:
        write_hooks._run_hooks(script.path, hooks)
    if hooks or done != text:  # what will run is what stands there now
        script.module = load_python_file(str(path.parent), path.name)
    return str(path)


def _must_have(text: str, revision: Mapping[str, Any]) -> None:
    functions = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    for name in ("upgrade", "downgrade"):
        if name not in functions:
            raise TemplateError(f"script.py.mako has no function {name}()")
        lines = (line.strip() for line in revision[name].splitlines())
        first = next((line for line in lines if line and not line.startswith("#")), "")
        if first not in text:
            raise TemplateError(f"script.py.mako has no place for {name}s in {name}()")


def with_imports(text: str, revision: Mapping[str, Any]) -> str:
    """Return the text of a revision with the imports that its functions need and the template did not give."""
    body = f"{revision['upgrade']}\n{revision['downgrade']}"
    wanted = [line for name, line in _ALWAYS.items() if re.search(rf"(?<![\w.]){name}\.", body)]
    wanted += [line for line in revision["imports"].splitlines() if line.strip()]
    tree = ast.parse(text)
    bound = {name for node in tree.body for name in _names(node)}
    missing = [line for line in wanted if not set().union(*map(_names, ast.parse(line).body)) <= bound]
    if not missing:
        return text
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    at = imports[-1].end_lineno or 0 if imports else _after_docstring(tree, lines)
    added = [f"{line}{ending}" for line in missing]
    return "".join([*lines[:at], *([] if imports else [ending]), *added, *lines[at:]])


def _names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return set()


def _after_docstring(tree: ast.Module, lines: list[str]) -> int:
    if ast.get_docstring(tree) is not None:
        return tree.body[0].end_lineno or 0
    return _after_comments(lines)


def _after_comments(lines: list[str]) -> int:
    """Return how many lines the comments at the top take."""
    number = 0
    while number < len(lines) and lines[number].startswith("#"):
        number += 1
    return number


def with_docstring(text: str, title: str, details: str) -> str:
    """Return the text with details below the title of its docstring; a docstring is made where there is none."""
    if not details:
        return text
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    details = details.strip("\n")
    if ast.get_docstring(tree) is None:
        at = _after_comments(lines)
        made = f'"""{title}\n\n{_escaped(details)}\n"""\n\n'.replace("\n", ending)
        return "".join([*lines[:at], made, *lines[at:]])
    node = tree.body[0]
    start = _offset(lines, node.lineno, node.col_offset)
    end = _offset(lines, node.end_lineno or 0, node.end_col_offset or 0)
    literal = text[start:end]
    opening = _OPENING.match(literal)
    if opening is None:
        return text
    raw, quotes = opening["prefix"].lower() == "r", opening["quotes"]
    inner = literal[opening.end() : -len(quotes)]
    body = details.replace('"""', "'''") if raw else _escaped(details)
    if quotes != '"""':
        quotes, inner, body = '"""', inner.replace('"""', "'''"), body
    head, rest = _below_title(inner.replace("\r\n", "\n"), title)
    new = f"{opening['prefix']}{quotes}{head}\n\n{body}\n{rest}{quotes}".replace("\n", ending)
    return text[:start] + new + text[end:]


def _below_title(inner: str, title: str) -> tuple[str, str]:
    """Divide a docstring after the line of its title, or after its first line with anything in it."""
    lines = inner.split("\n")
    at = next((number for number, line in enumerate(lines) if line.strip() == title), None)
    if at is None:
        at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    rest = "\n".join(lines[at + 1 :])
    return "\n".join(lines[: at + 1]).rstrip(), rest


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _offset(lines: list[str], line: int, column: int) -> int:
    """Return the offset of a place that ``ast`` gives, whose columns count UTF-8 bytes."""
    before = sum(map(len, lines[: line - 1]))
    return before + len(lines[line - 1].encode()[:column].decode())
