"""A process of its own that runs Alembic: ``python -m alembic_vibe.history.worker``.

Alembic executes the project's env.py and every revision of the chain; that code is the user's, may print, change the
logging or exit, and takes a second to import. So it runs here, and answers requests: one JSON object a line on
standard input, one a line on the original standard output. Whatever user code prints goes to standard error.

Requests have ``do`` (the name of a function below) and its arguments; answers have ``ok`` and the result, or ``error``
(the message), ``trace``, and ``trouble`` (see ``trouble.describe``). The process needs Alembic 1.13.3 or later.
"""

from __future__ import annotations

import argparse
import gc
import inspect
import json
import logging.config
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.history.redirect import OtherDatabaseError, redirect
from alembic_vibe.history.trouble import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory


class NothingRunError(Exception):
    """env.py came to its end without running revisions."""


class SeveralRunsError(Exception):
    """env.py runs the revisions more than once: on several databases, or for several schemas."""


class Worker:
    """One Alembic configuration, opened once."""

    def __init__(self) -> None:
        self._config: Config | None = None
        self._directory: ScriptDirectory | None = None
        self._plainly = False  # without env.py
        self._lends = False  # a connection, to env.py
        self._version = {"table": "alembic_version", "schema": ""}
        self.current = ""  # the path of the revision that is being run

    @property
    def _scripts(self) -> ScriptDirectory:
        from alembic.script import ScriptDirectory

        if self._directory is None:
            assert self._config is not None
            self._directory = ScriptDirectory.from_config(self._config)
        return self._directory

    def places(self) -> tuple[Path | None, list[Path]]:
        """Return the script location and the version locations, as far as they are known."""
        if self._config is None:
            return None, []
        try:
            scripts = self._scripts
            return Path(scripts.dir), [Path(found) for found in scripts._version_locations]
        except Exception:  # noqa: BLE001 - it is about to be reported already
            return None, []

    def open(
        self, ini: str, toml: str, section: str, version_locations: list[str], search: list[str]
    ) -> dict[str, Any]:
        """Read the configuration; ``version_locations`` replace those in it, unless there are none."""
        from alembic.config import Config

        sys.path += [folder for folder in search if folder not in sys.path]
        # Alembic reads pyproject.toml from 1.16 on; before, there is nothing in it for Alembic.
        reads_toml = "toml_file" in inspect.signature(Config.__init__).parameters
        keywords: dict[str, Any] = {"toml_file": toml} if toml and reads_toml else {}
        config = Config(ini or None, ini_section=section, cmd_opts=_command_line(ini, section), **keywords)
        if version_locations:
            config.set_main_option("version_locations", os.pathsep.join(version_locations).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            config.set_main_option("version_path_separator", "os")
        self._config, self._directory = config, None
        return {}

    def describe(self) -> dict[str, Any]:
        """Return the heads, and every revision from the first to the last: id, parents, path."""
        scripts = self._scripts
        revisions = [
            {
                "id": script.revision,
                "down": list(script._versioned_down_revisions),
                "path": script.path,
            }
            for script in reversed(list(scripts.walk_revisions()))
        ]
        return {"heads": list(scripts.get_heads()), "revisions": revisions}

    def write(self, revisions: list[dict[str, Any]], folder: str) -> dict[str, Any]:
        """Write revisions through the project's own template, each on top of the one before; return their paths."""
        from alembic_vibe.history.writing import write_revision

        assert self._config is not None
        return {"paths": [write_revision(self._scripts, self._config, found, folder) for found in revisions]}

    def upgrade(self, target: str, url: str) -> dict[str, Any]:
        """Run the project's environment up to a revision, on a database."""

        def steps(revision: Any, _context: MigrationContext) -> Any:
            return self._scripts._upgrade_revs(target, revision)

        return self._run(steps, target, url)

    def downgrade(self, target: str, url: str) -> dict[str, Any]:
        """Run the project's environment down to a revision or ``base``, on a database."""

        def steps(revision: Any, _context: MigrationContext) -> Any:
            return self._scripts._downgrade_revs(target, revision)

        return self._run(steps, target, url)

    def stamp(self, target: str, url: str) -> dict[str, Any]:
        """Let a database say that it is at a revision, as ``alembic stamp`` does."""

        def steps(revision: Any, _context: MigrationContext) -> Any:
            return self._scripts._stamp_revs(target, revision)

        return self._run(steps, target, url)

    def check(self, url: str) -> dict[str, Any]:
        """Return what ``alembic check`` finds between the models and a database: one line a difference."""
        from alembic.autogenerate import compare_metadata

        found: list[str] = []

        def steps(_revision: Any, context: MigrationContext) -> Any:
            metadata = context.opts["target_metadata"]
            found.extend(str(difference) for difference in compare_metadata(context, metadata))
            return []

        self._run(steps, "head", url)
        return {"differences": found}

    def plainly(self, table: str, schema: str) -> dict[str, Any]:
        """Run revisions without env.py from now on; the version table must be named then."""
        self._plainly = True
        self._version = {"table": table, "schema": schema}
        return {}

    def _run(self, steps: Callable[[Any, MigrationContext], Iterable[Any]], target: str, url: str) -> dict[str, Any]:
        from alembic.runtime.environment import EnvironmentContext

        assert self._config is not None
        redirect().to(url)
        self._config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        self._config.set_main_option("migration_role", "")  # our env.py's SET ROLE: that role lives elsewhere
        self.current = ""
        runs = 0

        def one_by_one(revision: Any, context: MigrationContext) -> Any:
            nonlocal runs
            runs += 1
            if runs > 1:
                raise SeveralRunsError
            self._version = {"table": context.version_table, "schema": context.version_table_schema or ""}
            return self._told(list(steps(revision, context)))

        def run() -> None:
            assert self._config is not None
            with EnvironmentContext(self._config, self._scripts, fn=one_by_one, destination_rev=target) as environment:
                if self._plainly:
                    self._run_plainly(environment, url)
                elif self._lends:
                    self._run_with_connection(url)
                else:
                    self._scripts.run_env()

        try:
            run()
        except (ImportError, SyntaxError, LookupError, OtherDatabaseError):
            raise
        except Exception as first:
            if runs or self._lends or self._plainly:
                raise
            self._lends = True  # some environments run only where they are given a connection
            try:
                run()
            except Exception:
                if runs:  # it was that: the revisions have been reached
                    raise
                self._lends = False
                raise first from None
        self.current = ""
        if not runs:
            raise NothingRunError
        return dict(self._version)

    def _told(self, steps: list[Any]) -> Iterator[Any]:
        """Remember which revision is being run."""
        for step in steps:
            self.current = str(getattr(getattr(step, "revision", None), "path", None) or "")
            yield step
        self.current = ""

    def _run_with_connection(self, url: str) -> None:
        """Give env.py a connection, as applications do that call Alembic (cookbook: "Sharing a Connection")."""
        from sqlalchemy import create_engine, pool

        assert self._config is not None
        with create_engine(url, poolclass=pool.NullPool).connect() as connection:
            self._config.attributes["connection"] = connection
            try:
                self._scripts.run_env()
                connection.commit()
            finally:
                del self._config.attributes["connection"]

    def _run_plainly(self, environment: Any, url: str) -> None:
        from sqlalchemy import create_engine, pool

        engine = create_engine(url, poolclass=pool.NullPool)
        with engine.connect() as connection:
            environment.configure(
                connection=connection,
                version_table=self._version["table"],
                version_table_schema=self._version["schema"] or None,
                transaction_per_migration=True,
            )
            with environment.begin_transaction():
                environment.run_migrations()


def _command_line(ini: str, section: str) -> argparse.Namespace:
    """Return what env.py finds in ``config.cmd_opts`` when ``alembic upgrade head`` is called."""
    from alembic import command

    return argparse.Namespace(
        cmd=(command.upgrade, ["revision"], ["sql", "tag"]),
        config=ini or None,
        name=section,
        x=None,
        raiseerr=False,
        quiet=False,
        verbose=False,
        revision="head",
        sql=False,
        tag=None,
    )


def main() -> None:
    """Answer requests until standard input ends."""
    answers: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what user code prints to standard output is not an answer
    # env.py configures the logging of the whole process, in every run, and asks for files that need not be there.
    logging.config.fileConfig = lambda *_arguments, **_keywords: None
    worker = Worker()
    # A short life with large, long-lived modules: collecting as often as usual costs a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    if "--warm" in sys.argv:
        import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401
    sys.argv[:] = ["alembic", "upgrade", "head"]  # some environments look
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = getattr(worker, request.pop("do"))(**request)
            answer = {"ok": result}
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever user code raises is an answer
            trouble = describe(error, *worker.places(), worker.current)
            trace = traceback.format_exc()
            answer = {"error": f"{type(error).__name__}: {error}", "trace": trace, "trouble": trouble}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
