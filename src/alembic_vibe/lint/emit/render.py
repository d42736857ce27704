"""Emit: a revision → the statements of its functions, without a database, and what could not be followed."""

from __future__ import annotations

import ast
import contextlib
import io
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext

from alembic_vibe.lint.emit.batches import batches_placed
from alembic_vibe.lint.emit.batches_of_rows import only_repeat
from alembic_vibe.lint.emit.bind import migration_context
from alembic_vibe.lint.emit.limits import limited, without_sleep
from alembic_vibe.lint.emit.loading import completed, load
from alembic_vibe.lint.emit.recorder import Recorder, TooMuch
from alembic_vibe.lint.emit.stepwise import Stepper, describe
from alembic_vibe.lint.model import Direction, Gap, Place, Rendering

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import ModuleType

    from alembic_vibe.lint.model import Revision


def render(revision: Revision, directions: Collection[Direction] = tuple(Direction)) -> dict[Direction, Rendering]:
    """Run ``upgrade`` and ``downgrade`` of a revision on nothing, and return what they emit.

    Never raises for what the revision does: what cannot be followed is a gap. Modules are found on ``sys.path``
    (see ``loading.search_path``). Nothing that the revision prints or logs is shown.
    """
    lines = revision.source.text.split("\n")
    with _quiet(), without_sleep():
        recorder = Recorder(str(revision.path), lines)
        with _environment(recorder):
            try:
                with limited():
                    module, missing = load(revision)
            except (KeyboardInterrupt, GeneratorExit):
                raise
            except BaseException as error:  # noqa: BLE001 - the project's code may raise anything
                if not completed(error):
                    gap = Gap(_line(error, recorder), f"its module fails: {describe(error)}")
                    return {direction: Rendering(direction, gaps=(gap,)) for direction in directions}
                module = None  # once more, with what was missing
        if module is None:
            return render(revision, directions)
        return {direction: _function(revision, module, missing, direction, lines) for direction in directions}


def _function(
    revision: Revision, module: ModuleType, missing: list[Gap], direction: Direction, lines: list[str]
) -> Rendering:
    function = getattr(module, direction.value, None)
    if function is None:
        return Rendering(direction)
    recorder = Recorder(str(revision.path), lines)
    failure: Gap | None = None
    again = False
    facts = revision.facts.functions.get(direction)
    if facts is not None and facts.raises:
        return Rendering(direction)  # irreversible, and says so
    with _environment(recorder), batches_placed(recorder):
        try:
            if facts is not None and facts.parameters:
                raise TypeError(f"{direction} takes arguments")  # noqa: TRY301 - another tool's signature
            with limited():
                function()
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the project's code may raise anything
            failure = None if (again := completed(error)) else Gap(_line(error, recorder), describe(error))
    if again:
        return _function(revision, module, missing, direction, lines)
    if not only_repeat(recorder):
        recorder.looked += recorder.counted
    if failure is None and not recorder.looked:
        return Rendering(direction, tuple(recorder.statements), (*missing, *recorder.gaps))
    if isinstance(failure, Gap) and failure.reason.startswith(TooMuch.__name__):
        return Rendering(direction, tuple(recorder.statements), (*missing, failure))
    return _followed(revision, module, missing, direction, recorder, failure)


def _followed(
    revision: Revision,
    module: ModuleType,
    missing: list[Gap],
    direction: Direction,
    whole: Recorder,
    failure: Gap | None,
) -> Rendering:
    """Follow the function step by step, since as a whole it fails or looks at the database."""
    recorder = Recorder(whole.filename, whole.lines)
    stepper = Stepper(ast.parse(revision.source.text), dict(module.__dict__), recorder)
    if direction.value not in stepper.functions:  # made by a decorator, an assignment or a class
        gap = failure or Gap(whole.looked[0], "it depends on what the database holds")
        return Rendering(direction, tuple(whole.statements), (*missing, gap))
    with _environment(recorder), batches_placed(recorder), contextlib.suppress(TooMuch), limited():
        stepper.run(direction.value)
    gaps = recorder.gaps or ([failure] if failure else [Gap(whole.looked[0], "it depends on what the database holds")])
    return Rendering(direction, tuple(recorder.statements), (*missing, *gaps))


@contextmanager
def _environment(recorder: Recorder) -> Iterator[None]:
    """Give ``alembic.op`` and ``alembic.context`` something to work with."""
    script: Any = None
    environment = EnvironmentContext(Config(), script)
    context = migration_context(recorder)
    environment._migration_context = context
    with environment, Operations.context(context):
        yield


def _line(error: BaseException, recorder: Recorder) -> Place:
    """Return the innermost place of the revision in an exception's traceback."""
    place = Place(1, 1, 1, 1)
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == recorder.filename:
            place = recorder.place(traceback.tb_frame.f_code, traceback.tb_lasti, traceback.tb_lineno)
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        return Place(error.lineno, error.offset or 1, error.lineno, (error.offset or 1) + 1)
    return place


@contextmanager
def _quiet() -> Iterator[None]:
    """Let nothing that a revision prints or logs into the report."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(disabled)
