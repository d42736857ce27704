"""What env.py and the configuration say of how revisions run: read from their texts, nothing is executed.

Alembic runs all revisions of one command in one transaction unless ``context.configure()`` is told
``transaction_per_migration=True`` (its documentation: Runtime Objects, ``EnvironmentContext.configure``).
"""

from __future__ import annotations

import ast
import configparser
import warnings
from typing import TYPE_CHECKING

from alembic_vibe.config import read_pyproject
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.lint.bindings import Bindings
from alembic_vibe.lint.chain import decode
from alembic_vibe.lint.facts import syntax_error
from alembic_vibe.lint.model import Environment
from alembic_vibe.lint.places import Places
from alembic_vibe.lint.timeouts import Timeouts
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.lint.bindings import Change
    from alembic_vibe.lint.model import Place

_PER_MIGRATION = "transaction_per_migration"
_UNKNOWN = ast.Name("", ast.Load())  # a value that depends on what happens
_CONFIGURES = frozenset({"connection", "url", "dialect_name", "target_metadata", _PER_MIGRATION})


def read_environment(project: Project) -> Environment:
    """Read the project's env.py, and what alembic.ini and pyproject.toml say that it uses.

    Without an env.py nothing can be told. One that cannot be read or parsed has ``syntax_error``.
    """
    path = project.script_location / "env.py"
    try:
        data = path.read_bytes()
    except OSError:
        return Environment()
    text, problem = decode(data)
    source = Source(project.shown(path), text)
    if problem is not None:
        return Environment(source, syntax_error=problem)
    return parse_environment(source, _options(project))


def parse_environment(source: Source, options: dict[str, str]) -> Environment:
    """Read the text of an env.py.

    Args:
        source: Its text.
        options: What the main section of the configuration holds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return Environment(source, syntax_error=syntax_error(error, source))
    bindings = Bindings(tree)
    per_migration, place = _transactions(tree, bindings, Places(source.text))
    timeouts = Timeouts(tree, bindings, options)
    return Environment(
        source=source,
        transaction_per_migration=per_migration,
        transaction_place=place,
        lock_timeout=timeouts.value("lock_timeout"),
        statement_timeout=timeouts.value("statement_timeout"),
    )


def _options(project: Project) -> dict[str, str]:
    """Return the options of the configuration as written; the ini has precedence, as in Alembic."""
    options: dict[str, str] = {}
    try:
        table = read_pyproject(project.pyproject, project.root)[1].get("tool", {}).get("alembic", {})
        options.update({key: value for key, value in table.items() if isinstance(value, str)})
    except (ConfigurationError, AttributeError):
        pass  # whoever needs these settings reports them
    options.update(_ini(project.ini, project.section) if project.ini is not None else {})
    return options


def _ini(path: Path, name: str) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except (configparser.Error, UnicodeDecodeError, OSError):
        return {}
    section = dict(parser.items(name)) if parser.has_section(name) else {}
    return {key: value.replace("%%", "%") for key, value in section.items()}


# --- transactions -----------------------------------------------------------------------------------------------------


def _transactions(tree: ast.Module, bindings: Bindings, places: Places) -> tuple[bool | None, Place | None]:
    """Return whether each revision commits by itself, and the call that decides it.

    Only calls with a connection matter: those with a URL or a dialect print SQL instead of running it. One call that
    leaves the option out decides for all.
    """
    undecided = False
    decided: Place | None = None
    for call in configure_calls(tree):
        given, complete = keywords_of(call, bindings)
        if "connection" not in given and not call.args:
            undecided = undecided or not complete
            continue
        value = given.get(_PER_MIGRATION)
        if value is None and _PER_MIGRATION not in given:
            answer = False if complete else None
        else:
            answer = _truth(value, bindings)
        if _truth(given.get("transactional_ddl"), bindings) is False:
            answer = None  # Alembic begins no transactions at all then
        if answer is False:
            return False, places.of(call)
        undecided = undecided or answer is None
        decided = decided or places.of(call)
    if undecided or decided is None:
        return None, None
    return True, decided


def configure_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls of ``context.configure()``, in order of the source."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name != "configure":
            continue
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        is_context = isinstance(base, ast.Name) and "context" in base.id.lower()
        if is_context or any(keyword.arg in _CONFIGURES for keyword in call.keywords):
            yield call


def keywords_of(call: ast.Call, bindings: Bindings) -> tuple[dict[str, ast.expr], bool]:
    """Return the keywords of a call, also those of ``**`` dictionaries, and whether these are all."""
    given: dict[str, ast.expr] = {}
    complete = True
    for keyword in call.keywords:
        if keyword.arg is not None:
            given[keyword.arg] = keyword.value
        else:
            complete = _merge(given, keyword.value, bindings) and complete
    return given, complete


def _merge(into: dict[str, ast.expr], node: ast.expr, bindings: Bindings) -> bool:
    """Add the entries of a dictionary that is written down; return whether these are all of it."""
    match node:
        case ast.Dict(keys=keys, values=values):
            complete = True
            for key, value in zip(keys, values, strict=True):
                if key is None:
                    complete = _merge(into, value, bindings) and complete
                elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                    into[key.value] = value
                else:
                    complete = False
            return complete
        case (
            ast.Call(func=ast.Name(id="dict"), args=arguments)
            | ast.Call(func=ast.Attribute(attr="copy", value=ast.Name()), args=arguments)
        ):
            copied = [node.func.value] if isinstance(node.func, ast.Attribute) else arguments
            complete = _merge_all(into, copied, bindings)
            given, known = keywords_of(node, bindings)
            into.update(given)
            return complete and known
        case ast.Name():
            bound = bindings.value(node)
            if bound is None or not _merge(into, bound, bindings):
                return False
            changes = [_change(into, change, bindings) for change in bindings.changes(node)]
            return all(changes)
    return False


def _merge_all(into: dict[str, ast.expr], nodes: Iterable[ast.expr], bindings: Bindings) -> bool:
    known = [_merge(into, node, bindings) for node in nodes]
    return all(known)


def _change(into: dict[str, ast.expr], change: Change, bindings: Bindings) -> bool:
    """Carry out a change of a dictionary; what is changed under a condition is not known any more."""
    match change.node:
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(key)))], value=value):
            added, complete = {key: value}, True
        case ast.Call(func=ast.Attribute(attr="update"), args=arguments) as call:
            added, complete = keywords_of(call, bindings)
            complete = _merge_all(added, arguments, bindings) and complete
        case _:
            return False
    into.update(dict.fromkeys(added, _UNKNOWN) if change.conditional else added)
    return complete


def _truth(node: ast.expr | None, bindings: Bindings) -> bool | None:
    """Return a constant's truth; ``None`` where it is computed."""
    value = bindings.follow(node) if node is not None else None
    return bool(value.value) if isinstance(value, ast.Constant) else None
