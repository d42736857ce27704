"""Cases of merging, documents in tests/cases/merge: models, DDL before and after, and the diff that is expected."""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.merge import Merged, Request, merge_models
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.models import ModelSection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CASES = Path(__file__).parents[2] / "cases" / "merge"
_FENCE = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FRESH = 0


@dataclass
class Case:
    """One document."""

    path: Path
    files: dict[str, str] = field(default_factory=dict)
    sql: dict[str, str] = field(default_factory=dict)
    diff: str = ""
    diagnostics: str = ""
    options: dict[str, str] = field(default_factory=dict)
    renames: dict[Key, Key] = field(default_factory=dict)
    sections: list[tuple[str, list[str]]] = field(default_factory=list)


def read_case(path: Path) -> Case:
    """Read a document."""
    case = Case(path)
    for kind, name, body in _FENCE.findall(path.read_text()):
        if kind == "python":
            case.files[name] = body
        elif kind == "sql":
            case.sql[name] = body
        elif kind == "diff":
            case.diff = body
        elif kind == "diagnostics":
            case.diagnostics = body
        elif kind == "options":
            case.options = dict(line.split(": ", 1) for line in body.splitlines())
        elif kind == "renames":
            for line in body.splitlines():
                new, old = (tuple(part.strip().split(".")) for part in line.split("<-"))
                if len(new) == 1:
                    case.renames[Key(Kind.TABLE, "public", new[0])] = Key(Kind.TABLE, "public", old[0])
                else:
                    column = Key(Kind.COLUMN, "public", new[0], new[1])
                    case.renames[column] = column._replace(member=old[1])
        elif kind == "sections":
            case.sections = [(slug, tables.split()) for slug, tables in (x.split(": ") for x in body.splitlines())]
    return case


def sections_of(case: Case, catalog: Catalog) -> list[ModelSection]:
    """Return the sections that the case names, or one with all tables."""
    keys = {table.key.qualified: table.key for table in catalog.of_type(Table)}
    if not case.sections:
        return [ModelSection("all", "All", tuple(keys.values()))]
    return [ModelSection(slug, slug, tuple(keys[name] for name in names)) for slug, names in case.sections]


def merge(case: Case, before: Catalog, after: Catalog) -> Merged:
    """Run the merge."""
    return merge_models(
        Request(
            files={path: text.encode() for path, text in case.files.items()},
            modules={path: path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in case.files},
            before=before,
            after=after,
            wanted=after,
            sections=sections_of(case, after),
            renames=case.renames,
            generated=case.options.get("generated") == "yes",
            line_length=int(case.options.get("line_length", "0")),
        )
    )


def difference(case: Case, merged: Merged) -> str:
    """Return what a merge changes, as one unified diff with two lines of context."""
    parts: list[str] = []
    for path, text in merged.files.items():
        assert isinstance(text, str)
        old = case.files.get(path, "").splitlines(keepends=True)
        parts += difflib.unified_diff(old, text.splitlines(keepends=True), path, path, n=2)
    return "".join(parts)


def diagnostics(merged: Merged) -> str:
    """Return the findings, one a line."""
    found = [f"{d.code} {d.shown_path}:{d.line} {d.message}" for d in merged.diagnostics]
    return "".join(f"{line}\n" for line in found)


@contextmanager
def loaded(connection: Any, ddl: str) -> Iterator[Catalog]:
    """The facts of a database with the DDL, which is undone afterwards; ``connection`` is SQLAlchemy's."""
    raw = connection.connection.driver_connection
    try:
        raw.execute(ddl.encode())
        yield read_catalog(raw).catalog
    finally:
        connection.rollback()
        raw.rollback()


def compared(files: Mapping[str, str | bytes], folder: Path, connection: Any) -> list[str]:
    """Import the models of ``files``, configure their mappers, and return what Alembic finds different."""
    import sqlalchemy as sa
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    global _FRESH
    _FRESH += 1
    name = f"merged_{_FRESH}"
    for path, text in files.items():
        target = folder / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
    sys.path.insert(0, str(folder / name))
    modules = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files]
    tops = {module.partition(".")[0] for module in modules}
    for top in tops:  # without it, a package of that name anywhere later on the path would be taken instead
        if (folder / name / top).is_dir():
            (folder / name / top / "__init__.py").touch()
    importlib.invalidate_caches()
    # Other tests may have left modules of the same names behind.
    others = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in tops}
    try:
        found: list[Any] = [importlib.import_module(module) for module in modules]
        bases = [
            value
            for module in found
            for value in vars(module).values()
            if isinstance(value, type) and hasattr(value, "registry") and hasattr(value, "metadata")
        ]
        metadata = next((base.metadata for base in bases), None)
        for base in {id(base.registry): base for base in bases}.values():
            base.registry.configure()
        metadata = metadata or next(v for m in found for v in vars(m).values() if isinstance(v, sa.MetaData))
        options = {"compare_type": True, "compare_server_default": True, "include_schemas": True}
        result = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        return sorted(map(repr, result))
    finally:
        sys.path.remove(str(folder / name))
        for module in [m for m in sys.modules if m.partition(".")[0] in tops]:
            del sys.modules[module]
        sys.modules.update(others)
