"""Columns that come, go and change, in the class or ``Table(…)`` that says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.merge.changes import column_change
from alembic_vibe.merge.enums import enums_in
from alembic_vibe.merge.places import body_place, insert_statement, remove_statement
from alembic_vibe.merge.rules import BY_HAND, SHARED
from alembic_vibe.merge.scan import mapped_inner
from alembic_vibe.merge.wording import optional
from alembic_vibe.render.code import Call, Expr, Raw, Str
from alembic_vibe.render.models import columns as rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.catalog.facts import Column, Constraint, Index, Table
    from alembic_vibe.merge.delta import TableDelta
    from alembic_vibe.merge.found import FoundClass, FoundColumn, FoundTable
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.style import Writer
    from alembic_vibe.render.elements import Keywords

_TRUE, _FALSE = Raw("True"), Raw("False")


def is_dataclass(cls: FoundClass) -> bool:
    """Whether the fields of a class are those of a dataclass."""
    mapped = any("dataclass" in decorator for found in cls.lineage() for decorator in found.decorators)
    return mapped or "MappedAsDataclass" in cls.words()


def is_keyword_only(cls: FoundClass) -> bool:
    """Whether a dataclass takes its fields by name only."""
    given = any(found.keywords.get("kw_only") == "True" for found in cls.lineage())
    return given or any("kw_only=True" in d.replace(" ", "") for found in cls.lineage() for d in found.decorators)


# -- new columns -----------------------------------------------------------------------------------------------------


def inline_parts(job: Job, table: Table, column: Column) -> tuple[Constraint | None, list[str]]:
    """Return the foreign key that a column itself says, and its flags: primary_key, unique, index."""
    plan, wording = job.new, job.wording
    primary = plan.primary_key(table.key)
    flags = ["primary_key"] if primary is not None and column.name in primary.columns else []
    if unique_of(job, table, column.name) is not None:
        flags.append("unique")
    if any(
        wording.is_plain_index(index) and index.keys[0].column == column.name
        for index in plan.indexes.get(table.key, ())
        if not index.inherited
    ):
        flags.append("index")
    return rendered.single_foreign_key(plan, table.key, column.name), flags


def unique_of(job: Job, table: Table, column: str) -> Constraint | None:
    """Return the constraint that ``unique=True`` expresses."""
    found = job.new.own(table.key, ConstraintKind.UNIQUE)
    return next((c for c in found if c.columns == (column,) and job.wording.is_plain_unique(c)), None)


def column_call(
    job: Job, writer: Writer, table: Table, column: Column, attribute: str, *, core: bool = False
) -> tuple[str, Call | None, str]:
    """Return the annotation (empty in ``Column`` style), the call, and why there is none.

    Args:
        job: The merge.
        writer: Of the file.
        table: The table, as it shall be.
        column: Its column.
        attribute: The attribute of the class.
        core: For a ``Table(…)``, which has no annotations.
    """
    wording = job.wording
    wording.enums = enums_in(job, writer)
    mapped = writer.mapped and not core
    reference_fact, flags = inline_parts(job, table, column)
    if (core and not job.generated) or core:
        flags = [flag for flag in flags if flag == "primary_key"]
    reference = wording.reference(reference_fact) if reference_fact is not None else None
    type_ = wording.type_of(column)
    if type_ is None:
        return "", None, f"SQLAlchemy has no type for {column.type.text}"
    python = wording.python_of(column)
    nullable = not job.new.forbids_null(column)
    args: list[Expr] = [Str(column.name)] if core or attribute != column.name else []
    alias = wording.aliases.get(_code(type_)) if mapped and reference is None and column.collation is None else None
    if alias is not None and alias[1] == writer.file.module:
        python, implied = alias[0], True
    else:
        implied = mapped and wording.is_implied(column, python)
    follows = job.generated and reference is not None and _follows(job, table, column)
    if not implied and not follows:
        args.append(writer.type(type_))
    if reference is not None:
        args.append(reference)
    made, keywords = wording.filling(column, table)
    if made is not None:
        args.append(made)
    keywords = _default_keywords(job, table, column, keywords, reference is not None)
    flag_words: Keywords = tuple((flag, _TRUE) for flag in flags if flag == "primary_key")
    if mapped:
        if "primary_key" not in flags and (python == "Any" or python.startswith("Any ")):
            keywords = (*keywords, ("nullable", Raw(str(nullable))))
    elif not nullable and "primary_key" not in flags:
        keywords = (*keywords, ("nullable", _FALSE))
    keywords = (*flag_words, *keywords, *((flag, _TRUE) for flag in flags if flag != "primary_key"))
    if column.comment is not None:
        keywords = (*keywords, ("comment", Str(column.comment)))
    annotation = python if not nullable or "primary_key" in flags else optional(writer, python)
    call = Call("mapped_column" if mapped else "sa.Column", tuple(args), keywords)
    if not mapped:
        return "", call, ""
    return annotation, call if args or keywords else None, ""


def _default_keywords(job: Job, table: Table, column: Column, keywords: Keywords, referring: bool) -> Keywords:
    primary = job.new.primary_key(table.key)
    inside = primary is not None and column.name in primary.columns
    return tuple(pair for pair in keywords if pair[0] != "autoincrement" or (inside and not referring))


def _follows(job: Job, table: Table, column: Column) -> bool:
    _, call = rendered.mapped_column(job.new, column, table, None)
    return call is not None and not any(
        isinstance(arg, Call) and arg.function not in {"sa.ForeignKey", "sa.Identity", "sa.Computed"}
        for arg in call.args
    )


def _code(expr: Expr) -> str:
    from alembic_vibe.render.code import layout

    return layout(expr, width=10**6)


def add_column(job: Job, found: FoundTable, delta: TableDelta, column: Column) -> None:
    """Put a new column into a class or a ``Table(…)``."""
    if delta.new is None or column.name in found.columns or column.inherited:
        return
    table = job.shown_table(delta.new)
    column = table.column(column.name)
    writer = job.writer(found.file)
    if found.cls is None:
        _, call, reason = column_call(job, writer, table, column, column.name, core=True)
        if call is None or found.call is None:
            job.note(BY_HAND, f"{table.key.qualified}.{column.name} is not in the models: {reason}", found.file)
            return
        written = writer.expr(call)
        listing = job.arguments(found.file, found.call)
        listing.insert(
            _argument_place(job, found, table, column),
            lambda pad: writer.text(written, pad, after=1) if pad is not None else writer.flat(written),
        )
        return
    taken = {name for cls in found.cls.lineage() for name in (*cls.members, *cls.others)}
    attribute = naming.attribute_name(column.name, taken)
    statement, reason = column_statement(job, writer, table, column, attribute, found.cls)
    if not statement:
        job.note(BY_HAND, f"{table.key.qualified}.{column.name} is not in the models: {reason}", found.file)
        return
    insert_statement(found.file, body_place(found, _before(found, table, column)), statement)


def column_statement(
    job: Job, writer: Writer, table: Table, column: Column, attribute: str, cls: FoundClass | None
) -> tuple[str, str]:
    """Return the statement of a class body, without its indentation, and why there is none."""
    annotation, call, reason = column_call(job, writer, table, column, attribute)
    if reason:
        return "", reason
    if cls is not None and is_dataclass(cls) and writer.mapped:
        call = call or Call("mapped_column")
        call = _as_field(job, column, call, cls)
        call = None if not call.args and not call.kwargs else call
    pad = writer.file.unit
    head = attribute
    if writer.mapped:
        head += f": {writer.names.use('sqlalchemy.orm', 'Mapped')}[{writer.names.spell(annotation)}]"
    if call is None:
        return head, ""
    return f"{head} = {writer.text(writer.expr(call), pad, len(head) + 3)}", ""


def _as_field(job: Job, column: Column, call: Call, cls: FoundClass) -> Call:
    """Return a column that a dataclass can take behind fields that have defaults."""
    filled = any(name in {"server_default", "autoincrement"} for name, _ in call.kwargs)
    filled = filled or any(
        isinstance(arg, Call) and arg.function in {"sa.Identity", "sa.Computed"} for arg in call.args
    )
    serial = column.default is not None or column.identity or column.generated
    if filled or serial:
        extra: Keywords = (("init", _FALSE),)
    elif not job.new.forbids_null(column):
        extra = (("default", Raw("None")),)
    elif not is_keyword_only(cls) and _has_default(cls):
        extra = (("kw_only", _TRUE),)
    else:
        extra = ()
    return Call(call.function, call.args, (*call.kwargs, *extra))


def _has_default(cls: FoundClass) -> bool:
    from alembic_vibe.merge.scan import is_column, is_relation, keyword

    if cls.filled:
        return True
    for found in cls.lineage():
        for member in found.members.values():
            if member.call is None or not (is_column(member) or is_relation(member)):
                continue
            init = keyword(member.call, "init")
            if init is not None and found.file.code(init.value) == "False":
                continue
            if any(keyword(member.call, name) for name in ("default", "default_factory", "insert_default")):
                return True
    return False


def _before(found: FoundTable, table: Table, column: Column) -> FoundColumn | None:
    """Return the column of the class that the new one follows: the nearest before it in the table's own order."""
    names = [other.name for other in table.columns]
    for name in reversed(names[: names.index(column.name)]):
        there = found.columns.get(name)
        if there is not None and there.owner is found.cls:
            return there
    own = found.own_columns()
    return own[-1] if own and names.index(column.name) > 0 else None


