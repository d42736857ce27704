"""Public schemas, from their packages: each can be had, reads as a Section 5, and means the same in that form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, Package, corpus_spec
from tests.acceptance.direct import run_directly, section_statements
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer


@pytest.mark.server
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_the_document_means_what_the_package_ships(package: Package, server: ScratchServer, tmp_path: Path) -> None:
    try:
        spec = corpus_spec(package, tmp_path)
    except CorpusUnavailableError as error:
        pytest.skip(str(error))
    from_sql, from_document = server.create_database(), server.create_database()
    with server.connect(from_sql, autocommit=True) as connection:
        connection.execute(spec.raw_sql.read_bytes())
    with server.connect(from_document, autocommit=True) as connection:
        run_directly(connection, section_statements(spec.markdown))
    expected = schema_statements(pg_dump(server, from_sql))
    actual = schema_statements(pg_dump(server, from_document))
    server.drop_database(from_sql)
    server.drop_database(from_document)
    assert len(expected) > 10
    assert difference(expected, actual) == ""
