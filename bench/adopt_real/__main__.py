"""``python -m bench.adopt_real``: what discovery finds in public packages, and whether that is what they say.

The wheels are downloaded and unpacked below ``--work`` without what they depend on, and kept for the next time.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from bench.adopt_real.checks import check, expectations
from bench.lint_real.places import Places, UnavailableError
from bench.lint_real.projects import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.adopt_real.checks import Outcome

_HEADINGS = ("package", "environments", "revisions", "heads", "style", "metadata", "files", "classes", "tables",
             "remarks", "seconds", "as expected")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at the named packages, or all; 1 if something is not as their sources say, or a file has changed."""
    expected = expectations()
    parser = argparse.ArgumentParser(prog="python -m bench.adopt_real", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join(expected)}")
    parser.add_argument("--work", type=Path, default=platformdirs.user_cache_path("alembic-vibe-bench") / "adopt_real")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - expected.keys()
    if unknown:
        parser.error(f"there is no package {', '.join(sorted(unknown))}")
    places = Places(options.work)
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|:---|{'---:|' * (len(_HEADINGS) - 1)}"]
    failures: list[str] = []
    for name in options.names or expected:
        try:
            folder = places.files(Project(name, expected[name]["requirement"], ""))
        except UnavailableError as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        start = time.monotonic()
        outcome = check(folder, expected[name])
        lines += _rows(name, outcome, time.monotonic() - start)
        failures += [f"{name}: {wrong}" for wrong in outcome.wrong]
        failures += [f"{name}: {path} has changed" for path in outcome.changed]
    print("\n".join([*lines, "", *(failures or ["All is as the sources say, and no file has changed."])]))
    return int(bool(failures))


def _rows(name: str, outcome: Outcome, seconds: float) -> Iterator[str]:
    for number, one in enumerate(outcome.found["environments"]):
        first = number == 0
        cells = [
            name if first else "",
            str(len(outcome.found["environments"])) if first else "",
            f"{one['revisions']:,}",
            ", ".join(one["heads"]),
            one["style"],
            ", ".join(f"{base['module']}.{base['name']}" for base in one["metadata"]) or "-",
            str(len(one["models"]["files"])),
            str(one["models"]["classes"]),
            str(one["models"]["tables"]),
            str(len(one["notes"])),
            f"{seconds:.1f}" if first else "",
            ("no" if outcome.wrong or outcome.changed else "yes") if first else "",
        ]
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
