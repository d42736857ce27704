"""``python -m bench.dev_data_real``: development data for public schemas.

For each schema: how many of its tables hold rows afterwards, and how many rows the server refused on the way. A
statement of a schema that fails (for an extension or a role that is not there) is counted and left out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

from alembic_vibe.data.engine import FillReport, fill_development
from alembic_vibe.postgres.server import scratch_server
from bench.dev_data_real.schemas import ALL, statements_in, statements_of
from tests.acceptance.corpus.corpus import CorpusUnavailableError
from tests.acceptance.direct import section_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

_ROOT = Path(__file__).parents[2]
_OWN = {
    "every_kind": lambda: statements_in(_ROOT / "tests/acceptance/every_kind.sql"),
    "sample_project": lambda: [
        "CREATE EXTENSION btree_gist",
        *section_statements(_ROOT / "sample_project/docs/06-technical-specification.md"),
    ],
}
_HEADINGS = ("schema", "tables", "filled", "kept", "rows", "refused", "rows/s", "left out")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the named schemas, or all, and the given files; 1 if a table stays empty."""
    parser = argparse.ArgumentParser(prog="python -m bench.dev_data_real", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join([*_OWN, *ALL])}; or an .sql file")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|:---|{'---:|' * (len(_HEADINGS) - 1)}"]
    remarks: list[str] = []
    reports: list[FillReport] = []
    with scratch_server() as server:
        for name, statements in _schemas(options.names or [*_OWN, *ALL]):
            database = server.create_database()
            try:
                with server.connect(database, autocommit=True) as connection:
                    left_out = _load(connection, statements)
                    started = process_time()
                    report = fill_development(connection, rows=options.rows, seed=options.seed)
                    own = process_time() - started
            finally:
                server.drop_database(database)
            reports.append(report)
            lines.append(_line(name, report, left_out))
            remarks += [f"{name}.{table.key.qualified}: {table.reason}" for table in report.empty]
            print(f"{name}: {report.seconds:.2f} s, of which {own:.2f} s of one processor here", file=sys.stderr)
    tables, empty = sum(len(r.tables) for r in reports), sum(len(r.empty) for r in reports)
    rows, refused = sum(r.rows for r in reports), sum(r.rejected for r in reports)
    share = 100 * (tables - empty) / max(1, tables)
    remarks.append(f"{tables - empty} of {tables} tables filled ({share:.1f} %), {rows:,} rows, {refused:,} refused")
    print("\n".join([*lines, "", *remarks]))
    return int(empty > 0)


def _schemas(names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for name in names:
        try:
            if name in _OWN:
                yield name, _OWN[name]()
            elif name in ALL:
                yield name, statements_of(ALL[name])
            else:
                yield Path(name).stem, statements_in(Path(name))
        except (CorpusUnavailableError, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)


def _load(connection: psycopg.Connection[Any], statements: list[str]) -> int:
    """Run statements until no more of them succeed; return how many never did."""
    import psycopg

    waiting = statements
    while waiting:
        failed = []
        for statement in waiting:
            try:
                connection.execute(statement.encode())
            except psycopg.Error:
                failed.append(statement)
        if len(failed) == len(waiting):
            break
        waiting = failed
    return len(waiting)


def _line(name: str, report: FillReport, left_out: int) -> str:
    filled = len(report.tables) - len(report.empty)
    speed = report.rows / report.seconds if report.seconds else 0
    cells = (name, len(report.tables), filled, len(report.kept), f"{report.rows:,}", f"{report.rejected:,}",
             f"{speed:,.0f}", left_out)  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
