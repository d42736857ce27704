"""The project's Alembic chain, driven through a worker process."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from alembic_vibe.diagnostics import Diagnostic, EnvironmentFailureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType


class ChainError(Exception):
    """Alembic, env.py or a revision failed.

    ``trace`` is the traceback of the worker, ``trouble`` what ``trouble.describe`` says of the error.
    """

    def __init__(self, message: str, trace: str, output: str, trouble: Mapping[str, Any] | None = None) -> None:
        self.message, self.trace, self.output = message, trace, output
        self.trouble: Mapping[str, Any] = trouble or {}
        super().__init__(message)

    @property
    def is_of_environment(self) -> bool:
        """Whether env.py, or what it imports, is to blame, as opposed to a revision."""
        return self.trouble.get("place", ("",))[0] in {"environment", "project"} or bool(self.trouble.get("dialect"))

    def as_failure(self, what: str, root: Path | None = None) -> EnvironmentFailureError:
        """Return the error for the user; ``what`` says what was being done, ``root`` where paths are shown from."""
        from alembic_vibe.history.explain import explain

        return ChainFailureError(explain(self, what, root), self)


class ChainFailureError(EnvironmentFailureError):
    """A failure of the chain, for the user; ``error`` is what the worker said."""

    def __init__(self, diagnostic: Diagnostic, error: ChainError) -> None:
        self.error = error
        super().__init__(diagnostic)


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

    def __init__(self, home: Path, section: str = "alembic", search: Sequence[Path] = ()) -> None:
        """Start the worker.

        Args:
            home: The folder that Alembic is run in, where ``prepend_sys_path = .`` means the project.
            section: Of the ini, Alembic's ``-n``.
            search: Folders where modules may lie as well, behind everything else.
        """
        self._section = section
        self._search = tuple(search)
        self.version_table = ("", "alembic_version")  # schema and name, as env.py has them; known after the first run
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._begun: list[tuple[str, dict[str, Any]]] = []  # requests whose answers nobody has taken yet
        self._process = subprocess.Popen(
            [sys.executable, "-m", "alembic_vibe.history.worker", "--warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=home,
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
        for do, arguments in (("open", self._opening(ini, toml)), ("describe", {})):
            with contextlib.suppress(BrokenPipeError):  # whoever asks for the answer will hear of it
                self._send(do, arguments)
            self._begun.append((do, arguments))

    def open(self, ini: Path | None, toml: Path | None, version_locations: Sequence[Path] | None = None) -> None:
        """Read the project's configuration, with its revisions taken from elsewhere where that is said."""
        self._ask("open", **self._opening(ini, toml, version_locations or ()))

    def describe(self) -> Scripts:
        """Return heads and revisions.

        Raises:
            ChainError: A revision cannot be imported, or the graph is broken.
        """
        answer = self._ask("describe")
        scripts = tuple(Script(found["id"], tuple(found["down"]), found["path"]) for found in answer["revisions"])
        return Scripts(tuple(answer["heads"]), scripts)

    def write(self, revisions: Sequence[NewRevision], folder: Path) -> list[str]:
        """Write revisions into a version location and return their paths."""
        answer = self._ask("write", revisions=[{**vars(revision)} for revision in revisions], folder=str(folder))
        return [str(path) for path in answer["paths"]]

    def upgrade(self, target: str, url: str) -> None:
        """Upgrade a database; raises ``ChainError``."""
        self._run("upgrade", target, url)

    def downgrade(self, target: str, url: str) -> None:
        """Downgrade a database; raises ``ChainError``."""
        self._run("downgrade", target, url)

    def stamp(self, target: str, url: str) -> None:
        """Let a database say that it is at a revision; raises ``ChainError``."""
        self._run("stamp", target, url)

    def run_plainly(self, version_table: tuple[str, str]) -> None:
        """Do without env.py from now on: its schema and version table must be said then."""
        schema, table = version_table
        self._ask("plainly", table=table, schema=schema)

    def _run(self, do: str, target: str, url: str) -> None:
        answer = self._ask(do, target=target, url=url)
        self.version_table = (str(answer["schema"]), str(answer["table"]))

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
            raise ChainError(answer["error"], answer.get("trace", ""), self._output(), answer.get("trouble"))
        result: dict[str, Any] = answer["ok"]
        return result

    def _send(self, do: str, arguments: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()

    def _output(self) -> str:
        self._errors.seek(0)
        return self._errors.read()

    def _opening(self, ini: Path | None, toml: Path | None, version_locations: Sequence[Path] = ()) -> dict[str, Any]:
        return {
            "ini": str(ini or ""),
            "toml": str(toml or ""),
            "section": self._section,
            "version_locations": [str(path) for path in version_locations],
            "search": [str(path) for path in self._search],
        }
