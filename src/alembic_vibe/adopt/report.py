"""The findings as lines for people, and as plain values for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.adopt.model import Environment, Findings


def describe(findings: Findings) -> list[str]:
    """Return what was found, a line each; those that belong to one environment are indented below it."""
    lines = [line for environment in findings.environments for line in _lines(environment, findings.root)]
    return [*lines, *(f"Passed over: {note}" for note in findings.notes)]


def _lines(environment: Environment, root: Path) -> Iterator[str]:
    where = environment.ini or environment.pyproject
    named = f"[{environment.section}] of {shown(where, root)}" if where is not None else "no configuration file"
    yield f"Environment {shown(environment.script_location, root)} ({named})"
    for name, value in _facts(environment, root):
        yield f"  {name + ':':<15}{value}"
    for note in environment.notes:
        yield f"  not known:     {note}"


def _facts(environment: Environment, root: Path) -> Iterator[tuple[str, str]]:
    heads = ", ".join(environment.heads) or "none"
    yield "revisions", f"{environment.revisions} ({environment.ids} ids); {_heads(environment)}: {heads}"
    folders = [folder for folder in environment.version_locations if folder != environment.script_location / "versions"]
    if folders:
        yield "in", ", ".join(shown(folder, root) for folder in folders)
    if environment.branch_labels:
        yield "branches", ", ".join(environment.branch_labels)
    if environment.file_template:
        yield "file names", environment.file_template
    table = ".".join(part for part in (environment.version_schema, environment.version_table) if part)
    if table != "alembic_version":
        yield "version table", table
    if environment.env_py is not None:
        yield "env.py", _env(environment)
    for base in environment.bases:
        convention = f", naming convention for {', '.join(base.naming_convention)}" if base.naming_convention else ""
        place = f" ({shown(base.place.path, root)}:{base.place.line})" if base.place.line else ""
        yield "metadata", f"{base.module}.{base.name}{place}{convention}"
    models = environment.models
    if models.files:
        tables = f" and {models.tables} tables without a class" if models.tables else ""
        files = f"{len(models.files)} modules" if len(models.files) > 1 else shown(models.files[0], root)
        yield "models", f"{models.classes} classes{tables} in {files}"
    if models.doubtful:
        files = ", ".join(shown(path, root) for path in models.doubtful[:3]) + (", …" if models.doubtful[3:] else "")
        yield "perhaps", f"{files}: classes with tables, whose base is of another package"
    if environment.databases:
        yield "databases", f"{', '.join(environment.databases)} (each revision has a function for each of them)"
    if environment.neighbours:
        yield "packages", ", ".join(environment.neighbours)


def _heads(environment: Environment) -> str:
    return "head" if len(environment.heads) == 1 else f"{len(environment.heads)} heads"


def _env(environment: Environment) -> str:
    parts = [str(environment.style)]
    if environment.dialects:
        parts.append(", ".join(environment.dialects))
    if environment.transaction_known:
        each = "each revision commits by itself"
        parts.append(each if environment.transaction_per_migration else "one transaction for all")
    set_ = [name for name in ("lock_timeout", "statement_timeout") if getattr(environment, name)]
    parts.append(f"sets {' and '.join(set_)}" if set_ else "no time-outs")
    if environment.plugins:
        parts.append(f"plugins {', '.join(environment.plugins)}")
    return "; ".join(parts)


def as_json(findings: Findings) -> dict[str, Any]:
    """Return the findings as plain values; paths inside the project are relative to its root."""
    root = findings.root
    return {
        "root": str(root),
        "environments": [_environment(environment, root) for environment in findings.environments],
        "git": findings.has_git,
        "pre_commit": findings.pre_commit is not None,
        "settings": findings.settings,
        "notes": list(findings.notes),
    }


def _environment(environment: Environment, root: Path) -> dict[str, Any]:
    plain = {
        name: getattr(environment, name)
        for name in (
            "section", "recursive", "file_template", "version_table", "version_schema", "transaction_per_migration",
            "transaction_known",
            "lock_timeout", "statement_timeout", "revisions", "ids",
        )
    }  # fmt: skip
    lists = {
        name: list(getattr(environment, name))
        for name in ("plugins", "heads", "branch_labels", "dialects", "databases", "neighbours", "notes")
    }
    return {
        **plain,
        **lists,
        "configuration": shown(where, root) if (where := environment.ini or environment.pyproject) else None,
        "script_location": shown(environment.script_location, root),
        "version_locations": [shown(folder, root) for folder in environment.version_locations],
        "env": shown(environment.env_py, root) if environment.env_py else None,
        "style": str(environment.style),
        "metadata": [
            {
                "module": base.module,
                "name": base.name,
                "path": shown(base.place.path, root),
                "line": base.place.line,
                "naming_convention": base.naming_convention,
            }
            for base in environment.bases
        ],
        "models": {
            "files": [shown(path, root) for path in environment.models.files],
            "classes": environment.models.classes,
            "tables": environment.models.tables,
            "doubtful": [shown(path, root) for path in environment.models.doubtful],
        },
    }


def shown(path: Path, root: Path) -> str:
    """Return a path as people read it: relative to the root where it lies inside, "." for the root itself."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
