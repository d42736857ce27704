"""How a file calls what it imports, and the imports that new code needs on top."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.merge.listing import import_listing
from alembic_vibe.merge.scan import Imported
from alembic_vibe.merge.source import Edit
from alembic_vibe.render.models.modules import import_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.merge.scan import Scan
    from alembic_vibe.merge.source import ModelFile

# Where the names of rendered code come from: what stands before the dot, or the name itself.
_MODULES = {"sa": "sqlalchemy", "postgresql": "sqlalchemy.dialects.postgresql", "dt": "datetime", "enum": "enum"}
_NAMES = {
    "Mapped": "sqlalchemy.orm",
    "mapped_column": "sqlalchemy.orm",
    "relationship": "sqlalchemy.orm",
    "backref": "sqlalchemy.orm",
    "Decimal": "decimal",
    "UUID": "uuid",
    "Any": "typing",
    "Optional": "typing",
    "List": "typing",
    "TYPE_CHECKING": "typing",
    "dedent": "textwrap",
    "conv": "sqlalchemy.schema",
}
_SAME = (
    "sqlalchemy.types",
    "sqlalchemy.schema",
    "sqlalchemy.sql",
    "sqlalchemy.sql.expression",
    "sqlalchemy.sql.schema",
)
_WORD = re.compile(r"(?<![\w.\"'])(?:(sa|postgresql|dt|enum)\.([A-Za-z_]\w*)|([A-Za-z_]\w*))(?![\w\"'])")


@dataclass(eq=False)
class Names:
    """The names of one file. ``own`` gives the module of names that the project itself defines."""

    scan: Scan
    shared: str = ""  # ``db`` of ``db = SQLAlchemy()``, through which the file reaches SQLAlchemy
    shadowed: frozenset[str] = frozenset()  # attributes of the classes, which hide names of the module below them
    needed: dict[str, set[str]] = field(default_factory=dict)  # module → names, "" for the module itself
    late: dict[str, set[str]] = field(default_factory=dict)  # for type checkers only

    def spell(self, text: str) -> str:
        """Return a name, or code without string literals, of rendered code as this file writes it."""
        return _WORD.sub(self._word, text)

    def _word(self, match: re.Match[str]) -> str:
        prefix, name, alone = match.groups()
        if prefix:
            return self.use(_MODULES[prefix], name)
        if alone in _NAMES:
            return self.use(_NAMES[alone], alone)
        return str(match.group())

    def use(self, module: str, name: str) -> str:
        """Return how the file writes a name of a module, and remember the import that it lacks."""
        known = self._known(module, name)
        if known:
            return known
        if self.shared and module in {"sqlalchemy", "sqlalchemy.orm"} and name != "Mapped":
            return f"{self.shared}.{name}"
        star = module in self.scan.stars or (module == "sqlalchemy" and "sqlalchemy.types" in self.scan.stars)
        if star and name not in self.shadowed:
            return name
        taken = name in self.scan.defined() or name in self.shadowed or self._promised(name, module)
        if not taken and module not in {"datetime", "enum"}:
            self.needed.setdefault(module, set()).add(name)
            return name
        if module == "datetime" and not taken and self._imports_from(module):
            self.needed.setdefault(module, set()).add(name)
            return name
        alias = {"sqlalchemy": "sa", "datetime": "dt", "sqlalchemy.dialects.postgresql": "postgresql"}.get(
            module, module
        )
        if module == "enum" and not taken and "enum" in self.scan.defined():
            self.needed.setdefault(module, set()).add(name)
            return name
        self.needed.setdefault(module, set()).add("")
        return f"{alias}.{name}"

    def _promised(self, name: str, module: str) -> bool:
        return any(name in names for other, names in self.needed.items() if other != module)

    def _imports_from(self, module: str) -> bool:
        return any(imported.module == module and imported.name for imported in self.scan.imports.values())

    def _known(self, module: str, name: str) -> str:
        modules = (module, *_SAME) if module == "sqlalchemy" else (module,)
        parent, _, last = module.rpartition(".")
        whole = ""
        for local, imported in self.scan.imports.items():
            if local in self.scan.late_imports or local in self.shadowed:
                continue
            if imported.module in modules and imported.name == name:
                return local
            if imported == Imported(module, "") or imported == Imported(parent, last):
                whole = whole or f"{local}.{name}"
        if whole or module != "sqlalchemy.orm":
            return whole
        orm = next(
            (local for local, imported in self.scan.imports.items() if imported == Imported("sqlalchemy", "orm")), ""
        )
        return f"{orm}.{name}" if orm else ""

    # -- the imports themselves ----------------------------------------------------------------------------------------

    def flush(self, width: int) -> None:
        """Turn the needed imports into edits of the file."""
        new: list[tuple[str, str]] = []
        for module, names in sorted(self.needed.items()):
            wanted = names - {""}
            if "" in names:
                new.append((module, _module_import(module)))
            if wanted and not self._extend(module, wanted, width):
                new.append(
                    (module, f"from {self._written(module)} import {', '.join(sorted(wanted, key=import_order))}")
                )
        if self.scan.import_nodes:
            for module, line in sorted(new):
                self._add(module, line)
        elif new:
            self._add_block(sorted(new, key=lambda item: (_rank(item[0], self.scan.file), item)))
        if self.late:
            self._flush_late()

    def _written(self, module: str) -> str:
        """Return a module of the project as its neighbours in the file are imported: relative where they are."""
        import libcst as cst

        package = self.scan.file.module if self.scan.file.package else self.scan.file.module.rpartition(".")[0]
        near = any(isinstance(node, cst.ImportFrom) and node.relative for node, _ in self.scan.import_nodes)
        if near and module.startswith(f"{package}.") and package:
            return module[len(package) :]
        return module

    def _extend(self, module: str, names: set[str], width: int) -> bool:
        import libcst as cst

        from alembic_vibe.merge.scan import absolute

        file = self.scan.file
        for node, _ in self.scan.import_nodes:
            if not isinstance(node, cst.ImportFrom) or absolute(file, node) != module:
                continue
            listing = import_listing(file, node)
            if listing is None:
                return True
            present = [file.code(item.node).partition(" ")[0].rstrip(",") for item in listing.items]
            for name in sorted(names, key=import_order):
                listing.insert(sorted_place(present, name), lambda _pad, name=name: name)  # type: ignore[misc]
            flat = file.code(node)
            longer = len(flat) + sum(len(name) + 2 for name in names)
            if node.lpar is None and "\n" not in flat and longer > width and "\\" not in flat:
                everything = sorted({*present, *names}, key=import_order) if _is_sorted(present) else [*present, *names]
                whole = [file.code(item.node).rstrip(" ,") for item in listing.items]
                by_name = dict(zip(present, whole, strict=True))
                head = flat[: file.span(node.names[0])[0] - file.span(node)[0]]  # type: ignore[index]
                lines = "".join(f"{file.unit}{by_name.get(name, name)},\n" for name in everything)
                file.replace(*file.span(node), f"{head}(\n{lines})")
                return True
            listing.flush()
            return True
        return False

    def _add(self, module: str, line: str) -> None:
        """Put an import where it sorts: in its group, ``import`` before ``from``."""
        file = self.scan.file
        wanted = (_rank(module, file), line.startswith("from "), module.lower())
        keyed = [(_import_key(file, node), statement) for node, statement in self.scan.import_nodes]
        group = [(key, statement) for key, statement in keyed if key[0] == wanted[0]]
        smaller = [statement for key, statement in group if key <= wanted]
        lower = [statement for key, statement in keyed if key[0] < wanted[0]]
        if smaller:
            file.insert_line(file.span(smaller[-1])[1], line)
        elif group:
            file.insert(file.line_start(file.span(group[0][1])[0]), f"{line}\n")
        elif lower:
            file.insert_line(file.span(lower[-1])[1], f"\n{line}")
        else:
            file.insert(file.line_start(file.span(keyed[0][1])[0]), f"{line}\n\n")

    def _add_block(self, new: list[tuple[str, str]]) -> None:
        """Write the imports of a file that has none."""
        file = self.scan.file
        text, rank = "", -1
        for module, line in new:
            here = _rank(module, file)
            text += ("\n" if rank not in {-1, here} else "") + line + "\n"
            rank = here
        place = _after_docstring(file)
        before = "\n" if place else ""
        after = "\n" if file.text[place:].strip() and file.text[place : place + 1] not in {"\r", "\n"} else ""
        file.edits.insert(0, Edit(place, place, (before + text + after).replace("\n", file.newline)))

    def _flush_late(self) -> None:
        file = self.scan.file
        lines = []
        for module, names in sorted(self.late.items()):
            if not self._extend_late(module, names):
                lines.append(f"from {self._written(module)} import {', '.join(sorted(names, key=import_order))}")
        if not lines:
            return
        if self.scan.checking is not None:
            body = self.scan.checking.body.body
            file.insert_line(file.span(body[-1])[1], "\n".join(f"{file.unit}{line}" for line in lines))
            return
        last = self.scan.import_nodes[-1][1] if self.scan.import_nodes else None
        block = "\n".join(["if TYPE_CHECKING:", *(f"{file.unit}{line}" for line in lines)])
        if last is not None:
            file.insert_line(file.span(last)[1], "\n" + block)

    def _extend_late(self, module: str, names: set[str]) -> bool:
        import libcst as cst

        from alembic_vibe.merge.scan import absolute

        file = self.scan.file
        for line in self.scan.checking.body.body if self.scan.checking is not None else ():
            for node in line.body if isinstance(line, cst.SimpleStatementLine) else ():
                if isinstance(node, cst.ImportFrom) and absolute(file, node) == module:
                    listing = import_listing(file, node)
                    if listing is None:
                        return True
                    present = [file.code(item.node).rstrip(" ,") for item in listing.items]
                    for name in sorted(names, key=import_order):
                        listing.insert(sorted_place(present, name), lambda _pad, name=name: name)  # type: ignore[misc]
                    listing.flush()
                    return True
        return False


def _module_import(module: str) -> str:
    return {
        "sqlalchemy": "import sqlalchemy as sa",
        "datetime": "import datetime as dt",
        "sqlalchemy.dialects.postgresql": "from sqlalchemy.dialects import postgresql",
    }.get(module, f"import {module}")


def _is_sorted(names: list[str]) -> bool:
    by_case = sorted(names, key=import_order)
    return names in (by_case, sorted(names), sorted(names, key=str.lower))


def sorted_place(present: list[str], name: str) -> int:
    """Return where a name goes: by the order that the names are in, else last."""
    orders: tuple[Callable[[str], Any], ...] = (import_order, str, str.lower)
    for key in orders:
        if present == sorted(present, key=key):
            return sum(bool(key(other) < key(name)) for other in present)
    return len(present)


def _module_of(file: ModelFile, node: object) -> str:
    import libcst as cst

    from alembic_vibe.merge.scan import absolute, dotted

    if isinstance(node, cst.ImportFrom):
        return absolute(file, node)
    return dotted(node.names[0].name) if isinstance(node, cst.Import) else ""


def _rank(module: str, file: ModelFile) -> int:
    head = module.partition(".")[0]
    if head == "__future__":
        return 0
    if head in sys.stdlib_module_names:
        return 1
    return 3 if head == file.module.partition(".")[0] else 2


def _import_key(file: ModelFile, node: object) -> tuple[int, bool, str]:
    import libcst as cst

    module = _module_of(file, node)
    return _rank(module, file), isinstance(node, cst.ImportFrom), module.lower()


def _after_docstring(file: ModelFile) -> int:
    import libcst as cst

    body = file.tree.body
    if body and isinstance(body[0], cst.SimpleStatementLine) and isinstance(body[0].body[0], cst.Expr):
        return file.line_end(file.span(body[0])[1])
    return file.line_start(file.span(body[0])[0]) if body else 0
