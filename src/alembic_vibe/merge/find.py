"""Find the tables of a project in its model files: by ``__tablename__``, ``__table__`` and ``Table(…)``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.merge import scan as scanning
from alembic_vibe.merge.found import COLUMN_CALLS, FoundClass, FoundColumn, FoundTable
from alembic_vibe.merge.scan import Scan, dotted, keyword, last_name, positional, scan, string_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import libcst as cst

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.merge.source import ModelFile

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(eq=False)
class FoundModels:
    """All that is known of the files. ``scans`` holds the model files and, read on the way, what they import."""

    own: list[ModelFile]
    elsewhere: Callable[[str], ModelFile | None]
    known: set[tuple[str, str]]  # schema and name of every table of both catalogs
    scans: dict[str, Scan] = field(default_factory=dict)
    tables: list[FoundTable] = field(default_factory=list)
    sqlmodels: list[tuple[FoundClass, str]] = field(default_factory=list)

    def scan_of(self, file: ModelFile) -> Scan:
        """Return what a file holds."""
        return self.scans[file.module]

    def module(self, name: str) -> Scan | None:
        """Return a module of the project by its dotted name, read when it is first asked for."""
        if name not in self.scans:
            file = self.elsewhere(name)
            if file is None:
                return None
            self.scans[name] = scan(file)
        return self.scans[name]

    def resolve(self, where: Scan, name: str) -> tuple[Scan, str] | None:
        """Return the module that defines a name, and what it is called there."""
        seen = set()
        while (where.file.module, name) not in seen:
            seen.add((where.file.module, name))
            head, _, rest = name.partition(".")
            if head in where.classes or head in where.values:
                return where, name
            imported = where.imports.get(head)
            if imported is None:
                star = next((m for m in map(self.module, where.stars) if m and head in m.defined()), None)
                if star is None:
                    return None
                where = star
                continue
            module = imported.module
            target = self.module(module)
            if (
                imported.name
                and target is not None
                and (target.file.package and not target.defined() & {imported.name})
            ):
                target = self.module(f"{module}.{imported.name}") or target
            if target is None and imported.name:
                target = self.module(f"{module}.{imported.name}")
                name = rest
            elif imported.name:
                name = ".".join([imported.name, *([rest] if rest else [])])
            else:
                name = rest
            if target is None or not name:
                return None
            where = target
        return None

    def table(self, key: Key) -> FoundTable | None:
        """Return the table of a key; one whose schema cannot be told counts if it is the only one of its name."""
        named = [table for table in self.tables if table.name == key.name]
        exact = [table for table in named if table.schema == (key.schema if key.schema != "public" else "")]
        if exact:
            return exact[0]
        loose = [table for table in named if table.schema is None]
        return loose[0] if len(loose) == 1 else None

    def class_named(self, name: str) -> FoundTable | None:
        """Return the table of the class of that name."""
        name = name.rpartition(".")[2]
        return next((t for t in self.tables for cls in t.classes if cls.name == name), None)


def find_models(
    own: Iterable[ModelFile], elsewhere: Callable[[str], ModelFile | None], known: set[tuple[str, str]]
) -> FoundModels:
    """Return the tables of the model files.

    Args:
        own: The model files.
        elsewhere: Gives another module of the project by its dotted name.
        known: Schema (empty for ``public``) and name of the tables that there are, for names that are computed.

    Raises:
        UnreadableError: One of the files is no Python.
    """
    models = FoundModels(list(own), elsewhere, known)
    for file in models.own:
        models.scans[file.module] = scan(file)
    for file in models.own:
        here = models.scan_of(file)
        for cls in here.classes.values():
            _inherit(models, here, cls, set())
    for file in models.own:
        here = models.scan_of(file)
        for variable, call, line in here.tables:
            table = _core_table(models, here, variable, call)
            if table is not None:
                table.statement = line
                models.tables.append(table)
    for file in models.own:
        for cls in models.scan_of(file).classes.values():
            _class_table(models, cls)
    for file in models.own:
        for cls in models.scan_of(file).classes.values():
            _heir(models, cls)
    return models


def _inherit(models: FoundModels, here: Scan, cls: FoundClass, seen: set[int]) -> None:
    if cls.parents or cls.unknown or id(cls) in seen:
        return
    seen.add(id(cls))
    for base in cls.bases:
        place = models.resolve(here, base.partition("[")[0].strip())
        parent = place[0].classes.get(place[1]) if place is not None else None
        if place is None or parent is None:
            cls.unknown.append(base)
            continue
        _inherit(models, place[0], parent, seen)
        cls.parents.append(parent)


# -- names -----------------------------------------------------------------------------------------------------------


def constant(models: FoundModels, here: Scan, node: cst.CSTNode | None) -> str | None:
    """Return a string that is a literal or the name of one, or both joined."""
    import libcst as cst

    value = string_value(node)
    if value is not None or node is None:
        return value
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left, right = constant(models, here, node.left), constant(models, here, node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, cst.FormattedString):
        parts = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                parts.append(part.value)
            else:
                value = constant(models, here, part.expression)  # type: ignore[attr-defined]
                if value is None:
                    return None
                parts.append(value)
        return "".join(parts)
    if isinstance(node, cst.Name | cst.Attribute):
        place = models.resolve(here, dotted(node))
        found = place[0].values.get(place[1]) if place is not None else None
        return constant(models, place[0], found) if place is not None and found is not None else None
    return None


def _table_name(models: FoundModels, cls: FoundClass) -> str | None:
    for found in cls.lineage():
        member = found.members.get("__tablename__")
        if member is None:
            continue
        if member.statement is not None:
            if found is not cls and not _is_abstract(found):
                return None  # it shares the table of its parent
            return constant(models, models.scan_of(found.file), member.value)
        return _computed_name(models, cls)
    method = any("__tablename__" in found.others for found in cls.lineage())
    flask = any(base.endswith((".Model", "SQLModel")) for found in cls.lineage() for base in found.unknown)
    return _computed_name(models, cls) if method or flask else None


def _is_abstract(cls: FoundClass) -> bool:
    member = cls.members.get("__abstract__")
    return member is not None or "__tablename__" not in cls.members


def _computed_name(models: FoundModels, cls: FoundClass) -> str | None:
    """Return the table that a name computed from the class's name can only mean, by the usual ways to compute one."""
    snake = _HUMP.sub("_", cls.name).lower()
    plain = cls.name.lower()
    names = dict.fromkeys([snake, plain, naming.plural(snake), f"{snake}s", f"{plain}s", naming.plural(plain)])
    known = {name for _, name in models.known}
    return next((name for name in names if name in known), None)


