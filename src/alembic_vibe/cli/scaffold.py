"""The files of a new project: rendered in memory first, then written all or not at all."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic_vibe.cli.failures import FILES_EXIST
from alembic_vibe.cli.owner import read_owner
from alembic_vibe.config import (
    DEFAULT_SPEC,
    OUTSIDE_PROJECT,
    PYPROJECT,
    TABLE,
    load_project,
    package_name,
    read_pyproject,
)
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.templates import template_dir

SCRIPTS = "migrations"


@dataclass
class Scaffold:
    """What ``init`` is going to do in ``root``: files by their path relative to it."""

    root: Path
    package: str
    spec: str
    new: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    folders: tuple[str, ...] = (f"{SCRIPTS}/versions",)


def plan_project(root: Path, package: str | None, *, asynchronous: bool) -> Scaffold:
    """Render the files of a new project in ``root``, which need not exist.

    Raises:
        ConfigurationError: Files are in the way, or pyproject.toml cannot take the settings.
    """
    existing = read_pyproject(root / PYPROJECT)[1] if (root / PYPROJECT).is_file() else None
    name, folder, models, spec = _places(root, package, existing)
    scaffold = Scaffold(root, name, spec)
    title = name.replace("_", " ").title()
    values: dict[str, Any] = {
        "title": title,
        "package": name,
        "models": ".".join(models.removeprefix("src/").split("/")),
        "distribution": name.replace("_", "-"),
        "spec": scaffold.spec,
        "asynchronous": asynchronous,
        "script_location": f"%(here)s/{SCRIPTS}",
        "owner": read_owner(root / spec) if (root / spec).is_file() else None,
    }
    template = "vibe_async" if asynchronous else "vibe"
    new = {
        "alembic.ini": _render(f"{template}/alembic.ini.mako", values),
        f"{SCRIPTS}/env.py": _copy(f"{template}/env.py"),
        f"{SCRIPTS}/script.py.mako": _copy(f"{template}/script.py.mako"),
        f"{SCRIPTS}/README": _copy(f"{template}/README"),
        f"{models}/__init__.py": _render("project/models.py.mako", values),
        f"{models}/base.py": _render("project/base.py.mako", values),
    }
    in_the_way = sorted(path for path in new if (root / path).exists())
    if not in_the_way and (root / SCRIPTS).is_dir() and any((root / SCRIPTS).iterdir()):
        in_the_way = [f"{SCRIPTS}/"]
    if existing is not None and "alembic" in existing.get("tool", {}):
        in_the_way.append(f"[tool.alembic] in {PYPROJECT}")
    if in_the_way:
        message = f"{root} already has {', '.join(in_the_way)}; nothing was written"
        raise ConfigurationError(FILES_EXIST.diagnostic(message))

    # These may be there before the project is: a specification, a package, a repository. They are left as they are.
    optional = {
        f"{folder}/__init__.py": "project/package.py.mako",
        scaffold.spec: "project/spec.md.mako",
        ".gitignore": "project/gitignore.mako",
        PYPROJECT: "project/pyproject.toml.mako",
    }
    for path, source in optional.items():
        if (root / path).exists():
            scaffold.kept.append(path)
        else:
            new[path] = _render(source, values)
    scaffold.new = dict(sorted(new.items()))
    if existing is not None and TABLE not in existing.get("tool", {}):
        scaffold.kept.remove(PYPROJECT)
        scaffold.changed[PYPROJECT] = _extended(root, existing, _render("project/settings.toml.mako", values))
    return scaffold


def write_project(scaffold: Scaffold) -> None:
    """Write everything; on any failure, take back what was written and raise the error."""
    made: list[Path] = []
    before = {path: (scaffold.root / path).read_bytes() for path in scaffold.changed}
    try:
        for folder in (".", *scaffold.folders):
            _make_folder(scaffold.root / folder, made)
        for path, text in scaffold.new.items():
            target = scaffold.root / path
            _make_folder(target.parent, made)
            with target.open("x", encoding="utf-8", newline="\n") as file:
                made.append(target)
                file.write(text)
        for path, text in scaffold.changed.items():
            (scaffold.root / path).write_text(text, encoding="utf-8", newline="")
    except BaseException:
        for path, content in before.items():
            with contextlib.suppress(OSError):
                (scaffold.root / path).write_bytes(content)
        for done in reversed(made):
            with contextlib.suppress(OSError):
                done.rmdir() if done.is_dir() else done.unlink()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _places(root: Path, package: str | None, existing: dict[str, Any] | None) -> tuple[str, str, str, str]:
    """Return the package, its folder, that of the models, and the spec: what pyproject.toml says comes first."""
    name = package or package_name(root.resolve().name)
    settings = (existing or {}).get("tool", {}).get(TABLE)
    if settings is None:
        return name, name, f"{name}/models", DEFAULT_SPEC
    project = load_project(Path(PYPROJECT), root, require_environment=False)
    if not project.spec.is_relative_to(project.root):
        message = f"`spec` of {PYPROJECT} lies outside {project.root}, so no specification can be started there"
        raise ConfigurationError(OUTSIDE_PROJECT.diagnostic(message, path=PYPROJECT))
    shown = project.shown
    if package is None and "package" in settings:
        return project.package, shown(project.package_dir), shown(project.models), shown(project.spec)
    models = shown(project.models) if "models" in settings else f"{name}/models"
    return name, name, models, shown(project.spec)


def _extended(root: Path, existing: dict[str, Any], table: str) -> str:
    """Return pyproject.toml with our table at its end; everything else stays to the letter."""
    with (root / PYPROJECT).open(encoding="utf-8", newline="") as file:
        text = file.read()
    newline = "\r\n" if "\r\n" in text else "\n"
    extended = text.rstrip() + 2 * newline + table.strip().replace("\n", newline) + newline
    wanted = {**existing, "tool": {**existing.get("tool", {}), **tomllib.loads(table)["tool"]}}
    try:
        if tomllib.loads(extended) == wanted:
            return extended
    except tomllib.TOMLDecodeError:
        pass
    message = f"{PYPROJECT} cannot take another table at its end; nothing was written"
    help_ = f"Add this to it yourself, then run `alembic-vibe init` again:\n{table.strip()}"
    raise ConfigurationError(FILES_EXIST.diagnostic(message, help=help_, path=PYPROJECT))


def _copy(name: str) -> str:
    return (template_dir() / name).read_text(encoding="utf-8")


def _render(name: str, values: dict[str, Any]) -> str:
    from mako.lookup import TemplateLookup

    lookup: Any = TemplateLookup([str(template_dir() / "project"), str(template_dir())], strict_undefined=True)
    text: str = lookup.get_template(name).render_unicode(**values)
    return text
