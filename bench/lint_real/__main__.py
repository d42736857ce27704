"""``python -m bench.lint_real``: lint the chains of public packages, and print how far that comes.

Each chain is linted beside its installed package, as in the application's own environment, and by itself with
``--alone``: what the revisions import is missing then, as in an environment that pre-commit makes. The packages are
downloaded and installed below ``--work``, some gigabytes in all, and kept for the next time.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from bench.lint_real.places import Places, UnavailableError, site_packages
from bench.lint_real.projects import PROJECTS
from bench.lint_real.runs import lint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.lint_real.projects import Project
    from bench.lint_real.runs import Outcome

_HEADINGS = (
    "chain",
    "revisions",
    "wholly",
    "all branches",
    "in part",
    "errors",
    "warnings",
    "cold",
    "warm",
    "failures",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Lint the named chains, or all; 1 if the linter failed at one."""
    parser = argparse.ArgumentParser(prog="python -m bench.lint_real", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join(one.name for one in PROJECTS)}")
    parser.add_argument("--work", type=Path, default=platformdirs.user_cache_path("alembic-vibe-bench") / "lint_real")
    parser.add_argument("--alone", action="store_true", help="lint without what the revisions import")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {one.name for one in PROJECTS}
    if unknown:
        parser.error(f"there is no chain {', '.join(sorted(unknown))}")
    places = Places(options.work)
    outcomes: dict[str, Outcome] = {}
    for project in PROJECTS:
        if options.names and project.name not in options.names:
            continue
        try:
            outcomes[project.name] = _lint(project, places, options.work, alone=options.alone or project.alone)
        except UnavailableError as error:
            print(f"{project.name}: {error}", file=sys.stderr)
            continue
        print(f"{project.name}: done", file=sys.stderr)
    print("\n\n".join([_table(outcomes), _rules(outcomes), _reasons(outcomes), _failures(outcomes)]))
    return int(any(outcome.crashes for outcome in outcomes.values()))


def _lint(project: Project, places: Places, work: Path, *, alone: bool) -> Outcome:
    if alone:
        python, packages = places.environment("alone", ()), places.files(project)
    else:
        wanted = () if project.bare else (project.requirement,)
        python = places.environment(project.name, (*wanted, *project.extras), project.bare)
        packages = site_packages(python)
    return lint(python, places.configuration(project, packages), work / "runs" / project.name)


def _table(outcomes: Mapping[str, Outcome]) -> str:
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|:---|{'---:|' * (len(_HEADINGS) - 1)}"]
    for name, one in outcomes.items():
        cells = [
            name,
            f"{one.revisions:,}",
            f"{one.whole:,} ({one.whole / one.revisions:.0%})" if one.revisions else "-",
            f"{one.guessed:,}",
            f"{one.revisions - one.whole - one.guessed:,}",
            f"{sum(number for (severity, _), number in one.rules.items() if severity == 'error'):,}",
            f"{sum(number for (severity, _), number in one.rules.items() if severity == 'warning'):,}",
            f"{one.cold.seconds:.1f} s",
            f"{one.warm.seconds:.1f} s",
            str(len(one.crashes)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    revisions, whole = sum(one.revisions for one in outcomes.values()), sum(one.whole for one in outcomes.values())
    guessed = sum(one.guessed for one in outcomes.values())
    if revisions:
        share, rest = f"{whole:,} ({whole / revisions:.0%})", revisions - whole - guessed
        lines.append(f"| all | {revisions:,} | {share} | {guessed:,} | {rest:,} | | | | | |")
    return "\n".join(lines)


def _rules(outcomes: Mapping[str, Outcome]) -> str:
    total: Counter[tuple[str, str]] = Counter()
    for one in outcomes.values():
        total += one.rules
    lines = ["| rule | severity | findings |", "|:---|:---|---:|"]
    lines += [f"| {rule} | {severity} | {number:,} |" for (severity, rule), number in total.most_common()]
    return "\n".join(lines)


def _reasons(outcomes: Mapping[str, Outcome]) -> str:
    total: Counter[str] = Counter()
    for one in outcomes.values():
        total += one.reasons
    return "\n".join(
        ["Why revisions were followed in part only:", *(f"{n:6} {text}" for text, n in total.most_common())]
    )


def _failures(outcomes: Mapping[str, Outcome]) -> str:
    found = [f"{name}: {crash}" for name, one in outcomes.items() for crash in one.crashes]
    return "\n\n".join(["Failures of the linter:", *found]) if found else "No failure of the linter."


if __name__ == "__main__":
    sys.exit(main())
