"""The source of an env.py, changed: arguments for the calls that are there, and one import.

Everything else stays byte for byte. Imports libcst, so it is imported late.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from alembic_vibe.adopt.calls import argument, with_argument
from alembic_vibe.adopt.guard import NAME, with_guard
from alembic_vibe.adopt.model import Style
from alembic_vibe.adopt.texts import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.adopt.model import Environment

PATTERN = "alembic_vibe.*"
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "1h"
_STOCK = "alembic.autogenerate.*"
_PLUGINS_BY_HAND = (
    f'where alembic-vibe is installed, add autogenerate_plugins=["{_STOCK}", "{PATTERN}"], to let autogenerate see more'
)
# Drivers that take no options of PostgreSQL's.
_OTHERS = {"aiosqlite", "pysqlite", "sqlite", "pymysql", "mysqlclient", "asyncmy", "aiomysql", "pyodbc", "oracledb"}
_DRIVERS = re.compile(rf"\b(psycopg2|psycopg|asyncpg|{'|'.join(sorted(_OTHERS))})(?=\b|_|-)")
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
        self._guarded = self._has_plugin = self._undecided = False
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
        online = _Online()
        module.visit(online)
        self._undecided = not self._environment.transaction_per_migration and any(map(_has_stars, online.calls))
        options = self._connect_options(text)
        calls = _Calls(self, options, online.calls)
        changed = module.visit(calls)
        if not calls.configured:
            elsewhere = "env.py does not call context.configure() itself"
            if not self._environment.transaction_per_migration:
                self._note(f"{elsewhere}: pass transaction_per_migration=True to it, where it is called")
            if not self._has_plugin:
                self._note(f"{elsewhere}: {_PLUGINS_BY_HAND}")
        if calls.connected:
            self._because(_WHY_TIMEOUTS)
        elif options is not None:
            where = "the engine has connect_args of its own" if calls.engines else "the engine is made elsewhere"
            self._note(f"{where}: give the one for migrations connect_args={options}")
        return (with_guard(changed) if self._guarded else changed).code

    def per_migration(self, call: cst.Call) -> cst.Call:
        """Let each revision commit by itself."""
        if argument(call, "transaction_per_migration") is not None or argument(call, "transactional_ddl") is not None:
            return call
        if self._environment.transaction_per_migration and _has_stars(call):
            return call  # it is among the **keywords
        if _has_stars(call):
            self._note("context.configure() takes its options from elsewhere: add transaction_per_migration=True there")
            return call
        if self._undecided:
            return call  # SQL that is printed has the transactions that are run
        self._because(_WHY_TRANSACTIONS)
        return with_argument(call, "transaction_per_migration", "True")

    def plugins(self, call: cst.Call) -> cst.Call:
        """Let autogenerate use the plugin while it is installed."""
        if self._has_plugin:
            return call
        found = argument(call, "autogenerate_plugins")
        if found is None:
            if _has_stars(call):
                self._note(f"context.configure() takes its options from elsewhere: {_PLUGINS_BY_HAND}")
                return call
            self._guarded = True
            self._because(_WHY_PLUGINS)
            return with_argument(call, "autogenerate_plugins", f'["{_STOCK}", *{NAME}]')
        if not isinstance(found.value, cst.List):
            self._note(f"autogenerate_plugins is computed: add {PATTERN!r} to it")
            return call
        self._guarded = True
        self._because(_WHY_PLUGINS)
        added = cst.StarredElement(cst.Name(NAME))
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
        if re.search(r"[?&]options=|PGOPTIONS", text + _contents(environment.ini)):
            self._note(f"the connection has options already: add -c lock_timeout={LOCK_TIMEOUT} to them")
            return None  # connect_args would take their place
        driver = self._driver(text)
        if driver == "asyncpg":
            pairs = ", ".join(f'"{name}": "{value}"' for name, value in wanted.items())
            return f'{{"server_settings": {{{pairs}}}}}'
        if driver:
            words = " ".join(f"-c {name}={value}" for name, value in wanted.items())
            return f'{{"options": "{words}"}}'
        self._note(
            'it cannot be told which driver env.py uses: give its engine connect_args={"options": "-c '
            f'lock_timeout={LOCK_TIMEOUT}"}} (psycopg) or {{"server_settings": …}} (asyncpg)'
        )
        return None

    def _driver(self, code: str) -> str:
        """Return the driver of the migrations; empty where that is in doubt: another one may not take the options.

        What env.py and the configuration name is nearer than what the project depends on.
        """
        files = [found for found in (self._environment.ini, self._environment.pyproject) if found is not None]
        ini, *_ = [*files, None]
        for texts in (
            [code, _contents(ini)],
            [_contents(path) for path in (*files, *(self._root / name for name in _DEPENDENCIES))],
        ):
            found = set(_DRIVERS.findall("\n".join(texts).lower()))
            if found & _OTHERS:
                return ""
            if self._environment.style is Style.ASYNC:
                found.discard("psycopg2")
            elif self._environment.style is Style.SYNC:
                found.discard("asyncpg")
            if found:
                return found.pop() if len(found) == 1 or "asyncpg" not in found else ""
        return ""

    def _because(self, why: str) -> None:
        if why not in self.why:
            self.why.append(why)

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


class _Online(cst.CSTVisitor):
    """Finds the calls of ``context.configure()`` that revisions run with: where none says so, all that may be."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[cst.Call] = []

    @property
    def calls(self) -> list[cst.Call]:
        """Return them."""
        return [call for call in self._found if _is_online(call)] or [call for call in self._found if _has_stars(call)]

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802 - libcst's name
        """Take note of a call."""
        if _last(node.func) == "configure" and _is_context(node):
            self._found.append(node)


class _Calls(cst.CSTTransformer):
    """Visits the calls that matter, and counts them."""

    def __init__(self, source: EnvSource, options: str | None, online: list[cst.Call]) -> None:
        super().__init__()
        self._source, self._options, self._online = source, options, online
        self.configured = self.connected = self.engines = 0

    def leave_Call(self, original: cst.Call, call: cst.Call) -> cst.Call:  # noqa: N802 - libcst's name
        """Add arguments to ``context.configure()`` and to what makes the engine."""
        name = _last(call.func)
        if name == "configure" and _is_context(call):
            self.configured += 1
            call = self._source.per_migration(call)
            return self._source.plugins(call) if any(original is one for one in self._online) else call
        if name not in _ENGINES:
            return call
        self.engines += 1
        if self._options is None or argument(call, "connect_args") is not None or _has_stars(call):
            return call
        self.connected += 1
        return with_argument(call, "connect_args", self._options)


def _last(node: cst.BaseExpression | None) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _is_context(call: cst.Call) -> bool:
    """Whether ``….configure(…)`` is that of Alembic's ``context``: not a mapper's, nor ``MigrationContext``'s.

    ``MigrationContext.configure()`` takes its options in ``opts``, and no others.
    """
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    name = _last(owner)
    if name[:1].isupper() or argument(call, "opts") is not None:
        return False
    known = any(argument(call, name) is not None for name in ("connection", "target_metadata", "url", "dialect_name"))
    return known or name.lower().endswith("context")


def _is_online(call: cst.Call) -> bool:
    """Whether a call has a connection, as opposed to a URL or a dialect, for which SQL is printed."""
    return argument(call, "connection") is not None or any(not arg.keyword and not arg.star for arg in call.args)


def _has_stars(call: cst.Call) -> bool:
    return any(arg.star for arg in call.args)


def _contents(path: Path | None) -> str:
    found = read_text(path) if path is not None and path.is_file() else None
    return found.text if found is not None else ""
