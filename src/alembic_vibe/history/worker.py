"""A process of its own that runs Alembic: ``python -m alembic_vibe.history.worker``.

Alembic executes the project's env.py and every revision of the chain; that code is the user's, may print, change the
logging or exit, and takes a second to import. So it runs here, and answers requests: one JSON object a line on
standard input, one a line on the original standard output. Whatever user code prints goes to standard error.

Requests have ``do`` (the name of a function below) and its arguments; answers have ``ok`` and the result, or ``error``
(the message) and ``trace``. The process needs Alembic 1.13.3 or later.
"""

from __future__ import annotations

import gc
import inspect
import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory


class Worker:
    """One Alembic configuration, opened once."""

    def __init__(self) -> None:
        self._config: Config | None = None
        self._directory: ScriptDirectory | None = None

    @property
    def _scripts(self) -> ScriptDirectory:
        from alembic.script import ScriptDirectory

        if self._directory is None:
            assert self._config is not None
            self._directory = ScriptDirectory.from_config(self._config)
        return self._directory

    def open(self, ini: str, toml: str, script_location: str, version_locations: list[str]) -> dict[str, Any]:
        """Read the configuration; ``script_location`` replaces the one in it, unless it is empty."""
        from alembic.config import Config

        # Alembic reads pyproject.toml from 1.16 on; before, there is nothing in it for Alembic.
        reads_toml = "toml_file" in inspect.signature(Config.__init__).parameters
        keywords = {"toml_file": toml} if toml and reads_toml else {}
        config = Config(ini or None, **keywords)  # type: ignore[arg-type]
        _ = config.file_config  # read while the name is known …
        config.config_file_name = None  # … and hide it from env.py's fileConfig(), which would take over the logging
        if script_location:
            config.set_main_option("script_location", script_location.replace("%", "%%"))
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
        return {"heads": list(scripts.get_heads()), "revisions": revisions, "versions": scripts.versions}

    def write(self, revisions: list[dict[str, Any]]) -> dict[str, Any]:
        """Write revisions through the project's own template, each on top of the one before; return their paths."""
        scripts = self._scripts
        paths = []
        for revision in revisions:
            script = scripts.generate_revision(
                revision["id"],
                revision["title"],
                head=revision["head"] or "base",
                upgrades=revision["upgrade"],
                downgrades=revision["downgrade"],
                imports=revision["imports"],
            )
            assert script is not None
            _add_to_docstring(script.path, revision["title"], revision["docstring"])
            paths.append(script.path)
        return {"paths": paths}

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

    def _run(self, steps: Callable[[Any, MigrationContext], Any], target: str, url: str) -> dict[str, Any]:
        from alembic.runtime.environment import EnvironmentContext

        assert self._config is not None
        os.environ["DATABASE_URL"] = url
        self._config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        with EnvironmentContext(self._config, self._scripts, fn=steps, destination_rev=target):
            self._scripts.run_env()
        return {}


def _add_to_docstring(path: str, title: str, details: str) -> None:
    """Put details below the title of a revision's docstring; a template without such a docstring is left alone."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        text = file.read()
    opening = f'"""{title}\n'
    if details and text.startswith(opening):
        body = details.replace("\\", "\\\\").replace('"""', "'''")
        with open(path, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            file.write(f"{opening}\n{body}\n{text.removeprefix(opening)}")


def main() -> None:
    """Answer requests until standard input ends."""
    answers: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what user code prints to standard output is not an answer
    worker = Worker()
    # A short life with large, long-lived modules: collecting as often as usual costs a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    if "--warm" in sys.argv:
        import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = getattr(worker, request.pop("do"))(**request)
            answer = {"ok": result}
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever user code raises is an answer
            answer = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
