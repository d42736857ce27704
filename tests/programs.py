"""`alembic-vibe` and `alembic`, run in the test's own process: a process of their own has to import everything anew.

That is one and a half seconds of every run, and there are hundreds. What belongs to a process (folder, variables,
output, modules, logging) is put back afterwards. What only a real one shows has tests that start it: those of the main
module, of the README, of a warm linter, of the pre-commit hooks, and of two deployments at once.
"""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

_LOGGERS = ("", "alembic", "sqlalchemy", "sqlalchemy.engine")  # those that an alembic.ini configures


def run_program(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a program with these variables and no others; one that is not ours gets a process.

    Args:
        command: The name of a program beside Python, and its arguments.
        folder: The working directory.
        environment: All its variables.
    """
    name, *arguments = (os.fspath(word) for word in command)
    program = _PROGRAMS.get(name)
    if program is None:
        return start_program(command, folder, environment)
    out, err = _output(), _output()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        _modules_of(folder),
        _logging(),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = program(arguments)
        except SystemExit as error:
            code = error.code % 256 if isinstance(error.code, int) else int(error.code is not None)
        except Exception:  # noqa: BLE001 - as Python ends a program
            traceback.print_exc()
            code = 1
    return subprocess.CompletedProcess([name, *arguments], code, _text(out), _text(err))


def start_program(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Do the same in a process, as the user does; ten times as slow."""
    name, *arguments = (os.fspath(word) for word in command)
    there = [os.fspath(Path(sys.executable).with_name(name)), *arguments]
    return subprocess.run(there, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _vibe(arguments: list[str]) -> int:
    from alembic_vibe.cli.main import run

    return run(arguments)


def _alembic(arguments: list[str]) -> int:
    from alembic.config import Config, main

    # The stream of a configuration is that of the moment when Alembic was imported.
    printing = functools.partialmethod(Config.__init__, stdout=sys.stdout)
    with mock.patch.object(Config, "__init__", printing):
        main(arguments, prog="alembic")
    return 0


_PROGRAMS = {"alembic": _alembic, "alembic-vibe": _vibe}


@contextlib.contextmanager
def _modules_of(folder: Path) -> Iterator[None]:
    """Let a project import its own modules: others of the same names are set aside meanwhile, and its own forgotten."""
    entries = [entry for place in (folder, folder / "src") if place.is_dir() for entry in place.iterdir()]
    names = {entry.stem for entry in entries if entry.suffix == ".py" or entry.is_dir()}
    aside = {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in names and not _comes_from(module, folder)
    }
    for name in aside:
        del sys.modules[name]
    before, path = set(sys.modules), list(sys.path)
    sys.path_importer_cache.pop(".", None)  # it means another folder each time
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - before:
            if _comes_from(sys.modules[name], folder):
                del sys.modules[name]
        sys.modules.update(aside)


def _comes_from(module: ModuleType, folder: Path) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(Path(place).absolute().is_relative_to(folder.absolute()) for place in places if place)


@contextlib.contextmanager
def _logging() -> Iterator[None]:
    """Put back what an alembic.ini does to the loggers."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before: list[dict[str, Any]] = [
        {"handlers": list(one.handlers), "level": one.level, "disabled": one.disabled} for one in loggers
    ]
    try:
        yield
    finally:
        for logger, state in zip(loggers, before, strict=True):
            logger.handlers[:] = state["handlers"]
            logger.disabled = state["disabled"]
            logger.setLevel(state["level"])


def _output() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(output: io.TextIOWrapper) -> str:
    output.flush()
    buffer = output.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8").replace(os.linesep, "\n")
