"""Statements from plain SQL, as the parser gives them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.source import Source, SourceMap, Span
from alembic_vibe.sql import grammar
from alembic_vibe.sql.classify import classify
from alembic_vibe.sql.statement import Statement

Parse = Callable[[str], list[Statement]]


def parse_statements(text: str) -> list[Statement]:
    """Split and classify a script; places are those of the script itself."""
    source = Source("spec.md", text)
    statements = []
    for index, (start, end) in enumerate(grammar.split(text)):
        part = text[start:end]
        starts = (0, *(i + 1 for i, char in enumerate(part) if char == "\n"))
        tree = grammar.parse(part)[0]
        tree = tree.get("stmt", tree)
        kind = next(iter(tree))
        statements.append(
            Statement(
                index=index,
                text=part,
                span=Span(start, end),
                source=source,
                map=SourceMap(starts, tuple(start + offset for offset in starts)),
                kind=classify(kind, tree[kind]),
                node_type=kind,
                node=tree,
                section="5.3",
                heading="Core",
            )
        )
    return statements


@pytest.fixture
def parse() -> Parse:
    """A function that turns a script into statements."""
    return parse_statements


def dump(server: ScratchServer, database: str) -> list[str]:
    """The schema as pg_dump writes it: its lines, sorted, so that order does not matter."""
    assert server.bin_dir is not None
    answer = subprocess.run(
        [server.bin_dir / "pg_dump", "--schema-only", server.url(database)], capture_output=True, text=True, check=True
    )
    lines = (line.rstrip().rstrip(",") for line in answer.stdout.splitlines())
    return sorted(line for line in lines if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set")))
