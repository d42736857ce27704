"""What the parts of a merge share: the files, both plans, the writers, and the changes that wait to become edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index, Table
from alembic_vibe.merge.listing import Listing, call_listing, sequence_listing
from alembic_vibe.merge.style import Writer, make_writer

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.merge.changes import CallChange
    from alembic_vibe.merge.delta import Delta
    from alembic_vibe.merge.find import FoundModels
    from alembic_vibe.merge.found import FoundColumn, FoundTable
    from alembic_vibe.merge.source import ModelFile
    from alembic_vibe.merge.wording import Enums, Wording
    from alembic_vibe.render.models.plan import Plan


@dataclass(eq=False)
class Job:
    """One merge. ``old`` and ``new`` are the plans of the models before and after, with the names of the files."""

    models: FoundModels
    delta: Delta
    old: Plan
    new: Plan
    wording: Wording
    generated: bool
    width: int = 0
    notes: list[Diagnostic] = field(default_factory=list)
    dropped: list[tuple[ModelFile, str, str]] = field(default_factory=list)  # file, class, attribute
    homes: dict[Key, ModelFile] = field(default_factory=dict)  # the files that new tables go to
    created: list[ModelFile] = field(default_factory=list)  # files that are new
    enums: dict[int, dict[Key, Enums]] = field(default_factory=dict)  # by file
    patterns: dict[int, ModelFile] = field(default_factory=dict)  # the file that a new one is like
    imports: dict[int, Listing] = field(default_factory=dict)  # imports that lose names
    first_relation: set[tuple[ModelFile, str]] = field(default_factory=set)  # classes that got their first one
    done_once: set[int] = field(default_factory=set)  # members that several tables or links lead to
    changes: dict[int, CallChange] = field(default_factory=dict)
    _writers: dict[int, Writer] = field(default_factory=dict)
    _listings: dict[int, Listing] = field(default_factory=dict)

    def writer(self, file: ModelFile) -> Writer:
        """Return the writer of a file."""
        if id(file) not in self._writers:
            writer = make_writer(self.models, file, self.width, generated=self.generated)
            writer.names.shadowed = self._attributes(file)
            self._writers[id(file)] = writer
        return self._writers[id(file)]

    def _attributes(self, file: ModelFile) -> frozenset[str]:
        """Return the attributes that the classes of a file have, or get."""
        names = {name for cls in self.models.scan_of(file).classes.values() for name in cls.members}
        for delta in self.delta.tables:
            if delta.new is None:
                continue
            found = self.models.table(delta.old.key if delta.old is not None else delta.new.key)
            if (found is not None and found.file is file) or self.homes.get(delta.key) is file:
                names |= {column.name for column in delta.new.columns}
        return frozenset(names)

    def arguments(self, file: ModelFile, call: cst.Call) -> Listing:
        """Return the arguments of a call; the same object for the same call."""
        if id(call) not in self._listings:
            self._listings[id(call)] = call_listing(file, call)
        return self._listings[id(call)]

    def elements(self, file: ModelFile, node: cst.Tuple | cst.List) -> Listing:
        """Return the elements of a tuple or list; the same object for the same node."""
        if id(node) not in self._listings:
            self._listings[id(node)] = sequence_listing(file, node)
        return self._listings[id(node)]

    def flush(self) -> None:
        """Turn everything that waits into edits."""
        for change in self.changes.values():
            change.done()
        for listing in [*self.imports.values(), *self._listings.values()]:
            listing.flush()
        for writer in self._writers.values():
            writer.names.flush(writer.width)

    def note(self, rule: Rule, message: str, file: ModelFile | None = None, node: cst.CSTNode | None = None) -> None:
        """Report something at its place in a file."""
        if file is None:
            found = rule.diagnostic(message)
        elif node is None:
            found = rule.diagnostic(message, path=file.path)
        else:
            found = rule.diagnostic(message, source=file.source(), span=file.where(node))
        if found.message not in {note.message for note in self.notes}:
            self.notes.append(found)

    def shown_table(self, table: Table) -> Table:
        """Return a table in the words that models show; facts are compared in PostgreSQL's."""
        found = self.new.catalog.facts.get(table.key)
        return found if isinstance(found, Table) else table

    def shown_part(self, part: Constraint | Index) -> Constraint | Index:
        """Return a constraint or index in the words that models show."""
        found = self.new.catalog.facts.get(part.key)
        return found if isinstance(found, Constraint | Index) else part

    def is_own(self, file: ModelFile) -> bool:
        """Whether a file is one of the models, which may be changed."""
        return any(file is own for own in (*self.models.own, *self.created))

    def sharers(self, column: FoundColumn) -> list[FoundTable]:
        """Return the tables whose column it is: several for a column of a mixin."""
        return [
            table
            for table in self.models.tables
            if any(other.member is column.member and other.owner is column.owner for other in table.columns.values())
        ]
