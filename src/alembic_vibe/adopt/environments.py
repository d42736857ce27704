"""What an env.py says of one Alembic environment: read from its text, nothing is executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.adopt.model import Base, Place, Style
from alembic_vibe.adopt.modules import Found, Outside, inner_module
from alembic_vibe.adopt.origins import Origins
from alembic_vibe.lint.bindings import Bindings
from alembic_vibe.lint.environment import configure_calls, keywords_of, parse_environment
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alembic_vibe.adopt.modules import Module, Modules
    from alembic_vibe.adopt.origins import Origin

# Packages that change what autogenerate does, or make models in their own way, by the name that is imported.
NEIGHBOURS = (
    "alembic_utils", "alembic_postgresql_enum", "alembic_pg_autogen", "alembic_dddl", "alembic_enums", "rlsalchemy",
    "flask_migrate", "geoalchemy2", "sqlmodel", "sqlalchemy_utils", "pgvector", "fastapi_users", "flask_sqlalchemy",
)  # fmt: skip
_ASYNC = {"create_async_engine", "async_engine_from_config", "AsyncEngine", "run_sync"}
_SYNC = {"create_engine", "engine_from_config", "connectable", "get_engine", "connect"}
_DRIVERS = ("postgresql", "postgres", "mysql", "mariadb", "sqlite", "oracle", "mssql", "snowflake", "bigquery")
_URL = re.compile(rf"\b({'|'.join(_DRIVERS)})(?:\+\w+)?://")
_NAMED = re.compile(rf"\b({'|'.join(_DRIVERS)})\b")


@dataclass(frozen=True)
class Reading:
    """What one env.py tells; ``notes``: what it does not tell, and why."""

    style: Style = Style.UNKNOWN
    version_table: str = "alembic_version"
    version_schema: str = ""
    transaction_per_migration: bool = False
    lock_timeout: bool = False
    statement_timeout: bool = False
    plugins: tuple[str, ...] = ()
    bases: tuple[Base, ...] = ()
    origins: tuple[Origin, ...] = ()
    dialects: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_env(path: Path, shown: str, modules: Modules, options: Mapping[str, str]) -> Reading:
    """Read an env.py.

    Args:
        path: The file.
        shown: Its path as people read it.
        modules: The modules of the project, which it imports its models from.
        options: The options of its section of the configuration.
    """
    module = modules.at(path)
    if module is None:
        return Reading(notes=(f"{shown} cannot be read as Python",))
    text = path.read_text(encoding="utf-8", errors="replace")
    return _Reader(module, modules, text, shown, options).read()


class _Reader:
    """One env.py, and what is asked of it."""

    def __init__(self, module: Module, modules: Modules, text: str, shown: str, options: Mapping[str, str]) -> None:
        self._module, self._modules, self._shown = module, modules, shown
        self._text, self._options = text, options
        self._bindings = Bindings(module.tree)
        self._notes: list[str] = []
        self._given: dict[str, list[ast.expr]] = {}
        for call in configure_calls(module.tree):
            for name, value in keywords_of(call, self._bindings)[0].items():
                self._given.setdefault(name, []).append(value)

    def read(self) -> Reading:
        lint = parse_environment(Source(self._shown, self._text), dict(self._options))
        origins = self._origins()
        return Reading(
            style=self._style(),
            version_table=self._text_of("version_table") or "alembic_version",
            version_schema=self._text_of("version_table_schema") or "",
            transaction_per_migration=bool(lint.transaction_per_migration),
            lock_timeout=bool(lint.lock_timeout),
            statement_timeout=bool(lint.statement_timeout),
            plugins=self._plugins(),
            bases=tuple(self._base(origin) for origin in origins),
            origins=origins,
            dialects=self._dialects(),
            neighbours=tuple(name for name in NEIGHBOURS if re.search(rf"\b(?:import|from)\s+{name}\b", self._text)),
            notes=tuple(self._notes),
        )

    def _style(self) -> Style:
        names = {node.attr for node in ast.walk(self._module.tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(self._module.tree) if isinstance(node, ast.Name)}
        names |= {
            alias.name
            for node in ast.walk(self._module.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if names & _ASYNC:
            return Style.ASYNC
        return Style.SYNC if names & _SYNC else Style.UNKNOWN

    def _text_of(self, keyword: str) -> str | None:
        """Return the text that an option of ``context.configure()`` has in every call that gives it."""
        values: set[str] = set()
        computed = False
        for node in self._given.get(keyword, []):
            value = self._constant(node)
            if value:
                values.add(value)
            elif value is None and not computed:
                computed = True
                self._notes.append(f"{self._shown}:{node.lineno}: {keyword} is computed")
        if len(values) > 1:
            self._notes.append(f"{self._shown}: {keyword} differs between the calls of context.configure()")
        return min(values) if values else None

    def _constant(self, node: ast.expr) -> str | None:
        """Return a constant's text, "" for None; ``None`` where it is computed."""
        node = self._bindings.follow(node)
        if isinstance(node, ast.Constant):
            return str(node.value) if node.value is not None else ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.args[0]
            if node.func.attr in {"get_main_option", "get_section_option"} and isinstance(name, ast.Constant):
                default = node.args[1] if len(node.args) > 1 else ast.Constant("")
                return self._options.get(str(name.value)) or self._constant(default)
        for found in self._modules.resolve(self._module, node):
            if isinstance(found, Found) and isinstance(found.node, ast.Constant):
                return str(found.node.value) if found.node.value is not None else ""
        return None

    def _plugins(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for node in self._given.get("autogenerate_plugins", []):
            for part in ast.walk(self._bindings.follow(node)):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
                    found[part.value] = None
        return tuple(found)

    def _dialects(self) -> tuple[str, ...]:
        url = self._options.get("sqlalchemy.url", "")
        named = dict.fromkeys(_URL.findall(f"{url}\n{self._text}"))
        if not named:
            for node in ast.walk(self._module.tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
                    named.update(dict.fromkeys(_NAMED.findall(node.value)))
        return tuple(dict.fromkeys("postgresql" if name == "postgres" else name for name in named))

    # -- metadata ---------------------------------------------------------------------------------------------------

    def _origins(self) -> tuple[Origin, ...]:
        expressions = self._given.get("target_metadata") or [ast.Name("target_metadata", ast.Load())]
        origins = Origins(self._modules)
        found: dict[object, Origin] = {}
        for node in expressions:
            for module, value in self._values(node):
                for origin in origins.of_metadata(module, value):
                    found.setdefault(origin.key, origin)
        if not found:
            self._notes.append(self._why(expressions))
        return tuple(found.values())

    def _values(self, node: ast.expr) -> Iterator[tuple[Module, ast.expr]]:
        """Yield an expression as the module and as the function around it see it."""
        followed = self._bindings.follow(node)
        yield self._module, followed
        for function in ast.walk(self._module.tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
                child is node for child in ast.walk(function)
            ):
                yield inner_module(self._module, function), followed

    def _why(self, expressions: list[ast.expr]) -> str:
        if not hasattr(expressions[0], "lineno") and "target_metadata" not in self._module.bound:
            return f"{self._shown}: no call of context.configure() has target_metadata"
        if all(self._constant(node) == "" for node in expressions):
            return f"{self._shown}: target_metadata is None, so there are no models to compare"
        line = getattr(expressions[0], "lineno", 1)
        what = ast.unparse(expressions[0])
        outside = {
            found.name
            for module, value in self._values(expressions[0])
            for found in self._modules.resolve(module, value)
            if isinstance(found, Outside)
        }
        where = f": {', '.join(sorted(outside))} is not in the project" if outside else ""
        return f"{self._shown}:{line}: what `{what}` stands for cannot be told without running it{where}"

    def _base(self, origin: Origin) -> Base:
        base = base_of(origin, self._modules, self._module.path)
        if origin.convention is not None and not base.naming_convention:
            self._notes.append(f"the naming convention of {origin.module}.{origin.name} is computed")
        return base


def base_of(origin: Origin, modules: Modules, otherwise: Path | None = None) -> Base:
    """Return an origin as a base: ``otherwise`` is the place of one that another package makes."""
    path = origin.path or otherwise
    assert path is not None
    place = Place(path, origin.line if origin.path is not None else 0)
    convention: dict[str, str] = {}
    for found in modules.resolve(*origin.convention) if origin.convention is not None else ():
        if isinstance(found, Found) and isinstance(found.node, ast.Dict):
            convention = dict(_texts(found.node))
    return Base(origin.module, origin.name, place, convention)


def _texts(node: ast.Dict) -> Iterator[tuple[str, str]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
            yield str(key.value), str(value.value)
