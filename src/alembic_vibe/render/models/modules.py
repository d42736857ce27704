"""The text of the modules: what each imports, and what it holds, laid out for the templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import wrap
from typing import TYPE_CHECKING

from alembic_vibe import naming
from alembic_vibe.catalog.facts import Enum
from alembic_vibe.render.code import WIDTH, Call, Expr, Mapping, Raw, Sql, Str, layout, needs_dedent, quote
from alembic_vibe.render.code import Sequence as Items
from alembic_vibe.render.code import quote_docstring as escaped
from alembic_vibe.render.models import arguments, columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as ReadOnly

    from alembic_vibe.catalog.facts import Table
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import ModelSection, Plan
    from alembic_vibe.render.models.relationships import Relationship

_DIGITS = re.compile(r"(\d+)")
_WORDS = re.compile(r"[A-Za-z_]\w*")
_STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'")


@dataclass
class ClassBlock:
    """A class of a module: header, docstring, and its statements, each with the indentation of a class body."""

    name: str
    bases: str
    doc: str = ""
    groups: list[list[str]] = field(default_factory=list)  # separated by empty lines


@dataclass
class Module:
    """What the template of a section's module prints."""

    doc: str
    imports: list[list[str]] = field(default_factory=list)  # groups, separated by empty lines
    type_checking: list[str] = field(default_factory=list)
    enums: list[ClassBlock] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    classes: list[ClassBlock] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


def docstring(text: str, column: int) -> str:
    """Return a docstring with its quotes, wrapped to the line length; paragraphs stay apart."""
    pad = " " * column
    width = WIDTH - column
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    body = [escaped(paragraph) for paragraph in paragraphs if paragraph]
    if body and body[0].startswith('"'):
        body[0] = "\\" + body[0]
    if len(body) == 1 and len(body[0]) + 6 <= width:
        return f'"""{body[0]}"""'
    lines: list[str] = []
    for number, paragraph in enumerate(body):
        if number:
            lines.append("")
        opening = 0 if number else 3
        lines.extend(wrap(" " * opening + paragraph, width, break_long_words=False, break_on_hyphens=False))
        if not number:
            lines[0] = '"""' + lines[0].lstrip()
    if len(lines) == 1:  # fits but for the closing quotes: those may stand out, as in ruff's own layout
        return f'{lines[0]}"""'
    return ("\n" + pad).join(lines).replace(f"\n{pad}\n", "\n\n") + f'\n{pad}"""'


def import_order(name: str) -> tuple[int, tuple[tuple[int, int | str], ...], str]:
    """Return the key by which ``ruff`` sorts the members of an import: constants, classes, the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, natural(name), name


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key that sorts numbers inside a text by their value."""
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in _DIGITS.split(text) if part)


def import_line(module: str, names: Iterable[str], column: int = 0) -> str:
    """Return ``from module import a, b``, in parentheses where it is too long."""
    members = sorted(set(names), key=import_order)
    line = f"from {module} import {', '.join(members)}"
    if column + len(line) <= WIDTH:
        return line
    pad = " " * column
    return f"from {module} import (\n" + "".join(f"{pad}    {member},\n" for member in members) + f"{pad})"


def _used(texts: Iterable[str]) -> set[str]:
    """Return the names that Python text uses outside its string literals."""
    found: set[str] = set()
    for text in texts:
        found.update(_WORDS.findall(_STRINGS.sub('""', text)))
    return found


def section_module(plan: Plan, section: ModelSection, related: ReadOnly[Key, list[Relationship]]) -> Module | None:
    """Return the module of one section, or ``None`` for a section without tables."""
    tables = plan.tables(section)
    tables = [table for table in tables if plan.home[table.key] == section.slug]
    enums = [key for key, slug in plan.enum_home.items() if slug == section.slug]
    if not tables and not enums:
        return None
    module = Module(doc=docstring(section.title + (f".\n\nSpecification: {section.link}" if section.link else "."), 0))
    module.enums = [_enum_block(plan, key) for key in enums]
    others: dict[str, set[str]] = {}
    for table in tables:
        if table.key in plan.classes:
            block = _class_block(plan, table, related.get(table.key, []), section)
            module.classes.append(block)
            for relation in related.get(table.key, []):
                slug = plan.home[relation.other]
                if slug != section.slug:
                    others.setdefault(slug, set()).add(plan.classes[relation.other])
        else:
            module.tables.append(_core_table(plan, table))
        module.events.extend(_events(plan, table))
    _imports(plan, section, module)
    module.type_checking = [import_line(f".{slug}", names, 4) for slug, names in _sorted_modules(others)]
    if module.type_checking:
        _add_typing(module)
    return module


def _sorted_modules(modules: ReadOnly[str, set[str]]) -> list[tuple[str, set[str]]]:
    return sorted(modules.items(), key=lambda item: (natural(item[0]), item[0]))


