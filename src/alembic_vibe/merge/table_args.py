"""``__table_args__`` of a class and the arguments of a ``Table(…)``: where they are, and how they get more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.merge.listing import dict_listing
from alembic_vibe.merge.places import head_place, insert_statement
from alembic_vibe.merge.rules import BY_HAND
from alembic_vibe.merge.scan import keyword, positional, string_value
from alembic_vibe.render.code import Expr, Mapping, Raw, Sequence, Str

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from alembic_vibe.merge.delta import TableDelta
    from alembic_vibe.merge.found import FoundClass, FoundTable
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.listing import Listing
    from alembic_vibe.merge.source import ModelFile
    from alembic_vibe.merge.style import Writer


@dataclass
class Arguments:
    """The tuple, dict or call that holds the arguments of a table."""

    file: ModelFile
    owner: FoundClass | None
    node: cst.Tuple | cst.Dict | cst.Call | None
    listing: Listing | None


def find_arguments(job: Job, found: FoundTable) -> Arguments | None:
    """Return where the arguments are; ``None`` where something computes them."""
    import libcst as cst

    if found.cls is None:
        if found.call is None:
            return None
        return Arguments(found.file, None, found.call, job.arguments(found.file, found.call))
    for cls in found.cls.lineage():
        member = cls.members.get("__table_args__")
        if member is None:
            if "__table_args__" in cls.others:
                return None
            continue
        if isinstance(member.value, cst.Tuple):
            return Arguments(cls.file, cls, member.value, job.elements(cls.file, member.value))
        if isinstance(member.value, cst.Dict):
            return Arguments(cls.file, cls, member.value, None)
        return None
    return Arguments(found.cls.file, None, None, None)


def subject(found: FoundTable) -> str:
    """Return what a table is called in a message."""
    return f"class {found.cls.name}" if found.cls is not None else f"table {found.name}"


def write_arguments(
    job: Job,
    found: FoundTable,
    delta: TableDelta,
    place: Arguments | None,
    added: list[Expr],
    comment: Expr | None,
) -> None:
    """Add constraints and indexes to the arguments of a table, and set its comment.

    Args:
        job: The merge.
        found: The table.
        delta: What changed, for messages.
        place: What `find_arguments` says.
        added: The constraints and indexes.
        comment: The comment; ``Raw("")`` takes it away, ``None`` leaves it.
    """
    import libcst as cst

    owner = place.owner if place is not None else None
    shared = owner is not None and owner not in found.classes
    if place is None or (shared and not isinstance(place.node, cst.Dict)):
        reason = f"{owner.name} gives those of several classes" if owner is not None else "something computes them"
        what = f"the arguments of {subject(found)} have to change ({delta.key.qualified}), and {reason}"
        job.note(BY_HAND, what, found.file, found.cls.node.name if found.cls is not None else None)
        return
    writer = job.writer(found.file if shared else place.file)
    written = [writer.expr(expr) for expr in added]
    if shared and isinstance(place.node, cst.Dict):
        written.append(Raw(place.file.code(place.node)))
    elif isinstance(place.node, cst.Call) and place.listing is not None:
        count = len(positional(place.node))
        for expr in written:
            place.listing.insert(count, _laid(writer, expr))
        if comment is not None:
            _call_option(job, place.file, place.node, place.listing, "comment", comment)
        return
    elif isinstance(place.node, cst.Tuple) and place.listing is not None:
        _into_tuple(job, place, place.node, place.listing, written, comment)
        return
    elif isinstance(place.node, cst.Dict):
        _around_dict(job, place, place.node, written, comment)
        return
    if found.cls is None or (not written and comment in {None, Raw("")}):
        return
    if comment is not None and comment != Raw("") and not shared:
        written.append(writer.expr(Mapping((("comment", comment),))))
    value: Expr = Sequence(tuple(written), "()") if added else written[-1]
    pad = found.file.unit
    text = f"__table_args__ = {writer.text(value, pad, 17)}"
    insert_statement(found.file, (found.cls, head_place(found.cls), False), text)


def _into_tuple(
    job: Job, place: Arguments, node: cst.Tuple, listing: Listing, written: list[Expr], comment: Expr | None
) -> None:
    import libcst as cst

    writer = job.writer(place.file)
    last = node.elements[-1].value if node.elements else None
    options = last if isinstance(last, cst.Dict) else None
    at = len(listing.items) - (1 if options is not None else 0)
    for expr in written:
        listing.insert(at, _laid(writer, expr))
    if comment is not None and options is not None:
        _dict_option(job, place.file, options, comment)
    elif comment is not None and comment != Raw(""):
        pair = writer.expr(Mapping((("comment", comment),)))
        listing.insert(len(listing.items), _laid(writer, pair))


def _around_dict(job: Job, place: Arguments, node: cst.Dict, written: list[Expr], comment: Expr | None) -> None:
    """Make a tuple of the dict that the arguments are so far."""
    writer = job.writer(place.file)
    start, end = place.file.span(node)
    if comment is not None:
        _dict_option(job, place.file, node, comment)
    if written:
        pad = place.file.indent_of(start)
        inner = pad + place.file.unit
        lines = "".join(f"{inner}{writer.text(expr, inner, after=1)},\n" for expr in written)
        place.file.insert(start, f"(\n{lines}{inner}")
        place.file.insert(end, f",\n{pad})")


def _laid(writer: Writer, expr: Expr) -> Callable[[str | None], str]:
    def text(pad: str | None) -> str:
        return writer.flat(expr) if pad is None else writer.text(expr, pad, after=1)

    return text


def _dict_option(job: Job, file: ModelFile, node: cst.Dict, value: Expr, name: str = "comment") -> None:
    """Set an entry of the dict, or take it out where the value is empty."""
    import libcst as cst

    listing = dict_listing(file, node)
    writer = job.writer(file)
    for number, element in enumerate(node.elements):
        if isinstance(element, cst.DictElement) and string_value(element.key) == name:
            if value == Raw(""):
                listing.removed.add(number)
                listing.flush()
            else:
                file.replace(*file.span(element.value), writer.flat(writer.expr(value)))
            return
    if value != Raw(""):
        pair = f"{writer.string(name)}: {writer.flat(writer.expr(value))}"
        listing.insert(len(listing.items), lambda _pad: pair)
        listing.flush()


def _call_option(job: Job, file: ModelFile, call: cst.Call, listing: Listing, name: str, value: Expr) -> None:
    given = keyword(call, name)
    writer = job.writer(file)
    if given is not None and value == Raw(""):
        listing.removed.add(listing.index(given))
    elif given is not None:
        file.replace(*file.span(given.value), writer.flat(writer.expr(value)))
    elif value != Raw(""):
        text = f"{name}={writer.flat(writer.expr(value))}"
        listing.insert(len(listing.items), lambda _pad: text)


def set_schema(job: Job, found: FoundTable, schema: str) -> bool:
    """Change the schema where the class or call itself says one as a literal."""
    import libcst as cst

    place = find_arguments(job, found)
    if place is None:
        return False
    if isinstance(place.node, cst.Call) and place.listing is not None:
        _call_option(job, place.file, place.node, place.listing, "schema", Str(schema))
        return True
    node = place.node
    if isinstance(node, cst.Tuple):
        node = node.elements[-1].value if node.elements and isinstance(node.elements[-1].value, cst.Dict) else None
    if isinstance(node, cst.Dict):
        _dict_option(job, place.file, node, Str(schema), "schema")
        return True
    return False
