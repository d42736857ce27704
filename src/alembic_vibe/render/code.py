"""Python expressions as data, and the printer that lays them out the way ``ruff format`` would.

Generated modules are Mako templates; the expressions inside them (``sa.Column(...)``) are trees of these classes,
printed on one line where that fits and exploded, one argument a line with a trailing comma, where it does not.
Both forms are stable under ``ruff format`` and ``black``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent, indent

WIDTH = 88  # the default line length of ruff format and black: what a user's project most likely has


@dataclass(frozen=True, slots=True)
class Raw:
    """Python text that is used as it is: a name, a number, ``True``."""

    text: str


@dataclass(frozen=True, slots=True)
class Str:
    """A string literal on one line (line breaks are escaped)."""

    value: str


@dataclass(frozen=True, slots=True)
class Sql:
    """A SQL text as a string literal: on one line if it is one, else a dedented triple-quoted block."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call with positional and keyword arguments; ``explode`` forces one argument a line."""

    function: str
    args: tuple[Expr, ...] = ()
    kwargs: tuple[tuple[str, Expr], ...] = ()
    explode: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list (``[`` ``]``) or tuple (``(`` ``)``)."""

    items: tuple[Expr, ...]
    brackets: str = "[]"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict with string keys."""

    items: tuple[tuple[str, Expr], ...]


Expr = Raw | Str | Sql | Call | Sequence | Mapping


def quote(value: str) -> str:
    """Return ``value`` as a one-line Python string literal, in the quotes that ``ruff format`` would choose."""
    if "\\" not in value and value.isprintable():
        if '"' not in value:
            return f'"{value}"'
        if "'" not in value:
            return f"'{value}'"
    escaped = []
    for char in value:
        if char == "\\":
            escaped.append("\\\\")
        elif char == "\n":
            escaped.append("\\n")
        elif char == "\r":
            escaped.append("\\r")
        elif char == "\t":
            escaped.append("\\t")
        elif not char.isprintable():
            code = ord(char)
            escaped.append(
                f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
            )
        else:
            escaped.append(char)
    body = "".join(escaped)
    mark = "'" if body.count('"') > body.count("'") else '"'
    return mark + body.replace(mark, "\\" + mark) + mark


def quote_docstring(value: str) -> str:
    """Return ``value`` so that it can stand between the quotes of a docstring."""
    text = value.replace("\\", "\\\\").replace("\0", "\\x00")  # Python source holds no NUL
    return re.sub(r'"{3,}|"+\Z', lambda quotes: '\\"' * len(quotes.group()), text)


def _survives_dedent(value: str, prefix: str) -> bool:
    """Whether ``dedent`` of the indented block gives exactly ``value`` back."""
    return dedent("\n" + indent(value, prefix) + "\n" + prefix) == "\n" + value + "\n"


def _sql_block(value: str, column: int) -> str | None:
    """Lay a SQL text of several lines out as ``dedent`` of a triple-quoted block, or ``None`` where that loses."""
    if '"""' in value or "\r" in value or value.endswith("\\"):
        return None
    prefix = " " * (column + 4)
    if not _survives_dedent(value, prefix) or any(not (char.isprintable() or char in "\n\t") for char in value):
        return None
    raw = "r" if "\\" in value else ""
    return f'dedent({raw}"""\n{indent(value, prefix)}\n{" " * column}""")'


def needs_dedent(expr: Expr) -> bool:
    """Whether printing this expression uses ``textwrap.dedent`` (so that the module must import it)."""
    match expr:
        case Sql(value):
            return "\n" in value and _sql_block(value, 8) is not None
        case Call(_, args, kwargs):
            return any(map(needs_dedent, args)) or any(needs_dedent(value) for _, value in kwargs)
        case Sequence(items):
            return any(map(needs_dedent, items))
        case Mapping(items):
            return any(needs_dedent(value) for _, value in items)
    return False


def _flat(expr: Expr) -> str | None:
    """Return the expression on one line, or ``None`` if it can't be on one."""
    match expr:
        case Raw(text):
            return text
        case Str(value):
            return quote(value)
        case Sql(value):
            return None if "\n" in value else quote(value)
        case Call(function, args, kwargs, explode):
            if explode and (args or kwargs):
                return None
            parts = [_flat(arg) for arg in args]
            parts.extend(None if (flat := _flat(value)) is None else f"{name}={flat}" for name, value in kwargs)
            return None if None in parts else f"{function}({', '.join(p for p in parts if p is not None)})"
        case Sequence(items, brackets):
            flat_items = [_flat(item) for item in items]
            if None in flat_items:
                return None
            body = ", ".join(item for item in flat_items if item is not None)
            return f"{brackets[0]}{body}{',' if brackets == '()' and len(items) == 1 else ''}{brackets[1]}"
        case Mapping(pairs):
            flat_pairs = [(quote(name), _flat(value)) for name, value in pairs]
            if any(value is None for _, value in flat_pairs):
                return None
            return "{" + ", ".join(f"{name}: {value}" for name, value in flat_pairs) + "}"


def layout(expr: Expr, column: int = 0, before: int = 0, after: int = 0, width: int = WIDTH) -> str:
    """Print an expression.

    Args:
        expr: What to print.
        column: Indentation, in spaces, of the line that the expression starts on.
        before: Characters on that line between the indentation and the expression.
        after: Characters that follow the expression on its last line (such as a comma).
        width: The line length to keep, where the expression allows it.

    Returns:
        The text; its first line has no indentation, later lines carry theirs.
    """
    flat = _flat(expr)
    if flat is not None and column + before + len(flat) + after <= width:
        return flat
    inner = column + 4
    pad = " " * inner

    def item(value: Expr, name: str = "") -> str:
        return pad + name + layout(value, inner, len(name), 1, width) + ","

    match expr:
        case Sql(value):
            if "\n" not in value:
                return quote(value)
            block = _sql_block(value, column)
            if block is not None:
                return block
            lines = value.split("\n")
            pieces = [quote(line + "\n") for line in lines[:-1]] + [quote(lines[-1])]
            return "(\n" + "\n".join(pad + piece for piece in pieces) + "\n" + " " * column + ")"
        case Call(function, args, kwargs) if args or kwargs:
            if len(args) == 1 and not kwargs and isinstance(args[0], Sql) and "\n" in args[0].value:
                only = layout(args[0], inner, 0, 0, width)
                if only.startswith("("):  # adjacent literals need no parentheses of their own inside a call
                    return f"{function}{layout(args[0], column, 0, 0, width)}"
                return f"{function}(\n{pad}{only}\n{' ' * column})"
            lines = [item(arg) for arg in args] + [item(value, f"{name}=") for name, value in kwargs]
            return f"{function}(\n" + "\n".join(lines) + f"\n{' ' * column})"
        case Sequence(items, brackets) if items:
            lines = [item(value) for value in items]
            return brackets[0] + "\n" + "\n".join(lines) + "\n" + " " * column + brackets[1]
        case Mapping(pairs) if pairs:
            lines = [item(value, f"{quote(name)}: ") for name, value in pairs]
            return "{\n" + "\n".join(lines) + "\n" + " " * column + "}"
    return flat if flat is not None else ""
