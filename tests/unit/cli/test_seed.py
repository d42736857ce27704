from __future__ import annotations

import pytest

from alembic_vibe.cli.main import run


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["--rows", "5"], "--rows is for dev, not for reference data and roles"),
        (["roles", "--seed", "5"], "--seed is for dev, not for roles"),
        (["dev", "--check"], "not for dev"),
        (["dev", "--as-migration"], "--as-migration is for reference and roles, not for dev"),
        (["test", "--force", "a:b"], "not for test"),
        (["refresh", "--database-url", "postgresql:///x"], "not for refresh"),
        (["--force", "admin"], "TABLE:KEY"),
        (["--as-migration", "--database-url", "postgresql:///x"], "neither"),
        (["dev"], "DATABASE_URL"),
        (["dev", "--rows", "0"], "--rows"),
    ],
)
def test_options_that_do_not_belong_together(
    args: list[str], hint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert run(["seed", *args]) == 2
    assert hint in " ".join(capsys.readouterr().err.split())
