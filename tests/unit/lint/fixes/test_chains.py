"""Revisions that repairs put into a chain: names, ids, children; and what keeps a repair from being made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.fixes.engine import repair
from alembic_vibe.lint.fixes.model import Edit, Refusal, edited
from alembic_vibe.lint.model import Settings
from alembic_vibe.lint.request import Request, Scope

TEXT = '''"""{id}

Revision ID: {id}
Revises: {revises}
"""
import sqlalchemy as sa
from alembic import op

revision: str = "{id}"
down_revision: str | None = {down!r}
{more}

def upgrade():
    {up}


def downgrade():
    {down_body}
'''
MAKE = 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))'
CHECK = 'op.create_check_constraint("t_{}", "t", "a > 0")'


def _write(folder: Path, name: str, id_: str, down: Any, up: str, more: str = "", down_body: str = "pass  # x") -> Path:
    revises = ", ".join(down) if isinstance(down, tuple) else down or ""
    path = folder / f"{name}.py"
    path.write_text(TEXT.format(id=id_, revises=revises, down=down, up=up, more=more, down_body=down_body))
    return path


def _repair(folder: Path, *paths: Path) -> Any:
    settings = Settings(severities={"lock-timeout-missing": None})
    request = Request(settings, all=not paths, paths=paths)
    return repair(Scope(folder, (folder,)), request, lambda result: result.diagnostics)


def _apply(folder: Path, done: Any) -> dict[str, tuple[str, ...]]:
    for path, text in done.files.items():
        (folder / path).write_text(text)
    return {revision.id: revision.down for revision in read_chain((folder,), folder).revisions}


@pytest.mark.parametrize(
    ("stems", "ids", "name"),
    [
        (("0007_first", "0008_second"), ("0007", "0008"), r"0009_validate_t_a"),
        (("7_first", "8_second"), ("7", "8"), r"9_validate_t_a"),
        (("a1b2c3d4e5f6_first", "b1b2c3d4e5f6_second"), ("a1b2c3d4e5f6", "b1b2c3d4e5f6"), r"[0-9a-f]{12}_validate_t_a"),
        (("111122223333_first", "111122223334_x"), ("111122223333", "111122223334"), r"[0-9a-f]{12}_validate_t_a"),
        (("a1", "b2"), ("a1", "b2"), r"[0-9a-f]{12}"),
        (
            ("2024_05_01_1200-a1_first", "2024_05_02_1200-b2_second"),
            ("a1", "b2"),
            r"2024_05_02_1200-\w{12}_validate_t_a",
        ),
        (("2024_05_01_a1", "2024_05_02_b2"), ("a1", "b2"), r"2024_05_02_\w{12}"),
        (("first_a1", "second_b2"), ("a1", "b2"), r"validate_t_a_\w{12}"),
        (("0001_first", "0002_second"), ("a1", "b2"), r"0002_second_validate_t_a"),
    ],
)
def test_names_and_ids_are_in_the_style_of_the_chain(
    tmp_path: Path, stems: tuple[str, str], ids: tuple[str, str], name: str
) -> None:
    _write(tmp_path, stems[0], ids[0], None, MAKE)
    _write(tmp_path, stems[1], ids[1], ids[0], CHECK.format("a"))
    done = _repair(tmp_path)
    (added,) = done.added
    assert re.fullmatch(rf"{name}\.py", added)
    chain = _apply(tmp_path, done)
    (new,) = set(chain) - set(ids)
    assert new in added or stems[1].startswith("0002")
    assert chain[new] == (ids[1],)


def test_every_child_follows_the_new_revision_and_nothing_else_changes(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"), 'branch_labels = ("people",)')
    child = _write(tmp_path, "0003_c", "0003", "0002", "pass")
    _write(tmp_path, "0004_d", "0004", "0001", "pass")
    merge = _write(tmp_path, "0005_e", "0005", ("0002", "0004"), "pass")
    depending = _write(tmp_path, "0006_f", "0006", "0005", "pass", 'depends_on = "0002"')
    done = _repair(tmp_path)
    before = {path: path.read_text() for path in (child, merge, depending)}
    assert _apply(tmp_path, done) == {
        "0001": (),
        "0002": ("0001",),
        "0003": ("0007",),
        "0004": ("0001",),
        "0005": ("0007", "0004"),
        "0006": ("0005",),
        "0007": ("0002",),
    }
    assert child.read_text() == before[child].replace("0002", "0007")
    assert merge.read_text() == before[merge].replace("0002", "0007")
    assert depending.read_text() == before[depending]
    assert "0006_f.py" not in done.files


def test_several_in_a_row_are_repaired_at_once(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"))
    _write(tmp_path, "0003_c", "0003", "0002", CHECK.format("b"))
    _write(tmp_path, "0004_d", "0004", "0003", "pass")
    chain = _apply(tmp_path, _repair(tmp_path))
    assert chain == {
        "0001": (), "0002": ("0001",), "0003": ("0005",), "0004": ("0006",), "0005": ("0002",), "0006": ("0003",),
    }  # fmt: skip


def test_revisions_of_two_kinds_follow_one_after_the_other(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    body = CHECK.format("a") + '\n    op.create_index("ix", "t", ["b"])'
    _write(
        tmp_path, "0002_b", "0002", "0001", body, down_body='op.drop_index("ix")\n    op.drop_constraint("t_a", "t")'
    )
    _write(tmp_path, "0003_c", "0003", "0002", "pass")
    done = _repair(tmp_path)
    assert done.added == ("0004_create_ix.py", "0005_validate_t_a.py")
    chain = _apply(tmp_path, done)
    assert (chain["0004"], chain["0005"], chain["0003"]) == (("0002",), ("0004",), ("0005",))


def test_only_what_is_selected_is_repaired(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    first = _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"))
    second = _write(tmp_path, "0003_c", "0003", "0002", CHECK.format("b"))
    done = _repair(tmp_path, second)
    assert first.name not in done.files
    assert len(done.solved) == 1


@pytest.mark.parametrize(
    ("child", "reason"),
    [
        ('down_revision = "00" + "02"', "does not name it plainly"),
        ("import os\ndown_revision = os.environ['X']", "cannot be told which revisions follow"),
        ('down_revision = "people"', "does not name it plainly"),
    ],
)
def test_children_that_cannot_be_moved_keep_their_parent_as_it_is(tmp_path: Path, child: str, reason: str) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"), 'branch_labels = ("people",)')
    (tmp_path / "0003_c.py").write_text(f'revision = "0003"\n{child}\n\ndef upgrade():\n    pass\n')
    done = _repair(tmp_path)
    assert not done.files
    assert reason in done.left[0][1]


def test_a_finding_that_is_suppressed_or_hidden_is_left(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a") + '  # vibe: ignore[AV746] reason="small"')
    assert not _repair(tmp_path).files
    _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"))
    scope, request = Scope(tmp_path, (tmp_path,)), Request(Settings(), all=True)
    assert not repair(scope, request, lambda _: ()).files
    assert repair(scope, request, lambda result: result.diagnostics).files


def test_a_file_that_is_not_utf8_is_left(tmp_path: Path) -> None:
    _write(tmp_path, "0001_a", "0001", None, MAKE)
    path = _write(tmp_path, "0002_b", "0002", "0001", CHECK.format("a"))
    path.write_bytes(b"# coding: latin-1\n# caf\xe9\n" + path.read_bytes())
    done = _repair(tmp_path)
    assert not done.files
    assert "UTF-8" in done.left[0][1]


def test_edits_that_overlap_are_refused() -> None:
    assert edited("abc", [Edit(1, 1, "x"), Edit(1, 2, ""), Edit(0, 0, "y")]) == "yaxc"
    with pytest.raises(Refusal):
        edited("abc", [Edit(0, 2, ""), Edit(1, 3, "")])
