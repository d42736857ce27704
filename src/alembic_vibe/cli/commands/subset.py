"""``alembic-vibe subset``: a masked share of a database, for development and tests."""

from __future__ import annotations

from pathlib import Path

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="Copy a masked share of a database.")
@click.option("--from", "source", metavar="URL", required=True, help="The database to read; a replica will do.")
@click.option("--to", "target", metavar="URL|DIR", help="An empty migrated database, or a folder to make.")
@click.option("--rows", type=click.IntRange(min=1), metavar="N", help="About how many rows, over all tables.")
@click.option(
    "--fraction",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="F",
    help="About which share of the rows; 0.05 unless given.",
)
@click.option("--check", is_flag=True, help="Copy nothing; exit 1 if a column is not classified.")
@click.option("--write", is_flag=True, help="Copy nothing; write suggestions into the classification.")
@click.option(
    "--classification",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What the columns mean; subset.toml in the seeds folder unless given.",
)
@common_options
@click.pass_obj
def command(
    state: State,
    source: str,
    target: str | None,
    rows: int | None,
    fraction: float | None,
    check: bool,
    write: bool,
    classification: Path | None,
) -> int:
    """Copy a share of a database that fits together, with personal data masked.

    The rows that others refer to come with them. Columns that the classification does not name are replaced. The
    source is only read. ALEMBIC_VIBE_MASK_KEY is the key of the masks: the same key masks alike in every run.
    """
    if rows is not None and fraction is not None:
        raise click.UsageError("Give --rows or --fraction, not both.")
    if check and write:
        raise click.UsageError("Give --check or --write, not both.")
    if target is None and not (check or write):
        raise click.UsageError("Name the target with --to: a database's URL or a folder.")

    path = classification or state.project(require_environment=False).seeds / "subset.toml"

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress

    with progress(state) as tell:
        result = pipeline.subset(
            source,
            None if check or write else target,
            rows=rows,
            fraction=fraction if rows is not None or fraction is not None else 0.05,
            classification=path,
            write=write,
            progress=tell,
        )
    state.report(result.diagnostics, result.as_dict())
    for line in result.lines:
        state.say(line)
    return int(result.exit_code)
