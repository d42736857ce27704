"""What an env.py says of one Alembic environment: read from its text, nothing is executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.adopt.configure import Value, read_calls
from alembic_vibe.adopt.flask import flask_databases
from alembic_vibe.adopt.model import Base, Place, Style
from alembic_vibe.adopt.modules import Found, Outside
from alembic_vibe.adopt.origins import Origins
from alembic_vibe.lint.environment import parse_environment
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alembic_vibe.adopt.modules import Module, Modules
    from alembic_vibe.adopt.origins import Origin
    from alembic_vibe.lint.model import Environment as LintEnvironment

# Packages that change what autogenerate does, or make models in their own way, by the name that is imported.
NEIGHBOURS = (
    "alembic_utils", "alembic_postgresql_enum", "alembic_pg_autogen", "alembic_dddl", "alembic_enums", "rlsalchemy",
    "flask_migrate", "geoalchemy2", "sqlmodel", "sqlalchemy_utils", "pgvector", "fastapi_users", "flask_sqlalchemy",
)  # fmt: skip
_ASYNC = {"create_async_engine", "async_engine_from_config", "AsyncEngine", "run_sync"}
_DRIVERS = ("postgresql", "postgres", "mysql", "mariadb", "sqlite", "oracle", "mssql", "snowflake", "bigquery")
_URL = re.compile(rf"\b({'|'.join(_DRIVERS)})(?:\+\w+)?://")
_FLASK = re.compile(r"extensions\[['\"]migrate['\"]\]")  # the env.py of Flask-Migrate asks the application
_NAMED = re.compile(rf"\b({'|'.join(_DRIVERS)})\b")


@dataclass(frozen=True)
class Reading:
    """What one env.py tells; ``notes``: what it does not tell, and why."""

    style: Style = Style.UNKNOWN
    version_table: str = "alembic_version"
    version_schema: str = ""
    transaction_per_migration: bool | None = None  # what happens decides it
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
    try:
        return _Reader(module, modules, text, shown, options).read()
    except RecursionError:
        return Reading(notes=(f"{shown} is nested too deeply to be read",))


class _Reader:
    """One env.py, and what is asked of it."""

    def __init__(self, module: Module, modules: Modules, text: str, shown: str, options: Mapping[str, str]) -> None:
        self._module, self._modules, self._shown = module, modules, shown
        self._text, self._options = text, options
        self._notes: list[str] = []
        self._calls = read_calls(module, modules)
        self._given = self._calls.given

    def read(self) -> Reading:
        origins = self._origins()
        reading = Reading(
            style=self._style(),
            version_table=self._text_of("version_table") or "alembic_version",
            version_schema=self._text_of("version_table_schema") or "",
            transaction_per_migration=self._transactions(),
            lock_timeout=any(self._lint(module).lock_timeout for module in self._modules_used()),
            statement_timeout=any(self._lint(module).statement_timeout for module in self._modules_used()),
            plugins=self._plugins(),
            bases=tuple(self._base(origin) for origin in origins),
            origins=origins,
            dialects=self._dialects(),
            neighbours=neighbours_in(self._text),
        )
        self._note_locations()
        if not self._calls.complete:
            self._notes.append(f"{self._shown}: some options of context.configure() are put together when it runs")
        return replace(reading, notes=tuple(self._notes))

    def _modules_used(self) -> list[Module]:
        return list(dict.fromkeys([self._module, *self._calls.modules]))

    def _lint(self, module: Module) -> LintEnvironment:
        text = self._text if module is self._module else module.path.read_text(encoding="utf-8", errors="replace")
        return parse_environment(Source(self._shown, text), dict(self._options))

    def _transactions(self) -> bool | None:
        """Return whether each revision commits by itself; one call that leaves it to what happens decides for all."""
        answers = [self._lint(module).transaction_per_migration for module in self._calls.modules]
        if not answers or None in answers:
            return None
        return all(answers)

    def _note_locations(self) -> None:
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr="version_locations")], lineno=line):
                    self._notes.append(f"{self._shown}:{line}: env.py sets the version locations itself")
                    return

    def _style(self) -> Style:
        """Return how env.py reaches the database; one that gets a connection from elsewhere uses it as it is."""
        names = {node.attr for node in ast.walk(self._module.tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(self._module.tree) if isinstance(node, ast.Name)}
        if names & _ASYNC:
            return Style.ASYNC
        return Style.SYNC if "connection" in self._given else Style.UNKNOWN

    def _text_of(self, keyword: str) -> str | None:
        """Return the text that an option of ``context.configure()`` has in every call that gives it."""
        values: set[str] = set()
        computed = False
        for given in self._given.get(keyword, []):
            value = self._constant(given)
            if value:
                values.add(value)
            elif value is None and not computed:
                computed = True
                self._notes.append(f"{self._shown}:{given.node.lineno}: {keyword} is computed")
        if len(values) > 1:
            self._notes.append(f"{self._shown}: {keyword} differs between the calls of context.configure()")
        return min(values) if values else None

    def _constant(self, value: Value) -> str | None:
        """Return a constant's text, "" for None; ``None`` where it is computed."""
        node = value.node
        if isinstance(node, ast.Constant):
            return str(node.value) if node.value is not None else ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.args[0]
            if node.func.attr in {"get_main_option", "get_section_option"} and isinstance(name, ast.Constant):
                default = node.args[1] if len(node.args) > 1 else ast.Constant("")
                return self._options.get(str(name.value)) or self._constant(Value(value.module, default))
        found = list(self._modules.resolve(value.module, node))
        if len(found) == 1 and isinstance(found[0], Found) and found[0].node is not node:
            inner = found[0].node
            return self._constant(Value(found[0].module, inner)) if isinstance(inner, ast.expr) else None
        return None

    def _plugins(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for given in self._given.get("autogenerate_plugins", []):
            for value in self._modules.resolve(given.module, given.node):
                for part in ast.walk(value.node) if isinstance(value, Found) else ():
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
        own = Value(self._module, ast.Name("target_metadata", ast.Load(), lineno=1, col_offset=0))
        expressions = self._given.get("target_metadata") or [own]
        origins = Origins(self._modules)
        found: dict[object, Origin] = {}
        for given in expressions:
            for origin in origins.of_metadata(given.module, given.node):
                found.setdefault(origin.key, origin)
        if not found and _FLASK.search(self._text):
            found = {origin.key: origin for origin in flask_databases(self._modules)}
        if not found:
            self._notes.append(self._why(expressions[0], own))
        for line, what in dict.fromkeys(part for given in expressions for part in origins.without(given)):
            self._notes.append(f"{self._shown}:{line}: `{what}` in target_metadata is no metadata that can be followed")
        return tuple(found.values())

    def _why(self, given: Value, own: Value) -> str:
        if given is own and "target_metadata" not in self._module.bound:
            return f"{self._shown}: no call of context.configure() has target_metadata"
        if self._constant(given) == "":
            return f"{self._shown}: target_metadata is None, so there are no models to compare"
        outside = {
            found.name for found in self._modules.resolve(given.module, given.node) if isinstance(found, Outside)
        }
        where = f": {', '.join(sorted(outside))} is not in the project" if outside else ""
        what = ast.unparse(given.node)
        return f"{self._shown}:{given.node.lineno}: what `{what}` stands for cannot be told without running it{where}"

    def _base(self, origin: Origin) -> Base:
        if origin.convention is None:
            origin = replace(origin, convention=self._convention_here())
        base = base_of(origin, self._modules, self._module.path)
        if origin.convention is not None and not base.naming_convention:
            self._notes.append(f"the naming convention of {base.module}.{base.name} is computed")
        return base

    def _convention_here(self) -> tuple[Module, ast.expr] | None:
        """Return what env.py itself sets: ``target_metadata.naming_convention = …``."""
        for node in ast.walk(self._module.tree):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr="naming_convention")], value=value):
                    return self._module, value
        return None


def neighbours_in(text: str) -> tuple[str, ...]:
    """Return the packages of ``NEIGHBOURS`` that a module imports."""
    return tuple(name for name in NEIGHBOURS if re.search(rf"^\s*(?:import|from)\s+{name}\b", text, re.MULTILINE))


def base_of(origin: Origin, modules: Modules, otherwise: Path) -> Base:
    """Return an origin as a base; ``otherwise`` is the place of one that another package makes."""
    made = origin.base
    place = Place(made.path, made.line) if made.path is not None else Place(otherwise)
    convention: dict[str, str] = {}
    for found in modules.resolve(*origin.convention) if origin.convention is not None else ():
        if isinstance(found, Found) and isinstance(found.node, ast.Dict):
            convention = dict(_texts(found.node))
    return Base(made.module, made.name, place, convention)


def _texts(node: ast.Dict) -> Iterator[tuple[str, str]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
            yield str(key.value), str(value.value)