def _argument_place(job: Job, found: FoundTable, table: Table, column: Column) -> int:
    if found.call is None:
        return 0
    listing = job.arguments(found.file, found.call)
    before = _before(found, table, column)
    if before is not None and before.call is not None:
        node = next(
            (n for n, item in enumerate(listing.items) if getattr(item.node, "value", None) is before.call), None
        )
        if node is not None:
            return node + 1
    return min(2, len(listing.items))


# -- dropped columns -------------------------------------------------------------------------------------------------


def drop_column(job: Job, found: FoundTable, column: Column, delta: TableDelta) -> None:
    """Take a column out of the class, the mixin or the ``Table(…)`` that says it."""
    there = found.columns.get(column.name)
    if there is None:
        return
    if there.owner is None:
        if found.call is not None and there.call is not None:
            listing = job.arguments(found.file, found.call)
            number = [n for n, item in enumerate(listing.items) if getattr(item.node, "value", None) is there.call]
            listing.removed.update(number)
            if found.variable:
                job.dropped.append((found.file, found.variable, column.name))
        return
    if there.owner not in found.classes and not _all_change(job, there, lambda d: _is_dropped(d, column.name)):
        name = f"{delta.key.qualified}.{column.name}"
        message = f"{name} was dropped, and comes from {there.owner.name}, which other tables use as well"
        job.note(SHARED, message, there.file, there.member.line if there.member is not None else None)
        return
    if not job.is_own(there.file) or there.member is None:
        job.note(
            BY_HAND, f"{delta.key.qualified}.{column.name} was dropped, and comes from {there.file.path}", there.file
        )
        return
    remove_statement(there.file, there.member)
    for cls in {there.owner, *found.classes}:
        job.dropped.append((there.file if cls is there.owner else cls.file, cls.name, there.attribute))


