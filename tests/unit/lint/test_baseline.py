"""Findings that were accepted are hidden; what is new, and what cannot be read, is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Severity
from alembic_vibe.lint.baseline import Baseline, compare, identities, read_baseline, write_baseline
from alembic_vibe.lint.facts import read_revision
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from alembic_vibe.lint.model import Revision

TEXT = """revision = "a1"
down_revision = None

def upgrade():
    op.drop_table("one")
    op.drop_table("two")

def downgrade():
    op.drop_table("one")
"""


def revision(text: str = TEXT, path: str = "versions/a1.py") -> Revision:
    return read_revision(Path(path), Source(path, text))


def found(inside: Revision, part: str, nth: int = 0, rule: str = "drop-table", message: str = "m") -> Diagnostic:
    start = -1
    for _ in range(nth + 1):
        start = inside.source.text.index(part, start + 1)
    return Diagnostic("AV750", rule, message, source=inside.source, span=Span(start, start + len(part)))


def everything(inside: Revision) -> list[Diagnostic]:
    one, two = 'op.drop_table("one")', 'op.drop_table("two")'
    return [found(inside, one), found(inside, two), found(inside, one, 1)]


def kept(tmp_path: Path, diagnostics: list[Diagnostic], *revisions: Revision) -> Baseline:
    path = tmp_path / "baseline.json"
    assert write_baseline(path, diagnostics, identities(diagnostics, revisions)) == len(diagnostics)
    return read_baseline(path, "baseline.json")


def test_what_was_there_is_hidden_after_lines_and_files_have_moved(tmp_path: Path) -> None:
    before = revision()
    baseline = kept(tmp_path, everything(before), before)
    after = revision('"""Docs."""\n\n' + TEXT, "versions/2026_a1.py")
    result = compare(baseline, everything(after), identities(everything(after), [after]), whole=True)
    assert (result.new, result.hidden, result.stale) == ((), 3, ())


def test_one_more_of_the_same_is_new_and_so_is_the_same_in_the_other_function(tmp_path: Path) -> None:
    inside = revision()
    first, second, down = everything(inside)
    baseline = kept(tmp_path, [first], inside)
    again = [first, first, second, down]
    result = compare(baseline, again, identities(again, [inside]), whole=False)
    assert result.new == (first, second, down)
    assert result.hidden == 1


def test_the_same_in_another_revision_is_new(tmp_path: Path) -> None:
    inside = revision()
    baseline = kept(tmp_path, everything(inside), inside)
    other = revision(TEXT.replace('"a1"', '"b2"'), "versions/b2.py")
    assert compare(baseline, everything(other), identities(everything(other), [other]), whole=False).hidden == 0


def test_a_syntax_error_is_neither_written_nor_hidden(tmp_path: Path) -> None:
    inside = revision()
    broken = found(inside, "upgrade", rule="revision-syntax-error")
    path = tmp_path / "baseline.json"
    assert write_baseline(path, [broken], identities([broken], [inside])) == 0
    text = json.dumps(
        {"version": 1, "findings": [{**identities([broken], [inside])[0]._asdict(), "count": 9}]}, default=str
    )
    path.write_text(text)
    result = compare(read_baseline(path, "b"), [broken], identities([broken], [inside]), whole=False)
    assert result.new == (broken,)


def test_entries_that_are_gone_are_told_when_all_was_linted(tmp_path: Path) -> None:
    inside = revision()
    first, second, _ = everything(inside)
    baseline = kept(tmp_path, [first, first, second], inside)
    identified = identities([second], [inside])
    (stale,) = compare(baseline, [second], identified, whole=True).stale
    assert (stale.code, stale.severity, stale.shown_path) == ("AV023", Severity.INFO, "baseline.json")
    assert stale.message == "2 times drop-table in versions/a1.py is in the baseline, but is gone"
    assert compare(baseline, [second], identified, whole=False).stale == ()


def test_findings_outside_revisions_are_known_by_their_file(tmp_path: Path) -> None:
    one = Diagnostic("AV710", "env-transaction-per-migration", "m", path="migrations/env.py")
    baseline = kept(tmp_path, [one])
    assert compare(baseline, [one], identities([one], []), whole=True).new == ()


def test_the_file_is_sorted_and_written_whole(tmp_path: Path) -> None:
    inside = revision()
    kept(tmp_path, everything(inside), inside)
    text = (tmp_path / "baseline.json").read_text()
    kept(tmp_path, everything(inside)[::-1], inside)
    assert (tmp_path / "baseline.json").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["baseline.json"]
    assert all("line" not in entry for entry in json.loads(text)["findings"])
    assert {entry["direction"] for entry in json.loads(text)["findings"]} == {"upgrade", "downgrade"}


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"version": 2, "findings": []}',
        '{"version": 1}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": [{"rule": "x"}]}',
        '{"version": 1, "findings": [{"rule": "x", "revision": "", "direction": "", "digest": "", "count": "2"}]}',
    ],
)
def test_a_baseline_that_is_none(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "b.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_baseline(path, "b.json")
    (found,) = caught.value.diagnostics
    assert (found.code, found.shown_path) == ("AV022", "b.json")
    assert "--update-baseline" in found.help