def _add_typing(module: Module) -> None:
    """Add ``TYPE_CHECKING`` to the import of ``typing``, or that import to the standard library's group."""
    for group in module.imports:
        for i, line in enumerate(group):
            if line == "from typing import Any":
                group[i] = "from typing import TYPE_CHECKING, Any"
                return
    line = "from typing import TYPE_CHECKING"
    standard = module.imports[0] if module.imports and "sqlalchemy" not in module.imports[0][0] else None
    if standard is None:
        module.imports.insert(0, [line])
        return
    place = next((i for i, other in enumerate(standard) if other.startswith("from uuid")), len(standard))
    standard.insert(place, line)


def _imports(plan: Plan, section: ModelSection, module: Module) -> None:
    lines = [line for block in module.classes for group in block.groups for line in group]
    used = _used([*lines, *module.tables, *module.events])
    standard = [
        line
        for name, line in (
            ("dt", "import datetime as dt"),
            ("enum", "import enum"),
            ("Decimal", "from decimal import Decimal"),
            ("dedent", "from textwrap import dedent"),
            ("Any", "from typing import Any"),
            ("UUID", "from uuid import UUID"),
        )
        if (name in used if name != "enum" else module.enums)
    ]
    third = ["import sqlalchemy as sa"] if "sa" in used else []
    if "postgresql" in used:
        third.append("from sqlalchemy.dialects import postgresql")
    orm = used & {"Mapped", "mapped_column", "relationship"}
    if orm:
        third.append(import_line("sqlalchemy.orm", orm))
    own: dict[str, set[str]] = {
        "base": {"Base", "PgType", "after_create", "enum_values"} & (used | {b.bases for b in module.classes})
    }
    for key, name in plan.enums.items():
        if name in used and plan.enum_home[key] != section.slug:
            own.setdefault(plan.enum_home[key], set()).add(name)
    local = [import_line(f".{slug}", names) for slug, names in _sorted_modules(own) if names]
    module.imports = [group for group in (standard, third, local) if group]


def _enum_block(plan: Plan, key: Key) -> ClassBlock:
    fact = plan.catalog.facts[key]
    labels = fact.labels if isinstance(fact, Enum) else ()
    taken: set[str] = set()
    lines = []
    for label in labels:
        name = naming.member_name(label, taken)
        taken.add(name)
        lines.append(f"    {name} = {layout(Str(label), 4, len(name) + 3)}")
    comment = getattr(fact, "comment", None)
    return ClassBlock(plan.enums[key], "enum.StrEnum", docstring(comment, 4) if comment else "", [lines])


def _class_block(plan: Plan, table: Table, related: list[Relationship], section: ModelSection) -> ClassBlock:
    primary, _ = arguments.inline_primary_key(plan, table)
    text = table.comment or section.descriptions.get(table.key, "")
    block = ClassBlock(plan.classes[table.key], "Base", docstring(text, 4) if text.strip() else "")
    block.groups.append([f"    __tablename__ = {quote(table.key.name)}"])
    extra = arguments.table_arguments(plan, table, mapped=True)
    keywords = arguments.table_keywords(table)
    if extra or keywords:
        value = Items((*extra, Mapping(keywords)) if keywords else extra, "()")
        block.groups[0].append(f"    __table_args__ = {layout(value, 4, 17)}")
    attributes = []
    for column in table.columns:
        python, call = columns.mapped_column(plan, column, table, primary)
        attributes.append(_attribute(plan.attribute(table.key, column.name), f"Mapped[{python}]", call))
    block.groups.append(attributes)
    if related:
        block.groups.append([_relationship(plan, relation) for relation in related])
    return block


def _attribute(name: str, annotation: str, call: Call | None) -> str:
    head = f"{name}: {annotation}"
    return f"    {head}" if call is None else f"    {head} = {layout(call, 4, len(head) + 3)}"


def _relationship(plan: Plan, relation: Relationship) -> str:
    other = plan.classes[relation.other]
    annotation = f'list["{other}"]' if relation.many else f'"{other} | None"' if relation.optional else f'"{other}"'
    return _attribute(relation.name, f"Mapped[{annotation}]", relation.call())


def _core_table(plan: Plan, table: Table) -> str:
    primary, _ = arguments.inline_primary_key(plan, table)
    name = plan.variables[table.key]
    parts: list[Expr] = [Str(table.key.name), Raw("Base.metadata")]
    parts += [columns.core_column(plan, column, table, primary) for column in table.columns]
    parts += arguments.table_arguments(plan, table, mapped=False)
    call = Call("sa.Table", tuple(parts), arguments.table_keywords(table), explode=True)
    return f"{name} = {layout(call, 0, len(name) + 3)}"


def _events(plan: Plan, table: Table) -> list[str]:
    name = plan.variables.get(table.key) or f"{plan.classes[table.key]}.__table__"
    return [
        layout(Call("after_create", (Raw(name), Sql(sql.replace("%", "%%")))))
        for sql in arguments.table_leftovers(plan, table)
    ]


def statements_tuple(statements: list[str], name: str = "PREREQUISITES") -> tuple[str, bool]:
    """Return a tuple of SQL texts as ``sa.DDL`` takes them, and whether it uses ``dedent``."""
    value = Items(tuple(Sql(sql.replace("%", "%%")) for sql in statements), "()")
    return layout(value, 0, len(f"{name} = ")), needs_dedent(value)
