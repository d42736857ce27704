"""What is found in the project's model files: classes, tables, their columns, and the words of SQLAlchemy in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.merge.source import ModelFile

COLUMN_CALLS = frozenset({"Column", "mapped_column"})
WRAPPERS = frozenset({"deferred", "column_property"})
RELATIONS = frozenset({"relationship", "relation", "dynamic_loader", "write_only_relationship"})


@dataclass(eq=False)
class Member:
    """A statement of a class body that gives one attribute, or a method that ``declared_attr`` makes one."""

    name: str
    line: cst.SimpleStatementLine | cst.FunctionDef
    statement: cst.Assign | cst.AnnAssign | None
    annotation: cst.Annotation | None
    value: cst.BaseExpression | None
    call: cst.Call | None = None  # Column(…), mapped_column(…), relationship(…), Field(…)
    function: str = ""  # the last part of the call's name


@dataclass(eq=False)
class FoundClass:
    """A class: ``bases`` as they are written, ``members`` by name, ``others`` are the names of methods and the like."""

    name: str
    file: ModelFile
    node: cst.ClassDef
    bases: list[str]
    keywords: dict[str, str]
    decorators: list[str]
    members: dict[str, Member] = field(default_factory=dict)
    others: dict[str, cst.CSTNode] = field(default_factory=dict)
    parents: list[FoundClass] = field(default_factory=list)  # those that could be found, nearest first
    unknown: list[str] = field(default_factory=list)  # the bases that could not
    filled: bool = False  # a class that is being written: one of its fields has a default

    def lineage(self) -> list[FoundClass]:
        """Return the class and all that it inherits from, nearest first."""
        result: list[FoundClass] = []
        waiting = [self]
        while waiting:
            found = waiting.pop(0)
            if found not in result:
                result.append(found)
                waiting = [*found.parents, *waiting]
        return result

    def words(self) -> set[str]:
        """Return the last parts of all bases' names, the unknown ones included."""
        return {base.rpartition(".")[2].partition("[")[0] for found in self.lineage() for base in found.bases}


@dataclass(eq=False)
class FoundColumn:
    """A column: ``owner`` is the class that says it, ``None`` in a ``Table(…)``.

    ``call`` is missing where the annotation says it all, or where it cannot be told what makes the column.
    """

    name: str
    attribute: str
    file: ModelFile
    call: cst.Call | None
    member: Member | None = None
    owner: FoundClass | None = None
    opaque: bool = False  # made by something that is not understood


@dataclass(eq=False)
class FoundTable:
    """A table: of a class, or a ``Table(…)`` call. ``column_files``: every class or call that says columns of it."""

    name: str
    schema: str | None  # None: it cannot be told
    file: ModelFile
    cls: FoundClass | None
    call: cst.Call | None
    statement: cst.SimpleStatementLine | None = None
    variable: str = ""
    columns: dict[str, FoundColumn] = field(default_factory=dict)
    heirs: list[FoundClass] = field(default_factory=list)  # single-table inheritance

    @property
    def classes(self) -> list[FoundClass]:
        """The class and those that share its table."""
        return ([self.cls] if self.cls is not None else []) + self.heirs

    def own_columns(self) -> list[FoundColumn]:
        """Return the columns that the class or call says itself, as they stand."""
        return [column for column in self.columns.values() if column.owner is self.cls]
