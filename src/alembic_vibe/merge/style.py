"""How the project's files are written: quotes, line length, Optional, bare types, Base, naming convention."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.merge.names import Names
from alembic_vibe.merge.scan import dotted, keyword, last_name, string_value
from alembic_vibe.render.code import Call, Expr, Mapping, Raw, Sequence, Sql, Str, layout, quote

if TYPE_CHECKING:
    from alembic_vibe.merge.find import FoundModels
    from alembic_vibe.merge.scan import Scan
    from alembic_vibe.merge.source import ModelFile

_ANY = 10**6
_BARE = re.compile(
    r"\((?:\s*['\"][^'\"]*['\"]\s*,)?\s*(?:\w+\.)?(?:Integer|String|Text|Boolean|DateTime|BigInteger)\s*[,)]"
)
_CALLED = re.compile(r"\b(?:Integer|Text|Boolean|BigInteger|Date)\(\)")


@dataclass(frozen=True, slots=True)
class Written(Raw):
    """Code in the file's own words already, and the names that it imports: (module, name)."""

    imports: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False)
class Writer:
    """Writes expressions the way a file does."""

    file: ModelFile
    names: Names
    width: int
    generated: bool  # one of ours, that a person has edited since
    mapped: bool  # annotations and mapped_column, as opposed to Column
    bare: bool  # ``Integer``, not ``Integer()``

    def string(self, value: str) -> str:
        """Return a literal in the file's quotes."""
        text = quote(value)
        if self.file.quote == "'" and text.startswith('"') and "'" not in value and "\\" not in text:
            return f"'{value}'"
        return text

    def expr(self, expr: Expr) -> Expr:
        """Return an expression with the names and quotes of the file."""
        match expr:
            case Written(imports=imports):
                for module, name in imports:
                    self.names.use(module, name)
                return expr
            case Raw(text):
                return Raw(self.names.spell(text))
            case Str(value):
                return Raw(self.string(value))
            case Sql(value) if "\n" not in value or not self.generated:
                return Raw(self.string(value))
            case Call(function, args, kwargs, explode):
                inner = tuple(self.expr(arg) for arg in args)
                keywords = tuple((name, self.expr(value)) for name, value in kwargs)
                return Call(self.names.spell(function), inner, keywords, explode)
            case Sequence(items, brackets):
                return Sequence(tuple(self.expr(item) for item in items), brackets)
            case Mapping(items) if self.file.quote == "'":
                pairs = tuple((f"{self.string(name)}: ", self.expr(value)) for name, value in items)
                return Raw("{" + ", ".join(f"{name}{layout(value, width=_ANY)}" for name, value in pairs) + "}")
            case Mapping(items):
                return Mapping(tuple((name, self.expr(value)) for name, value in items))
        return expr

    def type(self, expr: Expr) -> Expr:
        """Return a type: without parentheses where the file leaves empty ones away."""
        written = self.expr(expr)
        if isinstance(written, Call) and not written.args and not written.kwargs and self.bare:
            return Raw(written.function)
        return written

    def flat(self, expr: Expr) -> str:
        """Return a written expression on one line."""
        return layout(_closed(expr), width=_ANY)

    def text(self, expr: Expr, pad: str, before: int = 0, after: int = 0) -> str:
        """Return a written expression that starts behind ``pad`` and ``before`` more characters."""
        unit = self.file.unit
        depth = len(pad) // max(1, len(unit)) if pad else 0
        text = layout(expr, depth * 4, before, after, self.width + depth * (4 - len(unit.expandtabs(4))))
        if unit == "    ":
            return text
        lines = text.split("\n")
        return "\n".join([lines[0], *(_reindent(line, unit) for line in lines[1:])])


def _reindent(line: str, unit: str) -> str:
    stripped = line.lstrip(" ")
    steps, rest = divmod(len(line) - len(stripped), 4)
    return unit * steps + " " * rest + stripped


def _closed(expr: Expr) -> Expr:
    """Return an expression that may be on one line."""
    match expr:
        case Call(_, args, kwargs):
            keywords = tuple((name, _closed(value)) for name, value in kwargs)
            return replace(expr, args=tuple(map(_closed, args)), kwargs=keywords, explode=False)
        case Sequence(items, brackets):
            return Sequence(tuple(map(_closed, items)), brackets)
    return expr


