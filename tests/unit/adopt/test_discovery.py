"""Small projects, written down in tests/cases/adopt, and what discovery says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from alembic_vibe.adopt.discovery import discover
from alembic_vibe.adopt.report import as_json, describe
from alembic_vibe.diagnostics import ConfigurationError

CASES = Path(__file__).parents[2] / "cases" / "adopt"
_REVISION = "revision = {0!r}\ndown_revision = {1!r}\nbranch_labels = {2!r}\n\n\ndef upgrade():\n    pass\n"


def _cases() -> list[Any]:
    reader = YAML(typ="safe", pure=True)
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for name, case in reader.load(path.read_text(encoding="utf-8")).items():
            found.append(pytest.param(case, id=f"{path.stem}-{name.replace(' ', '_')}"))
    return found


def _make(folder: Path, case: dict[str, Any]) -> None:
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, (identifier, *rest) in case.get("revisions", {}).items():
        down, labels = (*rest, None, None)[:2]
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_REVISION.format(identifier, down, labels), encoding="utf-8")


@pytest.mark.parametrize("case", _cases())
def test_what_a_project_has(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    for name, value in case.get("environ", {}).items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".git").mkdir()  # nothing above is looked at
    _make(tmp_path, case)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    config = Path(case["config"]) if "config" in case else None
    cwd = tmp_path / case.get("cwd", ".")
    if "error" in case:
        with pytest.raises(ConfigurationError, match=case["error"]):
            discover(config, cwd)
        return
    findings = discover(config, cwd)
    found = as_json(findings)
    wanted = case["found"]
    assert len(found["environments"]) == len(wanted)
    for one, expected in zip(found["environments"], wanted, strict=True):
        notes = "\n".join(one.pop("notes"))
        one["bases"] = {
            f"{base['module']}.{base['name']}": f"{base['path']}:{base['line']}" for base in one["metadata"]
        }
        one["convention"] = [base["naming_convention"] for base in one["metadata"]]
        one |= {"model_files": one["models"]["files"], "classes": one["models"]["classes"]}
        one["tables"] = one["models"]["tables"]
        said = expected.pop("notes", [])
        assert {name: one[name] for name in expected} == expected, notes
        assert [part for part in said if part not in notes] == [], notes
        if not said:
            assert notes == ""
    assert describe(findings)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
