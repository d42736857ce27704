"""The source of an env.py, changed: arguments for the calls that are there, and one import.

Everything else stays byte for byte. Imports libcst, so it is imported late.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from alembic_vibe.adopt.calls import argument, with_argument
from alembic_vibe.adopt.model import Style
from alembic_vibe.adopt.texts import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.adopt.model import Environment

PATTERN = "alembic_vibe.*"
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "1h"
_STOCK = "alembic.autogenerate.*"
_ADDED = "VIBE_PLUGINS"
# A pattern that no plugin has would be an error, so it is there only while the plugin is installed.
_GUARDED = """
# alembic-vibe sees what Alembic's autogenerate does not; where it is not installed, Alembic compares as always.
VIBE_PLUGINS = []
if any(point.name.startswith("alembic_vibe.") for point in entry_points(group="alembic.plugins")):
    VIBE_PLUGINS.append("alembic_vibe.*")
"""
_ENGINES = {"create_engine", "engine_from_config", "create_async_engine", "async_engine_from_config"}
_DEPENDENCIES = ("pyproject.toml", "requirements.txt", "requirements/base.txt", "setup.cfg", "Pipfile", "setup.py")

_WHY_TRANSACTIONS = (
    "each revision commits by itself: one that fails does not take back those before it, and no lock is held until the "
    "last one has run"
)
_WHY_TIMEOUTS = (
    f"time-outs for migrations: after {LOCK_TIMEOUT} without a lock a statement gives up, instead of making every "
    "later query wait behind it"
)
_WHY_PLUGINS = "autogenerate and `alembic check` see what Alembic misses, as long as alembic-vibe is installed"


class EnvSource:
    """The changes of one env.py: ``why`` has the reasons for them, ``notes`` what is left to the user."""

    def __init__(self, environment: Environment, root: Path) -> None:
        """Take what is known of the environment, and the project's folder."""
        self._environment, self._root = environment, root
        self._guarded = self._has_plugin = False
        self.why: list[str] = []
        self.notes: list[str] = []

    def change(self, text: str) -> str:
        """Return the text with the changes; the same where there is nothing to do, or nothing that can be done."""
        try:
            module = cst.parse_module(text)
        except cst.ParserSyntaxError as error:
            self.notes.append(f"env.py:{error.raw_line} is no Python that can be read: {error.message}")
            return text
        self._has_plugin = PATTERN in self._environment.plugins or "alembic_vibe" in text
        options = self._connect_options(text)
        calls = _Calls(self, options)
        changed = module.visit(calls)
        if not calls.configured:
            self._note("env.py does not call context.configure() itself: pass transaction_per_migration=True to it")
        if calls.connected:
            self._because(_WHY_TIMEOUTS)
        elif options is not None:
            where = "the engine has connect_args of its own" if calls.engines else "the engine is made elsewhere"
            self._note(f"{where}: give the one for migrations connect_args={options}")
        return (_with_import(changed) if self._guarded else changed).code

    def per_migration(self, call: cst.Call) -> cst.Call:
        """Let each revision commit by itself."""
        if argument(call, "transaction_per_migration") is not None or argument(call, "transactional_ddl") is not None:
            return call
        if self._environment.transaction_per_migration and _has_stars(call):
            return call  # it is among the **keywords
        if _has_stars(call):
            self._note("context.configure() takes its options from elsewhere: add transaction_per_migration=True there")
            return call
        self._because(_WHY_TRANSACTIONS)
        return with_argument(call, "transaction_per_migration", "True")

    def plugins(self, call: cst.Call) -> cst.Call:
        """Let autogenerate use the plugin while it is installed."""
        if self._has_plugin:
            return call
        found = argument(call, "autogenerate_plugins")
        if found is None:
            if _has_stars(call):
                return call
            self._guarded = True
            self._because(_WHY_PLUGINS)
            return with_argument(call, "autogenerate_plugins", f'["{_STOCK}", *{_ADDED}]')
        if not isinstance(found.value, cst.List):
            self._note(f"autogenerate_plugins is computed: add {PATTERN!r} to it")
            return call
        self._guarded = True
        self._because(_WHY_PLUGINS)
        added = cst.StarredElement(cst.Name(_ADDED))
        value = found.value.with_changes(elements=[*found.value.elements, added])
        return call.with_deep_changes(found, value=value)

    def _connect_options(self, text: str) -> str | None:
        """Return the connection's options as the driver wants them; ``None`` where there is nothing to do."""
        environment = self._environment
        if environment.lock_timeout and environment.statement_timeout:
            return None
        others = [name for name in environment.dialects if name != "postgresql"]
        if others:
            self._note(f"env.py also knows {', '.join(others)}, so no time-outs of PostgreSQL's are set for it")
            return None
        wanted = {
            name: value
            for name, value, there in (
                ("lock_timeout", LOCK_TIMEOUT, environment.lock_timeout),
                ("statement_timeout", STATEMENT_TIMEOUT, environment.statement_timeout),
            )
            if not there
        }
        drivers = self._drivers(text)
        if "asyncpg" in drivers and (environment.style is Style.ASYNC or len(drivers) == 1):
            pairs = ", ".join(f'"{name}": "{value}"' for name, value in wanted.items())
            return f'{{"server_settings": {{{pairs}}}}}'
        if drivers - {"asyncpg"}:
            words = " ".join(f"-c {name}={value}" for name, value in wanted.items())
            return f'{{"options": "{words}"}}'
        self._note(
            'it cannot be told which driver env.py uses: give its engine connect_args={"options": "-c '
            f'lock_timeout={LOCK_TIMEOUT}"}} (psycopg) or {{"server_settings": …}} (asyncpg)'
        )
        return None

    def _drivers(self, code: str) -> set[str]:
        """Return the drivers that the project names: in env.py, the configuration, or what it depends on."""
        texts = [code]
        names = [found for found in (self._environment.ini, self._environment.pyproject) if found is not None]
        for path in [*names, *(self._root / name for name in _DEPENDENCIES)]:
            found = read_text(path) if path.is_file() else None
            texts.append(found.text if found is not None else "")
        return set(re.findall(r"\b(psycopg2|psycopg|asyncpg)(?=\b|_|-)", "\n".join(texts).lower()))

    def _because(self, why: str) -> None:
        if why not in self.why:
            self.why.append(why)

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


