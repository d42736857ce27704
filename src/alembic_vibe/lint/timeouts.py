"""The time-outs that env.py sets for its sessions: ``SET lock_timeout``, ``-c lock_timeout=…``, dictionaries, options.

Time-outs come to a session through SET, through libpq's ``options``, or as a start-up parameter (PostgreSQL manual,
20.1.3 and 34.1.2); env.py may take them from the configuration, or make its connection with code that lies elsewhere.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from alembic_vibe.lint.transaction import NONE_SET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.lint.bindings import Bindings

_CREATES_ENGINE = frozenset(
    {"create_engine", "engine_from_config", "create_async_engine", "async_engine_from_config", "AsyncEngine"}
)
_ASKS_OPTIONS = frozenset({"get_main_option", "get_section_option", "get_alembic_option"})
_VALUE = r"""\s*(?:=|\bTO\b|'?\s*,)?\s*['"]?(?P<value>-?\w[^\s'",;)&]*)?"""


class Timeouts:
    """Answers for one env.py and its configuration."""

    def __init__(self, tree: ast.Module, bindings: Bindings, options: Mapping[str, str]) -> None:
        """Take a parsed env.py and the options of the configuration's main section."""
        self._tree, self._bindings, self._options = tree, bindings, options
        self._above: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._above[child] = node
        calls = [node for node in self._above if isinstance(node, ast.Call)]
        self._creates = [call for call in calls if _called(call) in _CREATES_ENGINE]
        asking = (call.args[0] for call in calls if _called(call) in _ASKS_OPTIONS and call.args)
        self._asks_by_name = any(not isinstance(name, ast.Constant) for name in asking)

    def value(self, name: str) -> str | None:
        """Return what a time-out is set to, "" where it is certainly not set, ``None`` where that cannot be told."""
        found = list(self._evidence(name))
        known = [value for value in found if value is not None and value not in NONE_SET]
        if known:
            return known[0]
        if None in found or (not found and not self._sees_all_of_engine()):
            return None
        return ""

    def _evidence(self, name: str) -> Iterator[str | None]:
        """Yield what each mention says: a value, "" for none, ``None`` for one that cannot be told."""
        yield from self._in_url(name)
        docstrings = set(_docstrings(self._tree))
        for node in self._above:
            match node:
                case ast.Constant(value=str(text)) if _mentions(text, name) and node not in docstrings:
                    yield self._named(node, name) if text.lower() == name else self._in_text(node, text, name)
                case ast.keyword(arg=str(arg), value=value) if arg == name:
                    yield self._text(value)
                case ast.Attribute(attr=word) | ast.alias(name=word) if _mentions(word, name):
                    yield None

    def _in_url(self, name: str) -> Iterator[str | None]:
        """Look for the time-out in the URL of the configuration, if env.py makes its engine of it."""
        url = self._options.get("sqlalchemy.url", "")
        if _mentions(url, name) and any(_called(call).endswith("from_config") for call in self._creates):
            yield _set_to(url, name)

    def _named(self, node: ast.Constant, name: str) -> str | None:
        """Judge a text that is just the name: a key, an option, one of several names."""
        above = self._above.get(node)
        match above:
            case ast.Dict(keys=keys, values=values):
                return next((self._text(value) for key, value in zip(keys, values, strict=True) if key is node), None)
            case ast.Call():
                return self._asked(above, name)
            case ast.Subscript():
                return self._options.get(name)
            case ast.Tuple() | ast.List() | ast.Set():
                return self._options.get(name, "") if self._asks_by_name else None
        return None

    def _asked(self, call: ast.Call, name: str) -> str | None:
        """Judge a call that asks for the option by its name, or for a variable of the process's environment."""
        default = "" if len(call.args) < 2 else self._text(call.args[1])
        called = _called(call)
        if called in _ASKS_OPTIONS:
            return self._options.get(name, default)
        if called == "getenv" or "environ" in ast.dump(call.func):
            return default or None
        return self._options.get(name, default) if called == "get" else None

    def _in_text(self, node: ast.Constant, text: str, name: str) -> str | None:
        """Judge a text that holds more than the name: SQL, or libpq's options."""
        value = _set_to(text, name)
        above = self._above.get(node)
        if value is None and isinstance(above, ast.JoinedStr) and text.lower().rstrip(" '\"=").endswith(name):
            at = above.values.index(node) + 1
            following = above.values[at] if at < len(above.values) else None
            return self._text(following.value) if isinstance(following, ast.FormattedValue) else None
        return value

    def _text(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return the text or number that an expression is, ``None`` where that cannot be told."""
        if depth > 8:  # names that refer to each other
            return None
        match self._bindings.follow(node):
            case ast.Constant(value=None):
                return ""
            case ast.Constant(value=str() | int() as value):
                return str(value)
            case ast.Call(func=ast.Name(id="str" | "int" | "float"), args=[inner]):
                return self._text(inner, depth + 1)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) as call:
                return self._asked(call, name)
            case ast.BoolOp(op=ast.Or(), values=values):
                parts = [self._text(value, depth + 1) for value in values]
                return next((part for part in parts if part != ""), "")
            case ast.JoinedStr(values=values):
                parts = [self._text(v.value if isinstance(v, ast.FormattedValue) else v, depth + 1) for v in values]
                return None if None in parts else "".join(part or "" for part in parts)
        return None

    def _sees_all_of_engine(self) -> bool:
        """Whether env.py makes its engine itself, with nothing of the project's own code in its arguments."""
        own = {
            alias.asname or alias.name.split(".")[0]
            for node in self._above
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_library(node)
            for alias in node.names
        }
        for call in self._creates:
            for keyword in call.keywords:
                value = self._bindings.follow(keyword.value)
                names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
                if keyword.arg in (None, "connect_args", "creator", "pool") and names & own:
                    return False
        connects = (
            node.func.value.id
            for node in self._above
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.attr in ("connect", "begin")
        )
        return bool(self._creates) and own.isdisjoint(connects)


def _mentions(text: str, name: str) -> bool:
    """Whether a text speaks of a parameter (``deadlock_timeout`` is another one than ``lock_timeout``)."""
    return re.search(rf"(?:-c|(?<![a-z])){name}", text, re.IGNORECASE) is not None


def _set_to(text: str, name: str) -> str | None:
    """Return the value that SQL or libpq's options give to a parameter; ``None`` for a mention of another kind."""
    if re.search("%[0-9a-f]{2}", text, re.IGNORECASE):  # part of a URL
        from urllib.parse import unquote_plus

        text = unquote_plus(text)
    match = re.search(rf"(?:-c|\b){name}\b{_VALUE}", text, re.IGNORECASE)
    value = match["value"] if match is not None else None
    if value is None or not re.fullmatch(r"\d[\w.]*|default", value, re.IGNORECASE):
        return None
    return "" if value.lower() == "default" else value


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_library(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is of Python, SQLAlchemy or Alembic; a relative one is not."""
    import sys

    if isinstance(node, ast.ImportFrom):
        modules = ["" if node.level else node.module or ""]
    else:
        modules = [alias.name for alias in node.names]
    known = sys.stdlib_module_names | {"sqlalchemy", "alembic"}
    return all(module.split(".")[0] in known for module in modules)


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as value):
                yield value
