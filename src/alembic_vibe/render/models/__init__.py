"""Render the models: SQLAlchemy 2 declarative classes, one module for each feature section."""

from __future__ import annotations

import keyword
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.render.code import Call, Raw, layout, quote
from alembic_vibe.render.models import columns, modules
from alembic_vibe.render.models.objects import afterwards
from alembic_vibe.render.models.plan import ModelSection, make_plan
from alembic_vibe.render.models.prerequisites import prerequisites
from alembic_vibe.render.models.relationships import relationships
from alembic_vibe.render.template import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.modules import Module
    from alembic_vibe.render.models.plan import Plan

__all__ = ["ModelSection", "render_models"]


def render_models(catalog: Catalog, sections: Sequence[ModelSection], package: str) -> dict[str, str]:
    """Render the models of a catalog.

    Partitions are their parent's business and views are not modelled. Tables without a primary key, and tables that
    only tie two others together, are ``sa.Table`` objects; every other table is a class.

    Args:
        catalog: The facts.
        sections: The modules to write, in order, with the tables of each; a table that no section names is left out.
        package: The dotted name of the package that gets the ``models`` package, for its docstring.

    Returns:
        Text by path relative to the package's directory: ``models/__init__.py``, ``models/base.py``, a module for
        each section that has tables, ``models/ddl.py`` for what must be there before them, and ``models/objects.py``
        for what comes after them.
    """
    sections = [replace(section, slug=_module_name(section.slug)) for section in sections]
    plan = make_plan(catalog, sections)
    related = relationships(plan)
    rendered = {}
    for section in sections:
        module = modules.section_module(plan, section, related)
        if module is not None:
            rendered[section.slug] = module
    files = {f"models/{slug}.py": _render("section.py.mako", module=module) for slug, module in rendered.items()}
    exported = _exported(plan, rendered)
    statements = prerequisites(plan)
    files["models/base.py"] = _base(files)
    after, gone = afterwards(plan)
    apart = {"ddl": bool(statements), "objects": bool(after)}
    if statements:
        files["models/ddl.py"] = _ddl(statements)
    if after:
        files["models/objects.py"] = _objects(after, gone)
    imports = [("base", {"Base"}), *exported.items()]
    lines = [modules.import_line(f".{slug}", names) for slug, names in sorted(imports, key=_module_order)]
    names = {"Base", *(name for members in exported.values() for name in members)}
    names |= {name for name, wanted in apart.items() if wanted}
    files["models/__init__.py"] = _render(
        "init.py.mako",
        package=package,
        imports=_with_ddl(lines, [name for name, wanted in apart.items() if wanted]),
        heirs=_heirs(plan),
        names=sorted(names, key=modules.import_order),
    )
    return dict(sorted(files.items()))


def _module_name(slug: str) -> str:
    """Return the slug as a module that can be imported and is none of ours."""
    return f"{slug}_models" if slug in {"base", "ddl", "objects"} or keyword.iskeyword(slug) else slug


def _module_order(item: tuple[str, set[str]]) -> tuple[Any, ...]:
    return modules.natural(item[0]), item[0]


def _exported(plan: Plan, rendered: dict[str, Module]) -> dict[str, set[str]]:
    exported: dict[str, set[str]] = {slug: set() for slug in rendered}
    for names, homes in (
        (plan.classes, plan.home),
        (plan.variables, plan.home),
        (plan.enums, plan.enum_home),
    ):
        for key, name in names.items():
            exported[homes[key]].add(name)
    return exported


def _heirs(plan: Plan) -> list[str]:
    """Return the statements that make ``create_all`` take a parent before the table that inherits from it."""
    result = []
    for key in plan.home:
        for parent in plan.catalog.table(key).inherits:
            if parent in plan.home:
                call = Call(f"{_table_object(key)}.add_is_dependent_on", (Raw(_table_object(parent)),))
                result.append(layout(call))
    return result


def _table_object(key: Key) -> str:
    return f"Base.metadata.tables[{quote(key.name if key.schema == 'public' else f'{key.schema}.{key.name}')}]"


def _with_ddl(lines: list[str], names: list[str]) -> list[str]:
    """Put ``from . import ddl, objects``, which register what ``create_all`` does besides, where it sorts: first."""
    return [f"from . import {', '.join(names)}", *lines] if names else lines


def _base(files: dict[str, str]) -> str:
    texts = [text for path, text in files.items() if path.startswith("models/")]
    type_map = [pair for pair in columns.BASE_MAP.values() if any(f"Mapped[{pair[0]}" in text for text in texts)]
    return _render(
        "base.py.mako",
        type_map=type_map,
        pg_type=any("PgType(" in text for text in texts),
        after_create=any("after_create(" in text for text in texts),
        enum_values=any("enum_values" in text for text in texts),
    )


def _ddl(statements: list[str]) -> str:
    value, dedent = modules.statements_tuple(statements)
    return _render("ddl.py.mako", statements=value, dedent=dedent)


def _objects(after: list[str], gone: list[str]) -> str:
    value, dedent = modules.statements_tuple(after, "AFTERWARDS")
    first, more = modules.statements_tuple(gone, "GONE_FIRST")
    return _render("objects.py.mako", statements=value, gone=first if gone else "", dedent=dedent or more)


def _render(template: str, **context: Any) -> str:
    return render(f"models/{template}", **context)
