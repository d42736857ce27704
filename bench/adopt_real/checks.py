"""What discovery should find in a package, and where it finds something else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.adopt.discovery import discover
from alembic_vibe.adopt.report import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXPECTED = Path(__file__).with_name("expected.yaml")


@dataclass(frozen=True)
class Outcome:
    """What was found, where that is not what was expected, and the files that are not as they were."""

    found: dict[str, Any]
    wrong: tuple[str, ...]
    changed: tuple[str, ...]


def expectations() -> dict[str, dict[str, Any]]:
    """Return what is expected of each package by its name."""
    from ruamel.yaml import YAML

    return dict(YAML(typ="safe", pure=True).load(EXPECTED.read_text(encoding="utf-8")))


def check(folder: Path, expected: Mapping[str, Any]) -> Outcome:
    """Run discovery in a folder of unpacked files, and compare."""
    before = _state(folder)
    found = as_json(discover(None, folder))
    after = _state(folder)
    changed = tuple(sorted(str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)))
    return Outcome(found, tuple(_wrong(folder, found, expected)), changed)


def _wrong(folder: Path, found: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    if len(found["environments"]) != len(expected["environments"]):
        yield f"{len(found['environments'])} environments, not {len(expected['environments'])}"
        return
    for part in expected.get("passed_over", ()):
        if not any(part in note for note in found["notes"]):
            yield f"nothing says that {part} is passed over"
    for one, wanted in zip(found["environments"], expected["environments"], strict=True):
        for what, is_, should in _compared(folder, one, wanted):
            if is_ != should:
                yield f"{wanted['scripts']}: {what} is {is_!r}, not {should!r}"
        for part in wanted.get("notes", ()):
            if not any(part in note for note in one["notes"]):
                yield f"{wanted['scripts']}: no remark has {part!r}"
        if not wanted.get("notes") and one["notes"]:
            yield f"{wanted['scripts']}: remarks {one['notes']!r}"
        outside = [
            file for file in one["models"]["files"] if not any(_is_below(file, part) for part in wanted["below"])
        ]
        if outside:
            yield f"{wanted['scripts']}: models in {', '.join(outside)}"


def _compared(folder: Path, one: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    yield "script location", one["script_location"], wanted["scripts"]
    yield "configuration", one["configuration"], wanted["ini"]
    yield "version locations", one["version_locations"], wanted.get("versions", [f"{wanted['scripts']}/versions"])
    yield "env.py", one["env"], f"{wanted['scripts']}/env.py"
    yield "recursive", one["recursive"], wanted.get("recursive", False)
    yield "revisions", one["revisions"], wanted["revisions"]
    yield "heads", one["heads"], wanted["heads"]
    yield "style", one["style"], wanted["style"]
    yield "version table", one["version_table"], wanted.get("version_table", "alembic_version")
    yield "version schema", one["version_schema"], wanted.get("version_schema", "")
    yield "lock time-out", one["lock_timeout"], wanted.get("lock_timeout", False)
    yield "neighbours", one["neighbours"], wanted.get("neighbours", [])
    each = one["transaction_per_migration"] if one["transaction_known"] else None
    yield "each revision by itself", each, wanted["each"]
    yield "metadata", [f"{base['module']}.{base['name']}" for base in one["metadata"]], [wanted["base"]]
    for base in one["metadata"]:
        line = ""
        if base["line"]:
            line = (folder / base["path"]).read_text(encoding="utf-8").splitlines()[base["line"] - 1].strip()
        yield "the line that defines it", line, wanted.get("defined", "")
        yield "naming convention", list(base["naming_convention"]), wanted.get("convention", [])
    models = one["models"]
    yield "classes", models["classes"], wanted["classes"]
    yield "tables", models["tables"], wanted["tables"]
    yield "model files", len(models["files"]), wanted["files"]
    yield "doubtful files", models["doubtful"], wanted.get("doubtful", [])


def _is_below(file: str, folder: str) -> bool:
    return file == folder or file.startswith(f"{folder}/")


def _state(folder: Path) -> dict[Path, str]:
    """Return what every file holds, by its path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
