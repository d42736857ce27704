"""Public schemas with a small change: loaded in part they are what they are when loaded as a whole."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from alembic_vibe import compilation
from alembic_vibe.diagnostics import SpecError
from alembic_vibe.history import cache
from alembic_vibe.sql.statement import StatementKind
from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, Package, corpus_spec
from tests.acceptance.test_known_loads import assert_same

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.compilation import Compiled, Parsed
    from alembic_vibe.postgres.server import ScratchServer

_COLUMNS = re.compile(r"CREATE\s+TABLE[^(]*\(", re.IGNORECASE)
_EACH = 4  # of each kind of change


def changed(text: str, parsed: Parsed, chance: random.Random) -> Iterator[str]:
    """Yield the document without one statement, and with one column more."""
    definitions = [s for s in parsed.sql.statements if s.kind is StatementKind.DEFINITION]
    for statement in chance.sample(definitions, _EACH):
        start, end = statement.span
        yield text[:start] + "SELECT 1" + text[end:]
    tables = [s for s in definitions if s.node_type == "CreateStmt" and _COLUMNS.match(s.text)]
    for statement in chance.sample(tables, min(_EACH, len(tables))):
        head = _COLUMNS.match(text, statement.span.start)
        if head is not None:
            yield text[: head.end()] + " one_more integer," + text[head.end() :]


@pytest.mark.server
@pytest.mark.parametrize("package", PACKAGES[::3], ids=lambda package: package.name)  # each takes long
def test_a_small_change(
    package: Package, server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        markdown = corpus_spec(package, tmp_path).markdown
    except CorpusUnavailableError as error:
        pytest.skip(str(error))
    monkeypatch.setattr(cache.Shelf, "folder", tmp_path / "cache")

    def outcome(*, fresh: bool = False) -> Compiled | tuple[object, ...]:
        try:
            return compilation.compile_spec(compilation.parse(markdown, "spec.md"), server, fresh=fresh)
        except SpecError as error:
            return error.diagnostics

    text = markdown.read_text(encoding="utf-8")
    if isinstance(outcome(), tuple):
        pytest.skip("this schema does not compile")
    for variant in changed(text, compilation.parse(markdown, "spec.md"), random.Random(package.name)):
        markdown.write_text(variant, encoding="utf-8")
        found, expected = outcome(), outcome(fresh=True)
        if isinstance(found, tuple) or isinstance(expected, tuple):
            assert found == expected
        else:
            assert_same(found, expected)
