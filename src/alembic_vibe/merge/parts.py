"""Constraints, indexes and the comment of a table: where they stand, and how they come, go and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index
from alembic_vibe.merge.changes import column_change
from alembic_vibe.merge.columns import set_flag
from alembic_vibe.merge.find import constant
from alembic_vibe.merge.references import change_reference, find_reference
from alembic_vibe.merge.rules import BY_HAND
from alembic_vibe.merge.scan import keyword, last_name, positional, string_value
from alembic_vibe.merge.table_args import Arguments, find_arguments, subject, write_arguments
from alembic_vibe.render.code import Call, Expr, Raw, Str

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.catalog.facts import Table
    from alembic_vibe.merge.delta import TableDelta
    from alembic_vibe.merge.found import FoundTable
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.listing import Listing
    from alembic_vibe.merge.source import ModelFile

_CALLS = {
    ConstraintKind.UNIQUE: "UniqueConstraint",
    ConstraintKind.CHECK: "CheckConstraint",
    ConstraintKind.FOREIGN: "ForeignKeyConstraint",
    ConstraintKind.PRIMARY: "PrimaryKeyConstraint",
    ConstraintKind.EXCLUDE: "ExcludeConstraint",
}
_TRUE = Raw("True")


# -- finding ---------------------------------------------------------------------------------------------------------


def _item(job: Job, found: FoundTable, part: Constraint | Index, place: Arguments | None) -> tuple[Listing, int] | None:
    """Return the argument that is a constraint or index."""
    import libcst as cst

    if place is None or place.listing is None:
        return None
    for number, item in enumerate(place.listing.items):
        value = getattr(item.node, "value", None)
        if isinstance(value, cst.Call) and _is_part(job, found, place.file, value, part):
            return place.listing, number
    return None


def _is_part(job: Job, found: FoundTable, file: ModelFile, call: cst.Call, part: Constraint | Index) -> bool:
    wanted = "Index" if isinstance(part, Index) else _CALLS.get(part.kind, "")
    if last_name(call.func) != wanted:
        return False
    given = _name_of(job, file, call)
    name = part.key.name if isinstance(part, Index) else part.name
    if given is not None:
        return given == name or (isinstance(part, Constraint) and part.kind == "c" and name.endswith(f"_{given}"))
    columns = part.columns if isinstance(part, Constraint) else tuple(key.column or "" for key in part.keys)
    if wanted == "CheckConstraint":
        text = string_value(positional(call)[0].value) if positional(call) else None
        return text is not None and _bare(text) == _bare(getattr(part, "expression", None) or "")
    return _columns_of(found, call) == columns


def _bare(text: str) -> str:
    return "".join(char for char in text.lower() if char not in ' ()"\t\r\n')


def _name_of(job: Job, file: ModelFile, call: cst.Call) -> str | None:
    import libcst as cst

    given = keyword(call, "name")
    node = given.value if given is not None else None
    args = positional(call)
    if node is None and last_name(call.func) == "Index" and args:
        node = args[0].value
    elif node is None and last_name(call.func) == "CheckConstraint" and len(args) > 1:
        node = args[1].value
    if isinstance(node, cst.Call) and node.args:  # op.f("…"), conv("…")
        node = node.args[0].value
    return constant(job.models, job.models.scan_of(file), node)


def _columns_of(found: FoundTable, call: cst.Call) -> tuple[str, ...]:
    import libcst as cst

    nodes = [arg.value for arg in positional(call)]
    if nodes and isinstance(nodes[0], cst.List | cst.Tuple):
        nodes = [element.value for element in nodes[0].elements]
    names = {column.attribute: name for name, column in found.columns.items()}
    result = []
    for node in nodes:
        value = string_value(node)
        result.append(value if value is not None else names.get(last_name(node), last_name(node)))
    return tuple(result)


def _statement(job: Job, index: Index) -> tuple[ModelFile, cst.SimpleStatementLine] | None:
    """Return ``Index("name", Class.column)`` that stands below the classes."""
    for scan in job.models.scans.values():
        for call, line in scan.indexes:
            if job.is_own(scan.file) and _name_of(job, scan.file, call) == index.key.name:
                return scan.file, line
    return None


def _in_column(job: Job, found: FoundTable, part: Constraint) -> tuple[ModelFile, Listing, int] | None:
    """Return a CHECK that stands inside a column."""
    import libcst as cst

    for column in found.columns.values():
        for arg in positional(column.call) if column.call is not None else ():
            if isinstance(arg.value, cst.Call) and _is_part(job, found, column.file, arg.value, part):
                listing = job.arguments(column.file, column.call)  # type: ignore[arg-type]
                return column.file, listing, listing.index(arg)
    return None


# -- changing --------------------------------------------------------------------------------------------------------


def merge_parts(job: Job, found: FoundTable, delta: TableDelta, fresh: set[str]) -> None:
    """Bring constraints, indexes and the comment of a table to what they shall be.

    Args:
        job: The merge.
        found: The table.
        delta: What changed.
        fresh: The new columns, which say their own foreign keys, keys and indexes.
    """
    place = find_arguments(job, found)
    added: list[Expr] = []
    pairs: list[tuple[Constraint | Index | None, Constraint | Index | None]] = [*delta.constraints, *delta.indexes]
    for old, new in pairs:
        if isinstance(new or old, Constraint) and (new or old).kind == ConstraintKind.PRIMARY:  # type: ignore[union-attr]
            _primary_key(job, found, delta, old, new, place, fresh)  # type: ignore[arg-type]
        elif old is not None and new is None:
            _drop(job, found, delta, old, place)
        elif new is not None:
            _put(job, found, delta, old, new, place, fresh, added)
    comment: Expr | None = None
    if delta.comment and delta.new is not None:
        comment = Str(delta.new.comment) if delta.new.comment is not None else Raw("")
    if added or comment is not None:
        write_arguments(job, found, delta, place, added, comment)


def _drop(job: Job, found: FoundTable, delta: TableDelta, part: Constraint | Index, place: Arguments | None) -> bool:
    """Take a constraint or index out, wherever it is said."""
    gone = {old.name for old, new in delta.columns if old is not None and new is None}
    item = _item(job, found, part, place)
    if item is not None:
        item[0].removed.add(item[1])
        return True
    if isinstance(part, Index):
        return _drop_index(job, found, part, gone)
    if part.kind == ConstraintKind.FOREIGN and len(part.columns) == 1:
        reference = find_reference(job, found, part)
        if reference is not None:
            column, listing, number = reference
            if column.name not in gone:
                listing.removed.add(number)
                _say_type(job, found, delta, column.name)
            return True
    if part.kind == ConstraintKind.UNIQUE and len(part.columns) == 1 and _flag(found, part.columns[0], "unique"):
        return part.columns[0] in gone or set_flag(job, found, part.columns[0], "unique", None)
    if part.kind == ConstraintKind.CHECK:
        inside = _in_column(job, found, part)
        if inside is not None:
            inside[1].removed.add(inside[2])
            return True
    if place is None and not gone & set(part.columns):
        message = f"{part.key} was dropped, and {subject(found)} computes its arguments"
        job.note(BY_HAND, message, found.file, found.cls.node.name if found.cls is not None else None)
    return False


def _drop_index(job: Job, found: FoundTable, part: Index, gone: set[str]) -> bool:
    statement = _statement(job, part)
    if statement is not None:
        file, line = statement
        file.remove_lines(*file.span(line))
        return True
    columns = tuple(key.column or "" for key in part.keys)
    for flag in ("index", "unique") if part.unique else ("index",):
        if len(columns) == 1 and _flag(found, columns[0], flag):
            return columns[0] in gone or set_flag(job, found, columns[0], flag, None)
    return bool(gone & set(columns)) and len(columns) == 1


def _say_type(job: Job, found: FoundTable, delta: TableDelta, name: str) -> None:
    """Say the type of a column that had it from the column it referred to."""
    there = found.columns[name]
    change = column_change(job, there)
    if change.has_type() or delta.new is None:
        return
    column = delta.new.column(name)
    type_ = job.wording.type_of(column)
    implied = there.member is not None and there.member.annotation is not None
    implied = implied and job.wording.is_implied(column, job.wording.python_of(column))
    if type_ is not None and not implied:
        change.type(job.writer(there.file).type(type_), implied=False)


def _flag(found: FoundTable, column: str, flag: str) -> bool:
    there = found.columns.get(column)
    given = keyword(there.call, flag) if there is not None and there.call is not None else None
    return given is not None and last_name(given.value) == "True"


def _put(
    job: Job,
    found: FoundTable,
    delta: TableDelta,
    old: Constraint | Index | None,
    new: Constraint | Index,
    place: Arguments | None,
    fresh: set[str],
    added: list[Expr],
) -> None:
    """Add a constraint or index, or change the one that is there."""
    if delta.new is None:
        return
    table = job.shown_table(delta.new)
    new = job.shown_part(new)
    mapped = found.cls is not None
    there = _item(job, found, old if old is not None else new, place)
    if there is not None:
        if old is not None:  # else somebody has written it already
            _replace_item(job, found, table, new, *there)
        return
    if isinstance(new, Constraint) and new.kind == ConstraintKind.FOREIGN and len(new.columns) == 1:
        reference = find_reference(job, found, old) if isinstance(old, Constraint) else find_reference(job, found, new)
        if reference is not None:
            if isinstance(old, Constraint):
                change_reference(job, reference, old, new)
            return
        if new.validated and (new.columns[0] in fresh or _refer(job, found, new)):
            return
    if old is not None:
        _drop(job, found, delta, old, place)
    elif isinstance(new, Index) and _statement(job, new) is not None:
        return
    if mapped and _as_flag(job, found, new, fresh, is_new=old is None):
        return
    expr = job.wording.table_argument(table, new)
    if expr is None:
        _by_hand(job, found, new)
    else:
        added.append(expr)


def _replace_item(
    job: Job, found: FoundTable, table: Table, new: Constraint | Index, listing: Listing, number: int
) -> None:
    expr = job.wording.table_argument(table, new)
    if expr is None:
        _by_hand(job, found, new)
        return
    writer = job.writer(listing.file)
    item = listing.items[number]
    pad = listing.file.indent_of(item.start)
    own = listing.file.line_start(item.start) + len(pad) == item.start
    written = writer.expr(expr)
    listing.replaced[number] = writer.text(written, pad, after=1) if own else writer.flat(written)


def _refer(job: Job, found: FoundTable, constraint: Constraint) -> bool:
    """Let a column that is there refer to another table."""
    there = found.columns.get(constraint.columns[0])
    call = job.wording.reference(constraint)
    if there is None or there.opaque or call is None:
        return False
    if there.owner is not None and there.owner not in found.classes:
        return False
    column_change(job, there).add_reference(call)
    return True


def _as_flag(job: Job, found: FoundTable, part: Constraint | Index, fresh: set[str], *, is_new: bool) -> bool:
    """Say a constraint or index by ``unique=True`` or ``index=True`` where that says all of it."""
    if isinstance(part, Index):
        if not job.wording.is_plain_index(part):
            return False
        column, flag = str(part.keys[0].column), "index"
    else:
        if part.kind != ConstraintKind.UNIQUE or not job.wording.is_plain_unique(part):
            return False
        column, flag = part.columns[0], "unique"
    if column in fresh or (is_new and _flag(found, column, flag)):
        return True
    return set_flag(job, found, column, flag, _TRUE)


def _by_hand(job: Job, found: FoundTable, part: Constraint | Index) -> None:
    what = f"{part.key} is not in the models: SQLAlchemy has no words for all of it"
    job.note(BY_HAND, what, found.file, found.cls.node.name if found.cls is not None else None)


def _primary_key(
    job: Job,
    found: FoundTable,
    delta: TableDelta,
    old: Constraint | None,
    new: Constraint | None,
    place: Arguments | None,
    fresh: set[str],
) -> None:
    """Move the primary key: ``primary_key=True`` of columns, or the constraint among the arguments."""
    there = _item(job, found, old, place) if old is not None else None
    if there is not None:
        expr = job.wording.table_argument(delta.new, new) if new is not None and delta.new is not None else None
        if new is None:
            there[0].removed.add(there[1])
        else:
            written: Expr = (
                expr
                if expr is not None
                else Call(
                    "sa.PrimaryKeyConstraint", tuple(Str(name) for name in new.columns), (("name", Str(new.name)),)
                )
            )
            writer = job.writer(there[0].file)
            there[0].replaced[there[1]] = writer.flat(writer.expr(written))
        return
    before = set(old.columns) if old is not None else set()
    after = set(new.columns) if new is not None else set()
    renamed = delta.renamed_columns
    gone = {column.name for column, now in delta.columns if column is not None and now is None}
    for name in sorted(before - after - gone - set(renamed.values())):
        set_flag(job, found, name, "primary_key", None)
    for name in sorted(after - before - fresh - set(renamed)):
        set_flag(job, found, name, "primary_key", _TRUE)