class _Calls(cst.CSTTransformer):
    """Visits the calls that matter, and counts them."""

    def __init__(self, source: EnvSource, options: str | None) -> None:
        super().__init__()
        self._source, self._options = source, options
        self.configured = self.connected = self.engines = 0

    def leave_Call(self, _original: cst.Call, call: cst.Call) -> cst.Call:  # noqa: N802 - libcst's name
        """Add arguments to ``context.configure()`` and to what makes the engine."""
        name = _name(call)
        if name == "configure" and _is_context(call):
            self.configured += 1
            call = self._source.per_migration(call)
            return self._source.plugins(call) if argument(call, "connection") is not None else call
        if name not in _ENGINES:
            return call
        self.engines += 1
        if self._options is None or argument(call, "connect_args") is not None or _has_stars(call):
            return call
        self.connected += 1
        return with_argument(call, "connect_args", self._options)


def _name(call: cst.Call) -> str:
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


def _is_context(call: cst.Call) -> bool:
    """Whether ``….configure(…)`` is Alembic's, as opposed to that of a mapper or a logger."""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    named = isinstance(owner, cst.Name) and "context" in owner.value.lower()
    return named or any(argument(call, name) is not None for name in ("connection", "target_metadata", "url"))


def _has_stars(call: cst.Call) -> bool:
    return any(arg.star for arg in call.args)


def _with_import(module: cst.Module) -> cst.Module:
    """Import ``entry_points`` before the first import, and say behind the first imports which plugins there are."""
    first = next((number for number, item in enumerate(module.body) if _imports(item)), None)
    new = cst.parse_module("from importlib.metadata import entry_points\n").body
    guarded = cst.parse_module(_GUARDED.lstrip("\n")).body
    guarded = [guarded[0].with_changes(leading_lines=[cst.EmptyLine(), *_comment(_GUARDED)]), *guarded[1:]]
    if first is None:
        return module.with_changes(body=[*new, *guarded, *module.body])
    last = first
    while last + 1 < len(module.body) and _imports(module.body[last + 1]):
        last += 1
    opening = module.body[first]
    assert isinstance(opening, cst.SimpleStatementLine)
    # What stands above the first import (comments, empty lines) stays above.
    body = [
        *module.body[:first],
        new[0].with_changes(leading_lines=opening.leading_lines),
        opening.with_changes(leading_lines=[]),
        *module.body[first + 1 : last + 1],
        *guarded,
        *module.body[last + 1 :],
    ]
    return module.with_changes(body=body)


def _comment(text: str) -> list[cst.EmptyLine]:
    lines = [line for line in text.splitlines() if line.startswith("#")]
    return [cst.EmptyLine(comment=cst.Comment(line)) for line in lines]


def _imports(item: cst.CSTNode) -> bool:
    """Whether a statement imports, and not from ``__future__``."""
    if not isinstance(item, cst.SimpleStatementLine):
        return False
    first = item.body[0]
    return isinstance(first, (cst.Import, cst.ImportFrom)) and not _is_future(first)


def _is_future(node: cst.Import | cst.ImportFrom) -> bool:
    return isinstance(node, cst.ImportFrom) and isinstance(node.module, cst.Name) and node.module.value == "__future__"
