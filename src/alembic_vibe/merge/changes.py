"""Changes inside one column: single arguments of its call, and its annotation. The rest of the statement stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.merge.scan import keyword, last_name, positional, string_value
from alembic_vibe.merge.wording import optional
from alembic_vibe.render.code import Call, Expr, Raw, Str

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from alembic_vibe.merge.found import FoundColumn
    from alembic_vibe.merge.job import Job
    from alembic_vibe.merge.style import Writer

_NO_TYPES = frozenset(
    {"ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue", "DefaultClause"}
)
_FILLING = frozenset({"Identity", "Computed"})


class CallChange:
    """What changes in one column; one for each column of a merge (`column_change`)."""

    def __init__(self, job: Job, writer: Writer, column: FoundColumn) -> None:
        self._job, self._writer, self._column = job, writer, column
        self._call = column.call
        self._listing = job.arguments(column.file, column.call) if column.call is not None else None
        self._args: list[Expr] = []  # of the call that an annotation alone did without
        self._keywords: dict[str, Expr] = {}

    # -- what there is -------------------------------------------------------------------------------------------------

    def _positional(self) -> list[cst.Arg]:
        return positional(self._call) if self._call is not None else []

    def _typed(self) -> cst.Arg | None:
        if self._call is None:
            return None
        given = keyword(self._call, "type_")
        if given is not None:
            return given
        import libcst

        for arg in self._positional():
            called = last_name(arg.value.func) if isinstance(arg.value, libcst.Call) else last_name(arg.value)
            if string_value(arg.value) is None and called not in _NO_TYPES:
                return arg
        return None

    def has_type(self) -> bool:
        """Whether the call says the type."""
        return self._typed() is not None

    def _made(self, names: frozenset[str]) -> cst.Arg | None:
        import libcst

        for arg in self._positional():
            if isinstance(arg.value, libcst.Call) and last_name(arg.value.func) in names:
                return arg
        return None

    # -- what changes --------------------------------------------------------------------------------------------------

    def _add(self, expr: Expr, at: int | None = None) -> None:
        written = self._writer.expr(expr)
        if self._listing is None:
            self._args.append(written) if at is None else self._args.insert(at, written)
            return
        place = len(self._positional()) if at is None else at
        self._listing.insert(place, self._laid_out(written))

    def _laid_out(self, written: Expr, name: str = "") -> Callable[[str | None], str]:
        writer = self._writer

        def text(pad: str | None) -> str:
            return name + (writer.flat(written) if pad is None else writer.text(written, pad, len(name), 1))

        return text

    def rename(self, name: str) -> None:
        """Give the column another name; the attribute keeps its own, which the rest of the program uses.

        In a generated module, whose neighbours are written anew, the attribute is renamed as well.
        """
        statement = self._column.member.statement if self._column.member is not None else None
        if self._job.generated and statement is not None and self._column.owner is not None:
            file = self._column.file
            start = file.span(statement)[0]
            file.replace(start, start + len(self._column.attribute), name)
            self._job.dropped.append((file, self._column.owner.name, self._column.attribute))
            return
        first = next(iter(self._positional()), None)
        given = keyword(self._call, "name") if self._call is not None else None
        if given is not None:
            self._replace(given.value, Raw(self._writer.string(name)))
        elif first is not None and string_value(first.value) is not None:
            if name == self._column.attribute and self._column.owner is not None and self._listing is not None:
                self._listing.removed.add(0)
            else:
                self._replace(first.value, Raw(self._writer.string(name)))
        elif name != self._column.attribute:
            self._add(Str(name), 0)

    def _replace(self, node: cst.CSTNode, written: Expr) -> None:
        file = self._column.file
        start, end = file.span(node)
        pad = file.indent_of(start)
        before = start - file.line_start(start) - len(pad)
        text = self._writer.text(written, pad, before, 1) if "\n" in file.code(node) else self._writer.flat(written)
        file.replace(start, end, text)

    def type(self, written: Expr, *, implied: bool) -> None:
        """Give the column another type; ``implied``: the annotation says it already."""
        there = self._typed()
        if there is not None and self._listing is not None:
            if implied and there.keyword is None:
                self._listing.removed.add(self._listing.index(there))
            else:
                self._replace(there.value, written)
        elif not implied:
            named = bool(self._positional()) and string_value(self._positional()[0].value) is not None
            if self._listing is None:
                self._args.append(written)
            else:
                self._listing.insert(1 if named else 0, self._laid_out(written))

    def annotation(self, inner: cst.BaseExpression, python: str, nullable: bool) -> None:
        """Bring ``X`` of ``Mapped[X]`` to another type (``python``, empty: the same) and to NULL or not."""
        file, writer = self._column.file, self._writer
        text = file.code(inner)
        quoted = text[:1] if text[:1] in {'"', "'"} else ""
        core, was_nullable = _without_none(text.strip("\"'") if quoted else text)
        if not python and was_nullable == nullable:
            return
        core = writer.names.spell(python) if python else core
        now = optional(writer, core) if nullable else core
        file.replace(*file.span(inner), f"{quoted}{now}{quoted}")

    def nullable(self, value: bool, *, said: bool) -> None:
        """Allow NULL or not: ``said`` where ``nullable=`` must say so, as opposed to the annotation."""
        given = keyword(self._call, "nullable") if self._call is not None else None
        if given is not None and value and self._column.file.code(given.value) == "False" and said:
            self.keyword("nullable", None)
        elif given is not None:
            self.keyword("nullable", Raw(str(value)))
        elif said and not value:
            self.keyword("nullable", Raw("False"))

    def filling(self, made: Call | None, default: Expr | None) -> None:
        """Change what fills the column by itself."""
        there = self._made(_FILLING)
        if there is not None and self._listing is not None:
            if made is not None:
                self._replace(there.value, self._writer.expr(made))
            else:
                self._listing.removed.add(self._listing.index(there))
        elif made is not None:
            self._add(made)
        self.keyword("server_default", default)

    def keyword(self, name: str, value: Expr | None) -> None:
        """Set a keyword argument, or take it away."""
        given = keyword(self._call, name) if self._call is not None else None
        if self._listing is None:
            if value is None:
                self._keywords.pop(name, None)
            else:
                self._keywords[name] = self._writer.expr(value)
        elif given is not None and value is None:
            self._listing.removed.add(self._listing.index(given))
        elif given is not None and value is not None:
            self._replace(given.value, self._writer.expr(value))
        elif value is not None and name not in self._keywords:
            self._keywords[name] = value
            written = self._writer.expr(value)
            self._listing.insert(len(self._listing.items), self._laid_out(written, f"{name}="))

    def add_reference(self, call: Call) -> None:
        """Add ``ForeignKey(…)``."""
        self._add(call)

    def done(self) -> None:
        """Write the call that an annotation alone did without; everything else is noted already."""
        member, file = self._column.member, self._column.file
        if self._listing is not None or member is None or not (self._args or self._keywords):
            return
        statement = member.statement
        if statement is None or member.value is not None:
            return
        call = Call(self._writer.names.spell("mapped_column"), tuple(self._args), tuple(self._keywords.items()))
        start, end = file.span(statement)
        pad = file.indent_of(start)
        file.insert(end, f" = {self._writer.text(call, pad, end - start + 3)}")


def _without_none(text: str) -> tuple[str, bool]:
    """Return an annotation without ``None``, and whether it had one."""
    stripped = text.strip()
    for head in ("Optional[", "typing.Optional[", "t.Optional["):
        if stripped.startswith(head) and stripped.endswith("]"):
            return stripped[len(head) : -1], True
    parts = [part.strip() for part in stripped.split("|")]
    if "None" in parts and "[" not in "".join(parts[1:]):
        return " | ".join(part for part in parts if part != "None"), True
    if stripped.endswith("| None"):
        return stripped.removesuffix("None").rstrip("| "), True
    return stripped, False


def column_change(job: Job, column: FoundColumn) -> CallChange:
    """Return the change of a column; the same object for the same column."""
    key = id(column.member) if column.member is not None else id(column.call)
    if key not in job.changes:
        job.changes[key] = CallChange(job, job.writer(column.file), column)
    return job.changes[key]
