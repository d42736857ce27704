"""What only the source of a revision tells: read once with ``ast``, without Alembic and without running it.

Alembic imports each file and takes ``revision``, ``down_revision``, ``branch_labels`` and ``depends_on`` from the
module, each of the last three a text or a sequence of texts (``alembic.script.Script``).
"""

from __future__ import annotations

import ast
import inspect
import re
import warnings
from typing import TYPE_CHECKING

from alembic_vibe.lint.comments import comments
from alembic_vibe.lint.dynamic import dynamic
from alembic_vibe.lint.ignores import suppressions
from alembic_vibe.lint.model import START, Direction, Facts, Function, Gap, Place, Revision
from alembic_vibe.lint.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.lint.comments import Comment
    from alembic_vibe.source import Source

_NAMES = ("revision", "down_revision", "branch_labels", "depends_on")
_HEADER = re.compile(r"([A-Za-z][A-Za-z _-]*?)[ \t]*:(?:[ \t]+(.*))?")
_LEGACY = re.compile(r"[a-f0-9]+")  # a file without `revision` gets its name as id
_GUESS = r"^{name}[ \t]*(?::[^=\n]*)?=[ \t]*(\([^)]*\)|\[[^\]]*\]|[^\n]*)"
_STRING = re.compile(r"""["']([^"'\n]+)["']""")
_Def = ast.FunctionDef | ast.AsyncFunctionDef


def read_revision(path: Path, source: Source) -> Revision:
    """Read one revision file.

    A file that Python cannot parse gives a revision with ``facts.syntax_error``; its id and parents are guessed from
    the lines that look like them. An id or a parent that is computed is "" or missing, and ``is_placed`` False; so
    it is without ``down_revision``, which Alembic refuses.

    Args:
        path: The file; only its name is used.
        source: Its text, under the path that people see.
    """
    return _read(path, source)[0]


def find_revision(path: Path, source: Source) -> Revision | None:
    """Read a file that lies among revisions; ``None`` where it makes no ``revision``: a helper of the others."""
    revision, is_one = _read(path, source)
    return revision if is_one else None


def unreadable(path: Path, source: Source, error: Gap) -> Revision:
    """Return what can be guessed of a revision that cannot be parsed; ``error`` says why and where."""
    texts = {name: _guess(name, source.text) for name in _NAMES}
    ids = texts["revision"] or ()
    return Revision(
        id=ids[0] if ids else "",
        down=texts["down_revision"] or (),
        path=path,
        source=source,
        facts=Facts(syntax_error=error),
        depends_on=texts["depends_on"] or (),
        branch_labels=texts["branch_labels"] or (),
        id_place=error.place,
        down_place=error.place,
        depends_place=error.place,
        is_placed=bool(ids) and texts["down_revision"] is not None,
    )


