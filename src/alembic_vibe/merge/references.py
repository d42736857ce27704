"""``ForeignKey(…)`` inside a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.merge.find import constant
from alembic_vibe.merge.scan import keyword, last_name, positional
from alembic_vibe.render.code import Expr, layout
from alembic_vibe.render.models.columns import reference_keywords

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.merge.found import FoundColumn, FoundTable
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.listing import Listing

_OPTIONS = ("ondelete", "onupdate", "match", "deferrable", "initially")


def find_reference(job: Job, found: FoundTable, constraint: Constraint) -> tuple[FoundColumn, Listing, int] | None:
    """Return the ``ForeignKey(…)`` of a column that is a constraint: the column, its arguments, and which it is."""
    import libcst as cst

    column = found.columns.get(constraint.columns[0])
    if column is None or column.call is None or (column.owner is not None and column.owner not in found.classes):
        return None
    matches = [
        arg
        for arg in positional(column.call)
        if isinstance(arg.value, cst.Call) and last_name(arg.value.func) == "ForeignKey"
    ]
    if len(matches) > 1 and constraint.references is not None:
        name = constraint.references.name
        matches = [arg for arg in matches if _target(job, column, arg.value).split(".")[-2:-1] == [name]]  # type: ignore[arg-type]
    if not matches:
        return None
    listing = job.arguments(column.file, column.call)
    return column, listing, listing.index(matches[0])


def _target(job: Job, column: FoundColumn, call: cst.Call) -> str:
    args = positional(call)
    return (constant(job.models, job.models.scan_of(column.file), args[0].value) if args else None) or ""


def change_reference(job: Job, place: tuple[FoundColumn, Listing, int], old: Constraint, new: Constraint) -> None:
    """Bring the target and the options of a foreign key to what they shall be; its other arguments stay."""
    column, listing, number = place
    call = listing.items[number].node.value  # type: ignore[attr-defined]
    file = column.file
    writer = job.writer(file)
    wanted = job.wording.reference(new)
    if wanted is None:
        return
    if (old.references, old.reference_columns) != (new.references, new.reference_columns):
        target = positional(call)[0].value
        file.replace(*file.span(target), writer.flat(writer.expr(wanted.args[0])))
    inner = job.arguments(file, call)
    before, after = dict(reference_keywords(old)), dict(reference_keywords(new))
    for name in _OPTIONS:
        if before.get(name) != after.get(name):
            _set(inner, call, name, writer.expr(after[name]) if name in after else None, file)
    given = keyword(call, "name")
    if old.name != new.name and given is not None:
        file.replace(*file.span(given.value), writer.string(new.name))


def _set(listing: Listing, call: cst.Call, name: str, value: Expr | None, file: object) -> None:
    given = keyword(call, name)
    if value is None:
        if given is not None:
            listing.removed.add(listing.index(given))
        return
    text = layout(value, width=10**6)
    if given is not None:
        file.replace(*file.span(given.value), text)  # type: ignore[attr-defined]
    else:
        listing.insert(len(listing.items), lambda _pad: f"{name}={text}")
