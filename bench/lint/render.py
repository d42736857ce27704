"""``python -m bench.lint.render OUT``: the SQL of each revision of the Alembic project in this folder, for squawk.

It does what ``alembic upgrade A:B --sql`` and ``alembic downgrade B:A --sql`` do for each revision, in one process that
reads the chain once, which is faster than a process for each. What cannot be printed is left out, as it would be there.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """Write ``NAME.upgrade.sql`` and ``NAME.downgrade.sql`` for each revision, and ``chain.sql`` for all together."""
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, os.fspath(Path.cwd()))
    config = Config("alembic.ini")
    scripts = ScriptDirectory.from_config(config)
    for script in scripts.walk_revisions():
        parent = str(script.down_revision or "base")
        for way, span in (("upgrade", (parent, script.revision)), ("downgrade", (script.revision, parent))):
            _write(out / f"{Path(script.path).stem}.{way}.sql", config, scripts, way, span)
    _write(out / "chain.sql", config, scripts, "upgrade", ("base", "head"))


def _write(path: Path, config: Config, scripts: ScriptDirectory, way: str, span: tuple[str, str]) -> None:
    begin, end = span

    def steps(revision: str, _context: object) -> Any:
        return scripts._upgrade_revs(end, revision) if way == "upgrade" else scripts._downgrade_revs(end, revision)

    config.output_buffer = buffer = io.StringIO()
    with (
        contextlib.suppress(Exception),
        EnvironmentContext(config, scripts, fn=steps, as_sql=True, starting_rev=begin, destination_rev=end),
    ):
        scripts.run_env()
        path.write_text(buffer.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