def make_writer(models: FoundModels, file: ModelFile, width: int, *, generated: bool) -> Writer:
    """Return the writer of a file."""
    scan = models.scan_of(file)
    shared = _shared(scan)
    text = file.text
    columns = len(re.findall(r"\bColumn\(", text))
    mapped = len(re.findall(r"\bmapped_column\(|: Mapped\[", text))
    if not columns and not mapped:
        others = "".join(other.text for other in models.own)
        columns, mapped = len(re.findall(r"\bColumn\(", others)), len(re.findall(r": Mapped\[", others))
    bare = len(_BARE.findall(text)) > len(_CALLED.findall(text))
    return Writer(file, Names(scan, shared), _width(file, width), generated, mapped >= columns, bare and not generated)


def _width(file: ModelFile, width: int) -> int:
    if width:
        return width
    longest = max((len(line) for line in file.text.splitlines()), default=0)
    return min(max(longest, 88), 120)


def _shared(scan: Scan) -> str:
    """Return ``db`` where the file writes ``db.Column``, and ``db`` is no module of SQLAlchemy."""
    found = re.findall(r"\b(\w+)\.(?:Column|mapped_column|relationship)\(", scan.file.text)
    for name in dict.fromkeys(found):
        imported = scan.imports.get(name)
        if imported is None or not imported.module.startswith("sqlalchemy"):
            return str(name)
    return ""


def line_length(pyproject: str | None) -> int:
    """Return the line length that ``pyproject.toml`` sets for ruff or black, 0 where it sets none."""
    import tomllib

    try:
        tools = tomllib.loads(pyproject or "").get("tool", {})
    except tomllib.TOMLDecodeError:
        return 0
    for tool in ("ruff", "black"):
        value = tools.get(tool, {}).get("line-length") if isinstance(tools.get(tool), dict) else None
        if isinstance(value, int):
            return value
    return 0


def conventions(models: FoundModels) -> dict[str, str]:
    """Return the naming convention of the metadata, as far as it stands in the files; empty where there is none."""
    import libcst as cst

    for here in list(models.scans.values()):
        if "naming_convention" not in here.file.text:
            continue
        candidates = list(here.values.values())
        candidates += [m.value for cls in here.classes.values() for m in cls.members.values() if m.value is not None]
        for value in candidates:
            call = value
            if isinstance(call, cst.Call) and last_name(call.func) != "MetaData" and keyword(call, "metadata"):
                call = keyword(call, "metadata").value  # type: ignore[union-attr]
            given = keyword(call, "naming_convention") if isinstance(call, cst.Call) else None
            if given is None:
                continue
            found: cst.BaseExpression | None = given.value
            if isinstance(found, cst.Name | cst.Attribute):
                place = models.resolve(here, dotted(found))
                found = place[0].values.get(place[1]) if place is not None else None
            if isinstance(found, cst.Dict):
                return {
                    str(string_value(element.key)): str(string_value(element.value))
                    for element in found.elements
                    if isinstance(element, cst.DictElement)
                    and string_value(element.key)
                    and string_value(element.value)
                }
    return {}


def conventional(
    kind: str, convention: dict[str, str], table: str, schema: str, columns: tuple[str, ...], to: str
) -> str:
    """Return the name that SQLAlchemy gives a constraint or index by itself.

    Empty where it leaves that to PostgreSQL, or where it cannot be told.
    """
    pattern = convention.get(kind)
    if pattern is None and kind == "ix":
        return f"ix_{schema}_{table}_{columns[0]}" if schema else f"ix_{table}_{columns[0]}"
    if pattern is None:
        return ""
    values = {
        "table_name": table,
        "referred_table_name": to,
        "column_0_name": columns[0],
        "column_0_N_name": "_".join(columns),
        "column_0N_name": "".join(columns),
        "column_0_label": f"{table}_{columns[0]}",
        "column_0_N_label": "_".join(f"{table}_{column}" for column in columns),
    }
    try:
        return pattern % values
    except (KeyError, ValueError, TypeError):
        return ""
