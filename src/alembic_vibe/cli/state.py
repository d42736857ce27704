"""What every command shares: the common options, and where its report goes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

import click

from alembic_vibe.cli import reporters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alembic_vibe.config import Project
    from alembic_vibe.diagnostics import Diagnostic


@dataclass
class State:
    """The common options of one run; given before or after the command's name."""

    config: Path | None = None
    scratch_url: str | None = None
    format: str = "text"
    verbosity: int = 0

    @staticmethod
    def formats() -> list[str]:
        """Return the names of the reporters, text first."""
        names = (info.name for info in iter_modules(reporters.__path__) if info.name[0] != "_")
        return sorted(names, key=lambda name: (name != "text", name))

    @property
    def quiet(self) -> bool:
        """Whether only findings are wanted, without the account of the run."""
        return self.verbosity < 0

    def report(self, diagnostics: Iterable[Diagnostic], extra: dict[str, Any]) -> None:
        """Print the findings in the format asked for: text on stderr, data on stdout."""
        module = import_module(f"{reporters.__name__}.{self.format}")
        stream = sys.stderr if self.format == "text" else sys.stdout
        module.report(list(diagnostics), extra, stream)
        stream.flush()

    def say(self, text: str = "", *, level: int = 0) -> None:
        """Print a line for people on stderr, unless the run is less verbose than ``level`` or prints data."""
        if self.format == "text" and self.verbosity >= level:
            click.echo(text, err=True, color=use_colour(sys.stderr))

    def project(self, *, require_environment: bool = True, read_only: bool = False) -> Project:
        """Load the project of the current folder or of ``-c``; raises ``ConfigurationError``."""
        from alembic_vibe.config import load_project

        return load_project(self.config, Path.cwd(), require_environment=require_environment, read_only=read_only)


def use_colour(stream: Any) -> bool:
    """Whether the stream takes colours: a terminal, and neither NO_COLOR nor TERM=dumb."""
    import os

    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(stream.isatty())


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    state = ctx.ensure_object(State)
    if value is None or value == 0:
        return
    if param.name == "quiet":
        state.verbosity = -1
    elif param.name == "verbose":
        state.verbosity = value
    else:
        setattr(state, str(param.name), value)


Function = TypeVar("Function", bound="Callable[..., Any]")


def common_options(function: Function) -> Function:
    """Add the options that every command has; their values go to the ``State``."""
    options = (
        click.option("-v", "--verbose", count=True, help="Print more.", callback=_keep, expose_value=False),
        click.option("-q", "--quiet", is_flag=True, help="Print findings only.", callback=_keep, expose_value=False),
        click.option(
            "--format",
            type=click.Choice(State.formats()),
            help="How findings are printed; text unless given.",
            callback=_keep,
            expose_value=False,
        ),
        click.option(
            "--scratch-url",
            metavar="URL",
            help="Compile on this PostgreSQL instead of the embedded one.",
            callback=_keep,
            expose_value=False,
        ),
        click.option(
            "-c",
            "--config",
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="alembic.ini or pyproject.toml; found in the current folder otherwise.",
            callback=_keep,
            expose_value=False,
        ),
    )
    for option in options:
        function = option(function)
    return function
