"""The project's Alembic chain, driven through a worker process."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from alembic_vibe.diagnostics import Diagnostic, EnvironmentFailureError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

REPLAY = Rule(
    code="AV801",
    slug="chain-not-replayable",
    severity=Severity.ERROR,
    summary="Alembic failed while running the project's revisions on the scratch database.",
    why="The current state of the database is what the chain of revisions makes of an empty one; without it nothing "
    "can be compared or proven.",
    fix="Run `alembic upgrade head` on an empty database yourself; the first revision that fails there must be mended.",
    bad="def upgrade() -> None:\n    op.add_column('users', sa.Column('age', sa.Integer()))  # no revision makes users",
    good="def upgrade() -> None:\n    op.create_table('users', sa.Column('id', sa.Uuid(), primary_key=True))",
)
RULES = (REPLAY,)


class ChainError(Exception):
    """Alembic, env.py or a revision failed; ``trace`` is the traceback of the worker."""

    def __init__(self, message: str, trace: str, output: str) -> None:
        self.message, self.trace, self.output = message, trace, output
        super().__init__(message)

    def as_failure(self, what: str) -> EnvironmentFailureError:
        """Return the error for the user; ``what`` says what was being done."""
        notes = tuple(line for line in (self.output.strip().splitlines()[-5:]) if line)
        return EnvironmentFailureError(
            Diagnostic(REPLAY.code, REPLAY.slug, f"{what}: {self.message}", help=REPLAY.fix, notes=notes)
        )


@dataclass(frozen=True)
class Script:
    """One revision of the chain."""

    revision: str
    down: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Scripts:
    """The chain as Alembic sees it; ``scripts`` from the first to the last."""

    heads: tuple[str, ...]
    scripts: tuple[Script, ...]
    versions: str


@dataclass(frozen=True)
class NewRevision:
    """A revision to be written through the project's template, on top of ``head`` ("" for an empty chain)."""

    id: str
    title: str
    head: str
    docstring: str
    upgrade: str
    downgrade: str
    imports: str


class Chain:
    """A running worker; use it as a context manager."""

    def __init__(self, root: Path) -> None:
        """Start the worker in the project's root, where ``prepend_sys_path = .`` means the project."""
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._begun: list[tuple[str, dict[str, Any]]] = []  # requests whose answers nobody has taken yet
        self._process = subprocess.Popen(
            [sys.executable, "-m", "alembic_vibe.history.worker", "--warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=root,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._begun:  # it may be waiting for somebody to read its answers; nothing has been changed yet
            self._process.kill()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # the process may have ended by itself
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def begin(self, ini: Path | None, toml: Path | None) -> None:
        """Let the worker read the configuration and the revisions, and do not wait for it.

        ``open`` with the same files and ``describe``, called next, have their answers sooner.
        """
        for do, arguments in (("open", _opening(ini, toml)), ("describe", {})):
            with contextlib.suppress(BrokenPipeError):  # whoever asks for the answer will hear of it
                self._send(do, arguments)
            self._begun.append((do, arguments))

    def open(
        self, ini: Path | None, toml: Path | None, script_location: Path | None, version_locations: Sequence[Path] = ()
    ) -> None:
        """Read the project's configuration, with its scripts taken from elsewhere where that is said."""
        self._ask("open", **_opening(ini, toml, script_location, version_locations))

    def describe(self) -> Scripts:
        """Return heads and revisions.

        Raises:
            ChainError: A revision cannot be imported, or the graph is broken.
        """
        answer = self._ask("describe")
        scripts = tuple(Script(found["id"], tuple(found["down"]), found["path"]) for found in answer["revisions"])
        return Scripts(tuple(answer["heads"]), scripts, answer["versions"])

    def write(self, revisions: Sequence[NewRevision]) -> list[str]:
        """Write revisions into the (staged) script location and return their paths."""
        answer = self._ask("write", revisions=[{**vars(revision)} for revision in revisions])
        return [str(path) for path in answer["paths"]]

    def upgrade(self, target: str, url: str) -> None:
        """Upgrade a database; raises ``ChainError``."""
        self._ask("upgrade", target=target, url=url)

    def downgrade(self, target: str, url: str) -> None:
        """Downgrade a database; raises ``ChainError``."""
        self._ask("downgrade", target=target, url=url)

    def check(self, url: str) -> list[str]:
        """Return the differences that ``alembic check`` would find."""
        return [str(line) for line in self._ask("check", url=url)["differences"]]

    def _ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            if self._begun[:1] != [(do, arguments)]:
                while self._begun:  # nobody wants these answers any more
                    self._begun.pop()
                    self._process.stdout.readline()
                self._send(do, arguments)
            else:
                self._begun.pop(0)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise ChainError("the process that runs Alembic ended", "", self._output())
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ChainError(answer["error"], answer.get("trace", ""), self._output())
        result: dict[str, Any] = answer["ok"]
        return result

    def _send(self, do: str, arguments: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()

    def _output(self) -> str:
        self._errors.seek(0)
        return self._errors.read()


def _opening(
    ini: Path | None, toml: Path | None, script_location: Path | None = None, version_locations: Sequence[Path] = ()
) -> dict[str, Any]:
    return {
        "ini": str(ini or ""),
        "toml": str(toml or ""),
        "script_location": str(script_location or ""),
        "version_locations": [str(path) for path in version_locations],
    }