def _is_dropped(delta: TableDelta | None, name: str) -> bool:
    if delta is None or delta.old is None:
        return False
    return delta.new is None or any(old is not None and new is None and old.name == name for old, new in delta.columns)


def _all_change(job: Job, column: FoundColumn, same: Callable[[TableDelta | None], bool]) -> bool:
    """Whether every table that has a mixin's column changes it alike."""
    for table in job.sharers(column):
        delta = next((d for d in job.delta.tables if job.models.table((d.old or d.new).key) is table), None)  # type: ignore[union-attr]
        if not same(delta):
            return False
    return True


# -- changed columns -------------------------------------------------------------------------------------------------


def change_column(job: Job, found: FoundTable, delta: TableDelta, old: Column, new: Column) -> None:
    """Change what differs in a column, and leave the rest of its statement as it is."""
    there = found.columns.get(old.name)
    table = delta.new
    name = f"{delta.key.qualified}.{new.name}"
    if table is None or new.inherited:
        return
    if there is None:
        if new.name not in found.columns:
            job.note(
                BY_HAND,
                f"{name} changed, and is not found in the models",
                found.file,
                found.cls.node if found.cls is not None else None,
            )
        return
    if there.owner is not None and there.owner not in found.classes:
        if not _all_change(job, there, lambda d: d is not None and (old, new) in d.columns):
            _override(job, found, table, new, there)
            return
        if not job.is_own(there.file):
            job.note(BY_HAND, f"{name} changed, and comes from {there.file.path}, which is no model file", there.file)
            return
        if id(there.member) in job.done_once:
            return  # another table has brought the same change
        job.done_once.add(id(there.member))
    if there.opaque or (there.call is None and there.member is not None and there.member.value is not None):
        message = f"{name} changed, and it is not understood what makes the column"
        job.note(BY_HAND, message, there.file, there.member.line if there.member is not None else None)
        return
    _change(job, there, table, old, new)


