"""Read a model file: its imports, classes and tables. Nothing is imported or executed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.merge.found import COLUMN_CALLS, RELATIONS, WRAPPERS, FoundClass, Member

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst

    from alembic_vibe.merge.source import ModelFile


class Imported(NamedTuple):
    """What a name of a module stands for: ``name`` is empty where it is the module itself."""

    module: str
    name: str


@dataclass(eq=False)
class Scan:
    """The names of one file."""

    file: ModelFile
    imports: dict[str, Imported] = field(default_factory=dict)
    late_imports: set[str] = field(default_factory=set)  # those below ``if TYPE_CHECKING``
    stars: list[str] = field(default_factory=list)
    import_nodes: list[tuple[cst.Import | cst.ImportFrom, cst.SimpleStatementLine]] = field(default_factory=list)
    classes: dict[str, FoundClass] = field(default_factory=dict)
    values: dict[str, cst.BaseExpression] = field(default_factory=dict)
    tables: list[tuple[str, cst.Call, cst.SimpleStatementLine]] = field(default_factory=list)
    indexes: list[tuple[cst.Call, cst.SimpleStatementLine]] = field(default_factory=list)  # Index(…) of the module
    checking: cst.If | None = None  # ``if TYPE_CHECKING:``

    def defined(self) -> set[str]:
        """Return every name that the module gives a meaning."""
        return {*self.imports, *self.classes, *self.values, *(name for name, _, _ in self.tables if name)}


def _text(node: cst.CSTNode) -> str:
    import libcst as cst

    return cst.Module([]).code_for_node(node)


def dotted(node: cst.CSTNode) -> str:
    """Return ``a.b.c`` of a name or attribute, else an empty text."""
    import libcst as cst

    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr.value}" if left else ""
    return ""


def last_name(node: cst.CSTNode) -> str:
    """Return the last part of what is called."""
    return dotted(node).rpartition(".")[2]


def string_value(node: cst.CSTNode | None) -> str | None:
    """Return the value of a plain string literal, joined ones included."""
    import libcst as cst

    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def scan(file: ModelFile) -> Scan:
    """Return what a file holds.

    Raises:
        UnreadableError: It is no Python.
    """
    import libcst as cst

    found = Scan(file)
    for line, late in _lines(file.tree.body, found):
        if isinstance(line, cst.ClassDef):
            found.classes[line.name.value] = _class(file, line)
            continue
        for statement in line.body:
            if isinstance(statement, cst.Import | cst.ImportFrom):
                _import(found, statement, line, late=late)
            elif isinstance(statement, cst.Assign | cst.AnnAssign) and statement.value is not None:
                targets = statement.targets if isinstance(statement, cst.Assign) else (statement,)
                for target in targets:
                    _value(found, dotted(target.target), statement.value, line)
            elif isinstance(statement, cst.Expr):
                _value(found, "", statement.value, line)
    return found


def _lines(
    body: object, found: Scan, *, late: bool = False
) -> Iterator[tuple[cst.SimpleStatementLine | cst.ClassDef, bool]]:
    import libcst as cst

    for node in body:  # type: ignore[attr-defined]
        if isinstance(node, cst.SimpleStatementLine | cst.ClassDef):
            yield node, late
        elif isinstance(node, cst.If):
            checking = last_name(node.test) == "TYPE_CHECKING"
            if checking and found.checking is None:
                found.checking = node
            yield from _lines(node.body.body, found, late=late or checking)
            if isinstance(node.orelse, cst.Else):
                yield from _lines(node.orelse.body.body, found, late=late)
        elif isinstance(node, cst.Try):
            yield from _lines(node.body.body, found, late=late)


def _import(found: Scan, statement: cst.Import | cst.ImportFrom, line: cst.SimpleStatementLine, *, late: bool) -> None:
    import libcst as cst

    if not late:
        found.import_nodes.append((statement, line))
    if isinstance(statement, cst.Import):
        for alias in statement.names:
            module = dotted(alias.name)
            local = alias.asname.name.value if alias.asname else module  # type: ignore[union-attr]
            found.imports[str(local)] = Imported(module, "")
        return
    module = absolute(found.file, statement)
    if isinstance(statement.names, cst.ImportStar):
        found.stars.append(module)
        return
    for alias in statement.names:
        name = dotted(alias.name)
        local = alias.asname.name.value if alias.asname else name  # type: ignore[union-attr]
        found.imports[str(local)] = Imported(module, name)
        if late:
            found.late_imports.add(str(local))


def absolute(file: ModelFile, statement: cst.ImportFrom) -> str:
    """Return the dotted name of the module that ``from … import`` names, relative ones resolved."""
    module = dotted(statement.module) if statement.module is not None else ""
    level = len(statement.relative)
    if not level:
        return module
    parts = file.module.split(".")
    parts = parts if file.package else parts[:-1]
    parts = parts[: len(parts) - (level - 1)] if level > 1 else parts
    return ".".join([*parts, *([module] if module else [])])


def _value(found: Scan, name: str, value: cst.BaseExpression, line: cst.SimpleStatementLine) -> None:
    import libcst as cst

    if name and "." not in name:
        found.values[name] = value
    if isinstance(value, cst.Call):
        called = last_name(value.func)
        if called == "Table" and value.args:
            found.tables.append((name, value, line))
        elif called == "Index":
            found.indexes.append((value, line))


def _class(file: ModelFile, node: cst.ClassDef) -> FoundClass:
    import libcst as cst

    found = FoundClass(
        node.name.value,
        file,
        node,
        [_text(arg.value) for arg in node.bases],
        {str(arg.keyword.value): _text(arg.value) for arg in node.keywords if arg.keyword is not None},
        [_text(decorator.decorator) for decorator in node.decorators],
    )
    for line in node.body.body:
        if isinstance(line, cst.FunctionDef):
            names = {last_name(d.decorator) for d in line.decorators}
            names |= {dotted(d.decorator).split(".")[0] for d in line.decorators}
            if "declared_attr" in names:
                found.members[line.name.value] = _declared(line)
            else:
                found.others[line.name.value] = line
        elif isinstance(line, cst.SimpleStatementLine):
            for statement in line.body:
                _member(found, line, statement)
        elif isinstance(line, cst.ClassDef):
            found.others[line.name.value] = line
    return found


def _member(found: FoundClass, line: cst.SimpleStatementLine, statement: cst.BaseSmallStatement) -> None:
    import libcst as cst

    annotation = None
    if isinstance(statement, cst.Assign):
        target = statement.targets[0].target
        if len(statement.targets) != 1:
            return
    elif isinstance(statement, cst.AnnAssign):
        target, annotation = statement.target, statement.annotation
    else:
        return
    if isinstance(target, cst.Name):
        member = Member(target.value, line, statement, annotation, statement.value)
        member.call = made_by(statement.value)
        member.function = last_name(member.call.func) if member.call is not None else ""
        found.members[target.value] = member


def _declared(line: cst.FunctionDef) -> Member:
    """Return what a function below ``declared_attr`` gives: the value of its only ``return``."""
    import libcst as cst

    value = None
    for part in line.body.body:
        for statement in part.body if isinstance(part, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.Return):
                value = statement.value
    member = Member(line.name.value, line, None, line.returns, value)
    member.call = made_by(value)
    member.function = last_name(member.call.func) if member.call is not None else ""
    return member


def made_by(value: cst.BaseExpression | None) -> cst.Call | None:
    """Return the call that makes an attribute; inside ``deferred(…)`` the column's own."""
    import libcst as cst

    if not isinstance(value, cst.Call):
        return None
    if last_name(value.func) in WRAPPERS and value.args and isinstance(value.args[0].value, cst.Call):
        return value.args[0].value
    return value


def is_column(member: Member) -> bool:
    """Whether a member is a column that is understood."""
    if member.function in COLUMN_CALLS:
        return True
    return member.value is None and member.annotation is not None and mapped_inner(member.annotation) is not None


def is_relation(member: Member) -> bool:
    """Whether a member is a relationship."""
    return member.function in RELATIONS


def mapped_inner(annotation: cst.Annotation) -> cst.BaseExpression | None:
    """Return ``X`` of ``Mapped[X]``."""
    import libcst as cst

    node = annotation.annotation
    if isinstance(node, cst.Subscript) and last_name(node.value) == "Mapped" and len(node.slice) == 1:
        inner = node.slice[0].slice
        return inner.value if isinstance(inner, cst.Index) else None
    return None


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Return a keyword argument of a call."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def positional(call: cst.Call) -> list[cst.Arg]:
    """Return the positional arguments of a call, without ``*rest``."""
    return [arg for arg in call.args if arg.keyword is None and not arg.star]
