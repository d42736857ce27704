"""A revision that computes or waits without end costs little; functions are found however they are made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.lint.emit import limits
from tests.unit.lint.emit.test_following import upgrade_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_loop_that_computes_without_end_is_followed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST", 0.1)
    rendering = upgrade_of(
        tmp_path,
        """\
        def upgrade():
            n = 0
            while n >= 0:
                n += 1
            op.drop_table("orders")
        """,
    )
    assert [emitted.sql for emitted in rendering.statements] == ["DROP TABLE orders"]
    assert [(gap.place.line, gap.reason) for gap in rendering.gaps] == [(7, "a loop whose end is not known")]


def test_a_module_that_computes_without_end_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONGEST", 0.1)
    rendering = upgrade_of(tmp_path, "while True:\n    pass\ndef upgrade():\n    pass\n")
    assert [gap.reason for gap in rendering.gaps] == ["its module fails: TooLong: more than 0.1 seconds of computing"]


def test_nobody_waits(tmp_path: Path) -> None:
    sleep = time.sleep
    rendering = upgrade_of(tmp_path, "import time\ndef upgrade():\n    time.sleep(3600)\n    op.drop_table('orders')\n")
    assert rendering.gaps == ()
    assert len(rendering.statements) == 1
    assert time.sleep is sleep


@pytest.mark.parametrize(
    "text",
    [
        "upgrade = lambda: op.drop_table('orders')",
        "def _drop():\n    op.drop_table('orders')\n\nupgrade = _drop",
        "class Steps:\n    def run(self):\n        op.drop_table('orders')\n\nupgrade = Steps().run",
    ],
)
def test_a_function_that_is_not_a_def_is_followed(tmp_path: Path, text: str) -> None:
    assert [emitted.sql for emitted in upgrade_of(tmp_path, text).statements] == ["DROP TABLE orders"]