def _override(job: Job, found: FoundTable, table: Table, new: Column, there: FoundColumn) -> None:
    """Say a column of a mixin in the class itself: other tables keep theirs."""
    if found.cls is None:
        return
    writer = job.writer(found.file)
    table = job.shown_table(table)
    statement, reason = column_statement(job, writer, table, table.column(new.name), there.attribute, found.cls)
    if not statement:
        job.note(BY_HAND, f"{table.key.qualified}.{new.name} is not changed in the models: {reason}", found.file)
        return
    insert_statement(found.file, body_place(found, _before(found, table, new)), statement)


def _change(job: Job, there: FoundColumn, table: Table, old: Column, new: Column) -> None:
    writer = job.writer(there.file)
    wording = job.wording
    wording.enums = enums_in(job, writer)
    change = column_change(job, there)
    if old.name != new.name:
        change.rename(new.name)
    type_changed = (old.type, old.collation) != (new.type, new.collation)
    python_before, python_now = wording.python_of(old), wording.python_of(new)
    mapped = there.member is not None and there.member.annotation is not None
    inner = mapped_inner(there.member.annotation) if there.member is not None and there.member.annotation else None
    if type_changed:
        type_ = wording.type_of(new)
        if type_ is None:
            message = f"{table.key.qualified}.{new.name} is {new.type.text} now, for which SQLAlchemy has no type"
            job.note(BY_HAND, message, there.file, there.member.line if there.member is not None else None)
            return
        reference = rendered.single_foreign_key(job.new, table.key, new.name)
        implied = inner is not None and wording.is_implied(new, python_now)
        change.type(writer.type(type_), implied=implied or (reference is not None and not change.has_type()))
    shown = job.shown_table(table).column(new.name)
    was_nullable, is_nullable = not job.old.forbids_null(old), not job.new.forbids_null(new)
    primary = job.new.primary_key(table.key)
    is_key = primary is not None and new.name in primary.columns
    if mapped and inner is not None:
        change.annotation(inner, python_now if python_before != python_now else "", is_nullable and not is_key)
    if was_nullable != is_nullable and not is_key:
        change.nullable(is_nullable, said=inner is None)
    if _filling(old) != _filling(new):
        made, keywords = wording.filling(shown, job.shown_table(table))
        change.filling(made, dict(keywords).get("server_default"))
    if old.comment != new.comment:
        change.keyword("comment", Str(new.comment) if new.comment is not None else None)


def _filling(column: Column) -> tuple[object, ...]:
    return column.default, column.generated, column.identity, column.identity_options


def set_flag(job: Job, found: FoundTable, column: str, flag: str, value: Expr | None) -> bool:
    """Set or take away ``unique=True`` and the like; say whether the column is there for it."""
    there = found.columns.get(column)
    if there is None or there.opaque or (there.owner is not None and there.owner not in found.classes):
        return False
    column_change(job, there).keyword(flag, value)
    return True


def plain_index_of(job: Job, index: Index) -> str:
    """Return the column whose ``index=True`` says all of an index, else an empty text."""
    return str(index.keys[0].column) if job.wording.is_plain_index(index) else ""
