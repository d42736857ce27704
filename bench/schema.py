"""The schema that all take part with: 12 columns, 3 indexes, 1 foreign key and 1 check for each table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mako.template import Template

_TEMPLATES = Path(__file__).parent / "templates"
_BRANCHES = 3  # each table is the parent of three: the tree of foreign keys stays shallow, as in applications


@dataclass(frozen=True)
class Table:
    """One table and the one that it refers to (the first refers to itself)."""

    number: int

    @property
    def name(self) -> str:
        return f"item_{self.number:04d}s"

    @property
    def class_name(self) -> str:
        return f"Item{self.number:04d}"

    @property
    def parent(self) -> str:
        return Table(max(self.number - 1, 0) // _BRANCHES).name

    @property
    def parent_column(self) -> str:
        return f"{self.parent.removesuffix('s')}_id"


def sections(tables: int, per_section: int) -> list[list[Table]]:
    """Return the tables, in sections of one size."""
    numbers = range(tables)
    return [[Table(number) for number in numbers[at : at + per_section]] for at in numbers[::per_section]]


def specification(tables: int, per_section: int) -> str:
    """Return the schema as a specification."""
    return _render("specification.mako", tables, per_section)


def models(tables: int, per_section: int) -> str:
    """Return the schema as declarative models, as an engineer writes them."""
    return _render("models.mako", tables, per_section)


def with_another_type(text: str, number: int) -> str:
    """Return the specification with another type for one column of one table."""
    start = text.index(f"CREATE TABLE {Table(number).name} (")
    head, tail = text[:start], text[start:]
    return head + tail.replace("code varchar(40)", "code varchar(60)", 1)


def with_changes(text: str, tables: int, changed: int) -> str:
    """Return the specification or the models with another type, a new and a dropped column in some of the tables."""
    parts = [text]
    for number in reversed(range(0, tables, max(tables // changed, 1))):
        head, rest = parts[0], parts[1:]
        sql = f"CREATE TABLE {Table(number).name} ("
        start = head.index(sql if sql in head else f"class {Table(number).class_name}(Base)")
        changing = head[start:]
        for old, new in _CHANGES.items():
            changing = changing.replace(old, new, 1)
        parts = [head[:start], changing, *rest]
    return "".join(parts)


_CHANGES = {
    # in the specification
    "quantity integer": "quantity bigint",
    "    valid_on date,\n": "    weight double precision,\n",
    # in the models
    "quantity: Mapped[int] = mapped_column(": "quantity: Mapped[int] = mapped_column(sa.BigInteger, ",
    "valid_on: Mapped[datetime.date | None]": "weight: Mapped[float | None]",
}


def _render(template: str, tables: int, per_section: int) -> str:
    text = Template(filename=str(_TEMPLATES / template)).render(sections=sections(tables, per_section))
    return str(text)