def _schema_in(models: FoundModels, here: Scan, node: cst.BaseExpression | None) -> str | None:
    """Return the schema that ``__table_args__`` names; empty where it names none, ``None`` where that is not clear."""
    import libcst as cst

    if isinstance(node, cst.Tuple):
        last = node.elements[-1].value if node.elements else None
        return _schema_in(models, here, last) if isinstance(last, cst.Dict) else ""
    if isinstance(node, cst.Dict):
        for element in node.elements:
            if isinstance(element, cst.DictElement) and string_value(element.key) == "schema":
                return constant(models, here, element.value)
        return ""
    if isinstance(node, cst.Call) and last_name(node.func) == "dict":
        arg = keyword(node, "schema")
        return constant(models, here, arg.value) if arg is not None else ""
    return "" if node is None else None


def _metadata_schema(models: FoundModels, here: Scan, node: cst.CSTNode | None) -> str:
    """Return ``schema=`` of the ``MetaData(…)`` that an expression leads to."""
    import libcst as cst

    if isinstance(node, cst.Call) and last_name(node.func) == "MetaData":
        arg = keyword(node, "schema")
        return (constant(models, here, arg.value) if arg is not None else "") or ""
    if isinstance(node, cst.Call):  # declarative_base(metadata=…)
        arg = keyword(node, "metadata")
        return _metadata_schema(models, here, arg.value) if arg is not None else ""
    if not isinstance(node, cst.Name | cst.Attribute):
        return ""
    place = models.resolve(here, dotted(node))
    if place is None:
        return ""
    there, name = place
    if name in there.values:
        return _metadata_schema(models, there, there.values[name])
    head, _, rest = name.partition(".")
    cls = there.classes.get(head)
    if cls is None and head in there.values and rest == "metadata":
        return _metadata_schema(models, there, there.values[head])
    return _class_metadata_schema(models, cls) if cls is not None else ""


