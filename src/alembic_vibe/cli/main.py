"""The command line: a group whose commands are the modules of ``cli/commands``, and how a run ends.

Nothing heavy is imported here: ``--help`` and shell completion load click and nothing else.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, NoReturn

import click

from alembic_vibe.cli import commands
from alembic_vibe.cli.failures import INTERNAL_ERROR, OPERATING_SYSTEM, USAGE
from alembic_vibe.cli.state import State, common_options
from alembic_vibe.diagnostics import ExitCode, VibeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.diagnostics import Diagnostic

SOFTWARE = 70  # EX_SOFTWARE of sysexits.h: the fault is ours, not the user's
INTERRUPTED = 130
BROKEN_PIPE = 141

EPILOG = (
    "Exit codes: 0 done or clean; 1 findings or drift; 2 usage, configuration, or a spec that does not compile; "
    "3 a decision is needed; 4 environment (no PostgreSQL, no permission); 70 an error in alembic-vibe itself."
)


class DiscoveredGroup(click.Group):
    """A group that finds its commands: one module each, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the modules in ``cli/commands``."""
        names = {info.name.replace("_", "-") for info in iter_modules(commands.__path__) if info.name[0] != "_"}
        return sorted(names | set(super().list_commands(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of that name and return its ``command``."""
        if cmd_name not in self.list_commands(ctx):
            return super().get_command(ctx, cmd_name)
        module = import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        found = module.command
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a misspelt one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 1) if args else []
            if not near or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from error


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib import metadata

        click.echo(f"alembic-vibe {metadata.version('alembic-vibe')}")
        ctx.exit()


@click.group(cls=DiscoveredGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version.")
@common_options
def cli() -> None:
    """Compile the database section of a specification into models, proven Alembic revisions, seeds and tests."""


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code; never raises for a user's mistake."""
    state = State(format=_format_of(args))
    try:
        result = cli.main(args=list(args), prog_name="alembic-vibe", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except VibeError as error:
        return _finish(state, error.diagnostics, error.exit_code)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _usage(state, error)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was left half-written", err=True)
        return INTERRUPTED
    except SystemExit:
        return BROKEN_PIPE  # click's own answer to a pipe that was closed, which it would end with 1: findings
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted. Keeps the interpreter's own flush at exit from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        return _finish(state, (_from_os(error),), ExitCode.ENVIRONMENT)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever is left is our mistake
        return _internal(state, error)
    return int(result) if isinstance(result, int) else ExitCode.DONE


def main() -> NoReturn:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character of the document shows its number, instead of ending the run.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def _format_of(args: Sequence[str]) -> str:
    """Return the format asked for, so that even a mistake in the arguments is reported in it."""
    for i, arg in enumerate(args):
        value = arg.removeprefix("--format=") if arg.startswith("--format=") else ""
        if arg == "--format" and i + 1 < len(args):
            value = args[i + 1]
        if value in State.formats():
            return value
    return "text"


def _finish(state: State, diagnostics: Sequence[Diagnostic], exit_code: ExitCode) -> int:
    try:
        state.report(diagnostics, {})
    except BrokenPipeError:
        return BROKEN_PIPE
    return exit_code


def _usage(state: State, error: click.ClickException) -> int:
    if state.format == "text":
        error.show()
    else:
        state.report([USAGE.diagnostic(error.format_message())], {})
    return ExitCode.USAGE


def _from_os(error: OSError) -> Diagnostic:
    what = error.strerror or str(error)
    path = str(error.filename or "")
    message = f"{path}: {what}" if path else what
    return OPERATING_SYSTEM.diagnostic(message, path=path)


def _internal(state: State, error: Exception) -> int:
    import traceback

    text = f"internal error, please report: {type(error).__name__}: {error}"
    state.report([INTERNAL_ERROR.diagnostic(text)], {})
    if state.verbosity > 0:
        traceback.print_exception(error, file=sys.stderr)
    return SOFTWARE
