"""Every document in tests/cases/spec is read as its YAML file says, however its lines end."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from alembic_vibe.source import Source, Span
from alembic_vibe.spec.model import Section
from alembic_vibe.spec.reader import SpecReading, read_spec

CASES = Path(__file__).parents[2] / "cases" / "spec"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))
VARIANTS = {"lf": b"", "crlf": b"", "bom": b"\xef\xbb\xbf"}


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read_case(name: str, variant: str, tmp_path: Path) -> SpecReading:
    data = (CASES / f"{name}.md").read_bytes()
    if variant == "crlf":
        data = data.replace(b"\n", b"\r\n")
    path = tmp_path / f"{name}.md"
    path.write_bytes(VARIANTS[variant] + data)
    return read_spec(path, f"docs/{name}.md")


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, variant: str, tmp_path: Path) -> None:
    expected: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text())
    reading = read_case(name, variant, tmp_path)
    check_diagnostics(reading, expected["diagnostics"])
    spec = reading.spec
    assert (spec is None) == any(d["severity"] == "error" for d in expected["diagnostics"])
    if spec is None:
        return
    assert spec.source.path == f"docs/{name}.md"
    if "title" in expected:
        assert spec.title == expected["title"]
    if "extents" in expected:
        assert [list(lines_of(spec.source, extent)) for extent in spec.extents] == expected["extents"]
    for key, value in expected.get("overview", {}).items():
        assert getattr(spec.overview, key) == value, key
    for key, value in expected.get("configuration", {}).items():
        assert getattr(spec.configuration, key) == value, key
    assert [section.number for section in spec.sections] == [section["number"] for section in expected["sections"]]
    for section, wanted in zip(spec.sections, expected["sections"], strict=True):
        check_section(spec.source, section, wanted)
    assert [block.index for block in spec.blocks] == list(range(len(spec.blocks)))
    for block in spec.blocks:
        for offset, char in enumerate(block.text):
            assert spec.source.text[block.map.to_source(offset)] == char


def check_diagnostics(reading: SpecReading, expected: list[dict[str, Any]]) -> None:
    found = [
        {"code": d.code, "line": d.line, "column": d.column, "severity": str(d.severity)} for d in reading.diagnostics
    ]
    assert found == [{key: value for key, value in wanted.items() if key != "message"} for wanted in expected]
    for diagnostic, wanted in zip(reading.diagnostics, expected, strict=True):
        assert wanted.get("message", "") in diagnostic.message
        assert diagnostic.help


def check_section(source: Source, section: Section, wanted: dict[str, Any]) -> None:
    for key in ("title", "slug", "kind"):
        if key in wanted:
            assert getattr(section, key) == wanted[key]
    if "labels" in wanted:
        assert {label.name: label.value for label in section.labels} == wanted["labels"]
    for name, items in wanted.get("label_items", {}).items():
        assert [i.text for label in section.labels if label.name == name for i in label.items] == items
    assert [item.text for item in section.items] == wanted.get("items", [])
    assert [aside.text for aside in section.asides] == wanted.get("asides", [])
    if "headings" in wanted:
        assert [heading.text for heading in section.headings] == wanted["headings"]
    assert len(section.blocks) == len(wanted.get("blocks", []))
    for block, expected in zip(section.blocks, wanted.get("blocks", []), strict=True):
        assert block.section == section.number
        place = source.position(block.span.start)
        assert place.line == expected["line"]
        assert place.column == expected.get("column", 1)
        assert block.heading == expected.get("heading", block.heading)
        assert block.text == expected.get("text", block.text)
    for label in section.labels:
        assert label.name in source.text[label.span.start : label.span.end]
        assert label.value == " ".join(source.text[label.value_span.start : label.value_span.end].split())


def lines_of(source: Source, span: Span) -> tuple[int, int]:
    return source.position(span.start).line, source.position(span.end - 1).line


def test_every_case_says_what_to_expect() -> None:
    assert NAMES
    assert sorted(path.stem for path in CASES.glob("*.yaml")) == NAMES
