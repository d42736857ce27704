"""Tables that come and go: a class or ``Table(…)`` in the style of the file, and the imports of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.merge import columns, homes
from alembic_vibe.merge.found import FoundClass
from alembic_vibe.merge.listing import import_listing
from alembic_vibe.merge.names import sorted_place
from alembic_vibe.merge.rules import BY_HAND, KEPT_CLASS
from alembic_vibe.merge.scan import absolute, dotted, is_column, is_relation, string_value
from alembic_vibe.render.code import Call, Expr, Mapping, Raw, Sequence, Str
from alembic_vibe.render.elements import schema_keyword
from alembic_vibe.render.models import arguments
from alembic_vibe.render.template import render

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    import libcst as cst

    from alembic_vibe.catalog.facts import Constraint, Index, Table
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.merge.delta import TableDelta
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.source import ModelFile

_OWN_NAMES = frozenset({"__tablename__", "__table_args__", "__mapper_args__"})


# -- new -------------------------------------------------------------------------------------------------------------


def add_table(job: Job, delta: TableDelta, relations: ReadOnly[Key, list[str]]) -> None:
    """Write a new table where `homes.choose_homes` put it."""
    file = job.homes.get(delta.key)
    if delta.new is None or delta.key not in job.new.home or job.models.table(delta.key) is not None:
        return
    if file is None:
        job.note(BY_HAND, f"{delta.key.qualified} is not in the models: there is no model file to put it in")
        return
    table = job.shown_table(delta.new)
    if delta.key in job.new.classes:
        text, name = _class(job, file, table, relations.get(delta.key, [])), job.new.classes[delta.key]
    else:
        text, name = _core(job, file, table), job.new.variables[delta.key]
    if text:
        _append(job, file, text)
        _export(job, file, name)


def _class(job: Job, file: ModelFile, table: Table, relations: list[str]) -> str:
    writer = job.writer(file)
    base, parent, like = homes.base_of(job, table.key, file)
    base = _import_base(job, file, base, like, parent)
    stub = FoundClass(job.new.classes[table.key], file, None, [base], {}, [])  # type: ignore[arg-type]
    stub.parents = [parent] if parent is not None else []
    stub.unknown = [] if parent is not None else [base]
    unit = file.unit
    head = [f"__tablename__ = {writer.string(table.key.name)}"]
    inherited = set(homes.base_columns(parent))
    said = [column for column in table.columns if column.name not in inherited]
    flags = {id(part) for column in said for part in _said_inline(job, table, column.name)}
    parts: list[Constraint | Index] = [c for c in job.new.constraints.get(table.key, ()) if not c.inherited]
    parts += [index for index in job.new.indexes.get(table.key, ()) if not index.inherited]
    extra = [
        expr for part in parts if id(part) not in flags for expr in [_argument(job, table, part)] if expr is not None
    ]
    options = [pair for pair in arguments.table_keywords(table) if pair[0] != "schema"]
    if table.key.schema != "public" and not _schema_is_given(job, like, table):
        options = [*schema_keyword(table.key.schema), *options]
    if extra or options:
        items: tuple[Expr, ...] = (*extra, Mapping(tuple(options))) if options else tuple(extra)
        value: Expr = Mapping(tuple(options)) if not extra else Sequence(items, "()")
        head.append(f"__table_args__ = {writer.text(writer.expr(value), unit, 17)}")
    statements = []
    for column in said:
        attribute = job.new.attributes[table.key][column.name]
        statement, reason = columns.column_statement(job, writer, table, column, attribute, stub)
        if reason:
            job.note(BY_HAND, f"{table.key.qualified}.{column.name} is not in the models: {reason}", file)
            continue
        stub.filled = stub.filled or "default=None" in statement
        statements.append(statement)
    groups = [group for group in (head, statements, relations) if group]
    return render("merge/class.mako", name=stub.name, bases=base, groups=groups, unit=unit)


def _said_inline(job: Job, table: Table, column: str) -> list[Constraint | Index]:
    """Return what the statement of a new column says besides the column."""
    reference, flags = columns.inline_parts(job, table, table.column(column))
    result: list[Constraint | Index] = [reference] if reference is not None else []
    unique = columns.unique_of(job, table, column)
    result += [unique] if unique is not None else []
    if "index" in flags:
        result += [i for i in job.new.indexes.get(table.key, ()) if columns.plain_index_of(job, i) == column]
    return result


def _argument(job: Job, table: Table, part: Constraint | Index) -> Expr | None:
    if getattr(part, "kind", "") == "p":
        primary, inline = arguments.inline_primary_key(job.new, table)
        if primary is part and (
            inline or set(part.columns) == {c.name for c in table.columns if c.name in part.columns}
        ):
            return None
    found = job.wording.table_argument(table, part)
    if found is None:
        job.note(BY_HAND, f"{part.key} is not in the models: SQLAlchemy has no words for all of it")
    return found


def _schema_is_given(job: Job, like: list[FoundClass], table: Table) -> bool:
    """Whether the base gives its tables the schema: the neighbour has it and does not say it."""
    for cls in like:
        found = next((t for t in job.models.tables if t.cls is cls), None)
        if found is not None and found.schema == table.key.schema and "__table_args__" not in cls.members:
            return True
    return False


def _import_base(job: Job, file: ModelFile, base: str, like: list[FoundClass], parent: FoundClass | None) -> str:
    """Make sure that the file knows the base; return how it writes it."""
    scan = job.writer(file).names.scan
    head = base.partition(".")[0].partition("[")[0]
    if head in scan.defined() or not like:
        return base
    there = job.models.scan_of(like[0].file)
    imported = there.imports.get(head)
    names = job.writer(file).names
    if imported is not None and imported.name:
        return names.use(imported.module, imported.name) + base[len(head) :]
    if imported is None and parent is not None and parent.file is not file:
        return names.use(parent.file.module, head) + base[len(head) :]
    if imported is None and like[0].file is not file:
        return names.use(like[0].file.module, head) + base[len(head) :]
    place = job.models.resolve(there, head)
    if place is not None and place[0].file is not file:
        return names.use(place[0].file.module, place[1])
    return base


def _core(job: Job, file: ModelFile, table: Table) -> str:
    writer = job.writer(file)
    scan = writer.names.scan
    metadata = next((file.code(call.args[1].value) for _, call, _ in scan.tables if len(call.args) > 1), "")
    if not metadata:
        base, parent, like = homes.base_of(job, table.key, file)
        metadata = f"{_import_base(job, file, base, like, parent)}.metadata"
    parts: list[Expr] = [Str(table.key.name), Raw(metadata)]
    for column in table.columns:
        _, call, reason = columns.column_call(job, writer, table, column, column.name, core=True)
        if call is None:
            job.note(BY_HAND, f"{table.key.qualified}.{column.name} is not in the models: {reason}", file)
            continue
        parts.append(call)
    every: list[Constraint | Index] = [c for c in job.new.constraints.get(table.key, ()) if not c.inherited]
    every += [index for index in job.new.indexes.get(table.key, ()) if not index.inherited]
    inline = {id(columns.inline_parts(job, table, column)[0]) for column in table.columns}
    parts += [e for p in every if id(p) not in inline for e in [_argument(job, table, p)] if e is not None]
    call = Call("sa.Table", tuple(parts), arguments.table_keywords(table), explode=True)
    name = job.new.variables[table.key]
    return f"{name} = {writer.text(writer.expr(call), '', len(name) + 3)}\n"


def _append(job: Job, file: ModelFile, text: str) -> None:
    """Put a definition below the last class or table of its file."""
    scan = job.writer(file).names.scan
    text = text.rstrip("\n")
    places = [file.span(cls.node)[1] for cls in scan.classes.values()]
    places += [file.span(line)[1] for name, _, line in scan.tables if name]
    places += [file.span(line)[1] for _, line in scan.indexes]
    if file in job.created:
        file.insert(len(file.text), f"{text}\n" if (file, "") in job.first_relation else f"\n\n{text}\n")
        return
    if not places:
        places = [file.span(node)[1] for node in file.tree.body[-1:]] or [0]
    end = max(places)
    file.insert_line(end, f"\n\n{text}")


def _export(job: Job, file: ModelFile, name: str) -> None:
    """Import the new name where the package imports its neighbours by name."""
    for init in job.models.own:
        if not init.package or init is file:
            continue
        scan = job.models.scan_of(init)
        pattern = job.patterns.get(id(file), file)
        from_same = [i for i in scan.imports.values() if i.module == pattern.module and i.name]
        as_module = [i for i in scan.imports.values() if f"{i.module}.{i.name}" == pattern.module]
        names = job.writer(init).names
        if from_same:
            names.needed.setdefault(file.module, set()).add(name)
            _say_all(job, init, name)
        elif as_module and file in job.created:
            package, _, last = file.module.rpartition(".")
            names.needed.setdefault(package, set()).add(last)
            _say_all(job, init, last)


def _all_of(job: Job, init: ModelFile) -> cst.List | cst.Tuple | None:
    import libcst as cst

    value = job.models.scan_of(init).values.get("__all__")
    return value if isinstance(value, cst.List | cst.Tuple) else None


def _say_all(job: Job, init: ModelFile, name: str) -> None:
    node = _all_of(job, init)
    if node is None:
        return
    listing = job.elements(init, node)
    present = [string_value(item.node.value) or "" for item in listing.items]  # type: ignore[attr-defined]
    text = job.writer(init).string(name)
    if present and name not in present:
        listing.insert(sorted_place(present, name), lambda _pad: text)


# -- dropped ---------------------------------------------------------------------------------------------------------


def drop_table(job: Job, delta: TableDelta) -> None:
    """Take the class or ``Table(…)`` of a dropped table out, if it holds nothing but what is mapped."""
    if delta.old is None:
        return
    found = job.models.table(delta.old.key)
    if found is None or not job.is_own(found.file):
        return
    file = found.file
    if found.cls is None:
        if found.statement is not None and found.variable:
            _cut(file, *file.span(found.statement))
            _unexport(job, file, found.variable)
            job.dropped.append((file, "", found.variable))
        return
    cls = found.cls
    extra = list(cls.others)
    extra += [m.name for m in cls.members.values() if not (is_column(m) or is_relation(m) or m.name in _OWN_NAMES)]
    heirs = [t.cls.name for t in job.models.tables if t.cls is not None and cls in t.cls.lineage()[1:]]
    heirs += [heir.name for heir in found.heirs]
    if extra or heirs:
        what = f"it has {', '.join(extra)}" if extra else f"{', '.join(heirs)} inherits from it"
        job.note(
            KEPT_CLASS,
            f"{delta.key.qualified} was dropped, and its class {cls.name} is left: {what}",
            file,
            cls.node.name,
        )
        return
    _cut(file, *_span_of(file, cls.node))
    _unexport(job, file, cls.name)
    job.dropped.append((file, "", cls.name))


def _span_of(file: ModelFile, node: cst.ClassDef) -> tuple[int, int]:
    start, end = file.span(node)
    if node.decorators:
        start = min(start, file.span(node.decorators[0])[0])
    return start, end


def _cut(file: ModelFile, start: int, end: int) -> None:
    """Take lines out, with the empty lines above them."""
    first = file.line_start(start)
    while first > 0:
        above = file.line_start(first - 1)
        if file.text[above:first].strip():
            break
        first = above
    file.replace(first, file.line_end(max(start, end - 1)), "")


def _unexport(job: Job, file: ModelFile, name: str) -> None:
    """Take a name out of the imports and the ``__all__`` of the other model files."""
    import libcst as cst

    for other in job.models.own:
        if other is file:
            continue
        scan = job.models.scan_of(other)
        for node, line in scan.import_nodes:
            if isinstance(node, cst.ImportFrom) and absolute(other, node) in {
                file.module,
                file.module.rpartition(".")[0],
            }:
                _unimport(job, other, node, line, name)
        if scan.checking is not None:
            for below in scan.checking.body.body:
                for late in below.body if isinstance(below, cst.SimpleStatementLine) else ():
                    if isinstance(late, cst.ImportFrom) and len(scan.checking.body.body) > 1:
                        _unimport(job, other, late, below, name)  # type: ignore[arg-type]
        listed = _all_of(job, other)
        if listed is not None:
            listing = job.elements(other, listed)
            for number, item in enumerate(listing.items):
                if string_value(item.node.value) == name:  # type: ignore[attr-defined]
                    listing.removed.add(number)


def _unimport(job: Job, file: ModelFile, node: cst.ImportFrom, line: cst.SimpleStatementLine, name: str) -> None:
    listing = import_listing(file, node)
    if listing is None:
        return
    here = [n for n, item in enumerate(listing.items) if dotted(item.node.name) == name]  # type: ignore[attr-defined]
    if not here or _is_used(file, name, node):
        return
    if len(listing.items) == 1 and len(line.body) == 1:
        file.remove_lines(*file.span(line))
    elif len(listing.items) > 1:
        known = job.imports.setdefault(id(node), listing)
        known.removed.update(here)


def _is_used(file: ModelFile, name: str, node: cst.ImportFrom) -> bool:
    import re

    start, end = file.span(node)
    rest = file.text[:start] + file.text[end:]
    rest = re.sub(r"__all__\s*=\s*[\[(][^\])]*[\])]", "", rest)
    return re.search(rf"(?<![\w\"'.]){re.escape(name)}(?![\w\"'])", rest) is not None