def _read(path: Path, source: Source) -> tuple[Revision, bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are warned about, on the user's terminal
            tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return unreadable(path, source, syntax_error(error, source)), True

    places = Places(source.text)
    values = _assigned(tree.body)
    texts = {name: _texts(values.get(name), values) for name in _NAMES}
    ids = texts["revision"]
    legacy = "revision" not in values and _LEGACY.fullmatch(path.stem) and path.suffix == ".py"
    id_ = path.stem if legacy else ids[0] if ids and len(ids) == 1 else ""
    revision = Revision(
        id=id_,
        down=texts["down_revision"] or (),
        path=path,
        source=source,
        facts=_facts(source.text, tree, places),
        depends_on=texts["depends_on"] or (),
        branch_labels=_labels(values, texts["branch_labels"]),
        id_place=_value_place("revision", values, places),
        down_place=_value_place("down_revision", values, places),
        depends_place=_value_place("depends_on", values, places),
        is_placed=bool(id_) and "down_revision" in values and None not in (texts["down_revision"], texts["depends_on"]),
    )
    return revision, "revision" in values or bool(legacy)


def _facts(text: str, tree: ast.Module, places: Places) -> Facts:
    docstring = ast.get_docstring(tree) or ""
    notes = comments(text)
    definitions = {node.name: node for node in tree.body if isinstance(node, _Def)}
    values = _assigned(tree.body)
    functions = {}
    for direction in Direction:
        value = values.get(direction)
        node = definitions.get(value.id if isinstance(value, ast.Name) else direction)
        if node is not None:
            functions[direction] = _function(node, notes, places)
        elif value is not None:  # a lambda, an import, what a helper returns
            place = places.of(value)
            functions[direction] = Function(place, place.line, place.end_line)
    return Facts(
        docstring=docstring,
        header=_header(docstring),
        functions=functions,
        suppressions=suppressions(text, tree),
        dynamic=dynamic(text, tree, places),
        imports=tuple(dict.fromkeys(_imports(tree.body))),
    )


def syntax_error(error: Exception, source: Source) -> Gap:
    """Return why Python cannot parse a text, and where; Python may know only a part of the place."""
    if not isinstance(error, SyntaxError):
        at = source.position(max(0, source.text.find("\0")))
        if isinstance(error, ValueError):  # null bytes, up to Python 3.11
            return Gap(Place(*at, at.line, at.column + 1), str(error))
        return Gap(START, "nested too deeply for Python to parse")
    last = source.position(len(source.text)).line
    line = min(max(1, error.lineno or 1), last)
    column = max(1, error.offset or 1)
    end_line = min(max(line, error.end_lineno or line), last)
    end_column = error.end_offset or 0
    if end_line == line and end_column <= column:
        end_column = column + 1
    return Gap(Place(line, column, end_line, max(1, end_column)), error.msg)


# --- names of the module ----------------------------------------------------------------------------------------------


def _assigned(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """Return what the module's names are bound to at last; an imported name is bound to itself."""
    found: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        found[target.id] = value
                    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                        pairs = zip(target.elts, value.elts, strict=False)
                        found.update({name.id: one for name, one in pairs if isinstance(name, ast.Name)})
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                found[name] = value
            case ast.ImportFrom(names=names):
                for alias in names:
                    name = alias.asname or alias.name
                    found[name] = ast.copy_location(ast.Name(name, ast.Load()), alias)
            case ast.If(body=first, orelse=second):
                found.update(_assigned(first))
                found.update(_assigned(second))
            case ast.Try(body=first):
                found.update(_assigned(first))
    return found


def _value_place(name: str, values: Mapping[str, ast.expr], places: Places) -> Place:
    value = values.get(name)
    return START if value is None else places.of(value)


def _labels(values: Mapping[str, ast.expr], texts: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the branch labels; computed ones as the expression: all that matters is that they are there."""
    return (ast.unparse(values["branch_labels"]),) if texts is None else texts


def _texts(node: ast.expr | None, constants: Mapping[str, ast.expr], depth: int = 0) -> tuple[str, ...] | None:
    """Return the texts that a value holds; ``None`` where it is computed. A missing value and None hold none."""
    if depth > 8:  # names that refer to each other
        return None
    match node:
        case None | ast.Constant(value=None):
            return ()
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            parts = [_texts(element, constants, depth + 1) for element in elements]
            return None if None in parts else tuple(text for part in parts if part is not None for text in part)
        case ast.Name(id=name) if name in constants:
            return _texts(constants[name], constants, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = _texts(left, constants, depth + 1), _texts(right, constants, depth + 1)
            return (first[0] + second[0],) if first and second and len(first) == len(second) == 1 else None
    return None


def _guess(name: str, text: str) -> tuple[str, ...] | None:
    """Return the texts of a name, from a source that does not parse; ``None`` where it is not there."""
    match = re.search(_GUESS.format(name=name), text, re.MULTILINE)
    if match is None:
        return None
    value = match[1].strip()
    texts = tuple(_STRING.findall(value if value[:1] in ("(", "[") else value.split("#")[0]))
    return texts if texts or value.startswith(("None", "()", "[]")) else None


# --- the docstring and the functions ----------------------------------------------------------------------------------


def _header(docstring: str) -> dict[str, str]:
    """Return the ``Key: value`` lines of a docstring; indented lines and a repeated key add a line to its value."""
    found: dict[str, str] = {}
    key = ""
    for line in inspect.cleandoc(docstring).splitlines():
        match = _HEADER.fullmatch(line.rstrip())
        if match is not None:
            key = " ".join(match[1].lower().split())
            found[key] = f"{found.get(key, '')}\n{match[2] or ''}".strip()
        elif key and line[:1].isspace() and line.strip():
            found[key] = f"{found[key]}\n{line.strip()}".strip()
        else:
            key = ""
    return found


def _function(node: _Def, notes: Iterable[Comment], places: Places) -> Function:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    last = node.end_lineno or node.lineno
    docstring = ast.get_docstring(node)
    body = node.body[1:] if docstring is not None else node.body
    within = tuple(note.text.lstrip("#").strip() for note in notes if first <= note.line <= last)
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return Function(
        place=places.rest_of_line(node.lineno, node.col_offset),
        first_line=first,
        last_line=last,
        is_empty=all(_does_nothing(statement) for statement in body),
        raises=bool(body) and isinstance(body[0], ast.Raise),
        comments=((docstring,) if docstring else ()) + within,
        parameters=sum(argument is not None for argument in every),
    )


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
            return True
    return False


def _imports(body: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the modules that are imported; for ``from a import b`` both ``a`` and ``a.b``, which may be a module."""
    for statement in body:
        match statement:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = "." * level + (module or "")
                yield base
                joint = "" if base.endswith(".") else "."
                yield from (f"{base}{joint}{alias.name}" for alias in names if alias.name != "*")
            case _:
                for name in ("body", "orelse", "finalbody"):
                    yield from _imports(part for part in getattr(statement, name, ()) if isinstance(part, ast.stmt))
                for handler in getattr(statement, "handlers", ()):
                    yield from _imports(handler.body)
