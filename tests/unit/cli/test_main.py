"""The command line as a whole: what it loads, how it answers, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from alembic_vibe.cli import main
from alembic_vibe.cli.state import State
from alembic_vibe.diagnostics import Diagnostic, EnvironmentFailureError, VibeError
from alembic_vibe.source import Source, Span

HEAVY = ("sqlalchemy", "alembic", "psycopg", "pydantic", "mako", "markdown_it", "postgast")
COMMANDS = {
    "adopt",
    "check",
    "demo",
    "explain",
    "generate",
    "init",
    "lint",
    "plan",
    "seed",
    "status",
    "subset",
    "verify",
}
NOT_BUILT = {"docs"}


def run(*args: str) -> int:
    return main.run(args)


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["generate", "--help"], ["nonsense"]])
def test_help_loads_nothing_heavy_and_is_quick(args: list[str]) -> None:
    program = (
        "import resource, sys\n"
        "before = resource.getrusage(resource.RUSAGE_SELF)\n"
        "from alembic_vibe.cli.main import run\n"
        f"run({args!r})\n"
        "after = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, file=sys.stderr)\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # 0.2 s of CPU is the promise for an idle machine; this bound only catches something heavy on a busy one.
    assert float(done.stderr.split()[-1]) < 0.6


def test_commands_are_found_and_none_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.split("Commands:")[1].splitlines() if line.strip()}
    assert listed >= COMMANDS
    context = click.Context(main.cli)
    names = main.cli.list_commands(context)
    assert set(names) >= COMMANDS
    assert not set(names) & NOT_BUILT
    for name in names:
        command = main.cli.get_command(context, name)
        assert command is not None
        assert command.short_help
        assert command.help


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("alembic-vibe 0.")


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["genrate"], "Did you mean"),
        (["generate", "--phase", "shrink"], "expand"),
        (["generate", "--rename", "nonsense"], "users.name=full_name"),
        (["generate", "--rename", "a.b=b"], "does not change"),
        (["generate", "--accept", "x:"], "data-loss:users.name"),
        (["--format", "xml", "check"], "sarif"),
        (["seed", "everything"], "reference"),
    ],
)
def test_usage_errors_end_with_2(args: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*args) == 2
    captured = capsys.readouterr()
    assert hint in captured.err
    assert captured.out == ""


def test_seed_needs_a_database(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert run("seed") == 2
    assert "DATABASE_URL" in capsys.readouterr().err


def test_a_usage_error_is_data_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", "--format", "json", "--phase", "shrink") == 2
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (found["code"], found["rule"], found["severity"]) == ("AV010", "usage", "error")


@pytest.mark.parametrize("args", [["generate"], ["--format=json", "generate"], ["generate", "--format", "json"]])
def test_no_project(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    assert run(*args) == 2
    captured = capsys.readouterr()
    if args == ["generate"]:
        assert captured.err.startswith("error[AV001] no-alembic-environment: ")
        assert captured.out == ""
    else:
        (found,) = json.loads(captured.out)["diagnostics"]
        assert found["code"] == "AV001"
        assert captured.err == ""


def with_error(error: BaseException, args: list[str]) -> int:
    """Run the real group with a command that fails, as any command may."""

    @click.command("fail")
    def fail() -> None:
        raise error

    group = click.Group(params=main.cli.params, callback=main.cli.callback, commands={"fail": fail})
    original = main.cli
    main.cli = group  # type: ignore[assignment]
    try:
        return main.run([arg for arg in args if arg.startswith("-") or arg in State.formats()] + ["fail"])
    finally:
        main.cli = original


def test_an_environment_failure_ends_with_4(capsys: pytest.CaptureFixture[str]) -> None:
    error = EnvironmentFailureError(Diagnostic("AV999", "no-server", "no PostgreSQL"))
    assert with_error(error, []) == 4
    assert "error[AV999] no-server: no PostgreSQL" in capsys.readouterr().err


def test_an_interrupt_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert with_error(KeyboardInterrupt(), []) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_refusal_of_the_operating_system_ends_with_4(capsys: pytest.CaptureFixture[str]) -> None:
    assert with_error(PermissionError(13, "Permission denied", "/x/y"), []) == 4
    assert "/x/y: Permission denied" in capsys.readouterr().err


def test_a_fault_of_ours_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert with_error(ZeroDivisionError("boom"), []) == main.SOFTWARE
    captured = capsys.readouterr().err
    assert "internal error, please report: ZeroDivisionError: boom" in captured
    assert "Traceback" not in captured
    assert with_error(ZeroDivisionError("boom"), ["-v"]) == main.SOFTWARE
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    program = "from alembic_vibe.cli.main import main; main()"
    command = f"{sys.executable} -c '{program}' explain | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 141)
    assert done.stderr == ""


def test_options_may_stand_before_or_after_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json", "explain", "AV001") == 0
    first = json.loads(capsys.readouterr().out)
    assert run("explain", "AV001", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == first


def test_explain_by_code_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "av003") == 0
    by_code = capsys.readouterr().out
    assert run("explain", "unknown-setting") == 0
    assert capsys.readouterr().out == by_code
    assert by_code.startswith("error[AV003] unknown-setting\n")
    assert "Refused:" in by_code
    assert "Write instead:" in by_code


def test_explain_suggests_the_nearest_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "AV0003") == 2
    assert "AV003 (unknown-setting)" in capsys.readouterr().err


def test_explain_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == sorted(lines)
    assert any(line.startswith("AV001") for line in lines)


def test_findings_of_a_run_are_shown_with_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    source = Source("spec.md", "CREATE TABLE t ();\n")
    error = VibeError(Diagnostic("AV999", "some-rule", "no columns", source=source, span=Span(13, 14)))
    assert with_error(error, []) == 2
    assert capsys.readouterr().err == (
        "error[AV999] some-rule: no columns\n"
        " --> spec.md:1:14\n"
        "  |\n"
        "1 | CREATE TABLE t ();\n"
        "  |              ^\n"
        "\n"
        "Found 1 error.\n"
    )


def test_a_terminal_that_cannot_show_a_character(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.alembic-vibe]\npackage = "名前!"\n', encoding="utf-8")
    program = "from alembic_vibe.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "check"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "error[AV004]" in done.stderr
    assert r"\u540d" in done.stderr