def _class_metadata_schema(models: FoundModels, cls: FoundClass) -> str:
    for found in cls.lineage():
        here = models.scan_of(found.file)
        member = found.members.get("metadata")
        if member is not None:
            return _metadata_schema(models, here, member.value)
        for base in found.unknown:
            place = models.resolve(here, base)
            if place is not None and place[1] in place[0].values:
                return _metadata_schema(models, place[0], place[0].values[place[1]])
    return ""


# -- tables ----------------------------------------------------------------------------------------------------------


def _core_table(models: FoundModels, here: Scan, variable: str, call: cst.Call) -> FoundTable | None:
    args = positional(call)
    name = constant(models, here, args[0].value) if args else None
    if name is None:
        return None
    given = keyword(call, "schema")
    schema: str | None
    if given is not None:
        schema = constant(models, here, given.value)
    else:
        schema = _metadata_schema(models, here, args[1].value) if len(args) > 1 else ""
    table = FoundTable(name, _plain(schema), here.file, None, call, variable=variable)
    _call_columns(models, table, here, call)
    return table


def _plain(schema: str | None) -> str | None:
    return "" if schema == "public" else schema


def _call_columns(models: FoundModels, table: FoundTable, here: Scan, call: cst.Call) -> None:
    import libcst as cst

    for arg in positional(call)[2:]:
        if isinstance(arg.value, cst.Call) and last_name(arg.value.func) in COLUMN_CALLS:
            inner = positional(arg.value)
            name = constant(models, here, inner[0].value) if inner else None
            given = keyword(arg.value, "name")
            name = name if name is not None else constant(models, here, given.value) if given is not None else None
            if name is not None:
                table.columns[name] = FoundColumn(name, name, here.file, arg.value)


def _class_table(models: FoundModels, cls: FoundClass) -> None:
    import libcst as cst

    here = models.scan_of(cls.file)
    given = cls.members.get("__table__")
    if given is not None and given.value is not None:
        if isinstance(given.value, cst.Call) and last_name(given.value.func) == "Table":
            table = _core_table(models, here, "", given.value)
            if table is not None:
                table.cls = None
                models.tables.append(table)
        return
    if "__abstract__" in cls.members:
        return
    name = _table_name(models, cls)
    if name is None:
        return
    if "SQLModel" in cls.words():
        if cls.keywords.get("table") == "True":
            models.sqlmodels.append((cls, name))
        return
    schema: str | None = ""
    for found in cls.lineage():
        member = found.members.get("__table_args__")
        if member is not None:
            schema = _schema_in(models, models.scan_of(found.file), member.value)
            break
    if schema == "":
        schema = _class_metadata_schema(models, cls)
    table = FoundTable(name, _plain(schema), cls.file, cls, None)
    add_class_columns(models, table, cls)
    models.tables.append(table)


def add_class_columns(models: FoundModels, table: FoundTable, cls: FoundClass) -> None:
    """Add the columns of a class and of all that it inherits from."""
    for found in cls.lineage():
        here = models.scan_of(found.file)
        for member in found.members.values():
            known = scanning.is_column(member)
            if member.name.startswith("__") or scanning.is_relation(member):
                continue
            name = member.name
            if known and member.call is not None:
                inner = positional(member.call)
                written = constant(models, here, inner[0].value) if inner else None
                given = keyword(member.call, "name")
                written = constant(models, here, given.value) if written is None and given is not None else written
                name = written if written is not None else name
            if member.name not in {column.attribute for column in table.columns.values()}:
                column = FoundColumn(name, member.name, found.file, member.call, member, found, opaque=not known)
                if known or name not in table.columns:
                    table.columns[name] = column


def _heir(models: FoundModels, cls: FoundClass) -> None:
    """Give a class without a table of its own to the table of its parent."""
    if "__tablename__" in cls.members or "__table__" in cls.members or "__abstract__" in cls.members:
        return
    if any(table.cls is cls for table in models.tables):
        return
    for found in cls.lineage()[1:]:
        table = next((table for table in models.tables if table.cls is found), None)
        if table is not None:
            table.heirs.append(cls)
            for member in cls.members.values():
                if scanning.is_column(member) and not member.name.startswith("__"):
                    inner = positional(member.call) if member.call is not None else []
                    name = string_value(inner[0].value) if inner else None
                    name = name if name is not None else member.name
                    table.columns.setdefault(name, FoundColumn(name, member.name, cls.file, member.call, member, cls))
            return
