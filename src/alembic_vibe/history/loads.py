"""Specifications that were loaded before: what PostgreSQL made of their statements, by the texts of these.

Places in the document are not kept: an object is tied to the number of its statement among the definitions, and that
statement may stand anywhere. Kept is only what loaded without a finding other than repairs.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from alembic_vibe.catalog.serialize import decode_key, dump_catalog, encode_key, load_catalog
from alembic_vibe.history.cache import Shelf, code_digest, read_text, stamp
from alembic_vibe.history.mentions import kind_of
from alembic_vibe.postgres import refusals, repairs
from alembic_vibe.postgres.loader import LoadResult
from alembic_vibe.sql.known_expressions import kept_expressions, know_expressions
from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.postgres.tracing import Origins
    from alembic_vibe.sql.statement import ParsedSql, Statement

_LOADS = Shelf("loads", 8, stamp)
_NEAR = 0.5  # of the statements must be the same for an earlier load to be of any help


@dataclass(frozen=True)
class Load:
    """The schema of a specification.

    ``found`` are the indexes of the statements that made or altered each object, in the order in which they ran.
    ``seeds`` is a digest of the seed rows that were tried on the database; ``refused`` are the tables that did not take
    what a library gave, with the reasons.
    """

    catalog: Catalog
    found: Mapping[Key, tuple[int, ...]]
    result: LoadResult
    seeds: str = ""
    refused: Mapping[Key, Sequence[str]] = field(default_factory=dict)


def definitions(sql: ParsedSql) -> tuple[Statement, ...]:
    """Return the statements that decide what a load gives."""
    return tuple(s for s in sql.statements if s.kind is StatementKind.DEFINITION and s.index not in sql.repeated)


def found_objects(addresses: Mapping[tuple[int, int], Key], traced: Origins) -> dict[Key, tuple[int, ...]]:
    """Return the statements behind each object, whatever part of it they were about."""
    found: dict[Key, dict[int, None]] = {}
    for (classid, objid, _), indexes in traced.items():
        key = addresses.get((classid, objid))
        if key is not None:
            found.setdefault(key, {}).update(dict.fromkeys(indexes))
    return {key: tuple(indexes) for key, indexes in found.items()}


class Earlier:
    """A load that was kept, and the digests and kinds (``mentions.kind_of``) of its statements."""

    def __init__(self, digests: Sequence[str], kinds: Sequence[str], body: str) -> None:
        """Take a load apart only when it is asked for."""
        self.digests = tuple(digests)
        self.kinds = tuple(kinds)
        self._body = body

    def load(self, indexes: Sequence[int], statements: Sequence[Statement | None]) -> Load:
        """Return the load.

        Args:
            indexes: What stands for the numbers of its statements.
            statements: Its statements; ``None`` for those that are no more.

        Raises:
            ValueError: The entry is damaged.
        """
        try:
            first, _, lines = self._body.partition("\n")
            document, catalog = json.loads(first), load_catalog(lines)
            numbers = dict(zip(catalog.facts, document["found"], strict=True))
            numbers |= {decode_key(key): found for key, found in document["elsewhere"]}
            result = LoadResult(
                role_origins={role: indexes[number] for role, number in document["roles"].items()},
                order=tuple(indexes[number] for number in document["order"]),
                notes=tuple(_renumbered(repairs.Note(*note), indexes) for note in document["notes"]),
                left_out=tuple(indexes[number] for number in document["left_out"]),
                extensions_added=tuple(document["extensions_added"]),
                stubs_used=tuple(document["stubs_used"]),
            )
            know_expressions(statements, document["expressions"])
            found = {key: tuple([indexes[number] for number in of]) for key, of in numbers.items() if of}
            refused = {decode_key(key): reasons for key, reasons in document["refused"]}
            return Load(catalog, found, result, document["seeds"], refused)
        except (KeyError, IndexError, TypeError) as error:
            msg = f"not a load: {error}"
            raise ValueError(msg) from error


def _renumbered(note: repairs.Note, indexes: Sequence[int] | Mapping[int, int]) -> repairs.Note:
    return note._replace(
        statement=indexes[note.statement] if note.statement >= 0 else -1,
        maker=indexes[note.maker] if note.maker >= 0 else -1,
        texts=tuple(note.texts),
    )


def recall(sql: ParsedSql, server: ScratchServer) -> Load | None:
    """Return what the same definitions gave before, with its findings at their present places.

    Args:
        sql: The specification, parsed; without errors.
        server: Where it would be loaded; a private one is not started.
    """
    statements = definitions(sql)
    text = _LOADS.read(_key(_base(sql, server), _digests(statements)))
    if text is None:
        return None
    try:
        load = Earlier((), (), text.partition("\n")[2]).load([statement.index for statement in statements], statements)
    except ValueError:
        return None  # a cache that cannot be read is no cache
    if not server.is_private and not server.existing_roles().isdisjoint(load.result.role_origins):
        return None  # the roles of a lent server are taken as they are, and that is said
    by_index = {statement.index: statement for statement in statements}
    said = tuple(repairs.say(note, by_index) for note in load.result.notes)
    refused = (refusals.refuse(by_index[index]) for index in load.result.left_out)
    diagnostics = tuple(diagnostic for diagnostic in refused if diagnostic is not None)
    return replace(load, result=replace(load.result, repairs=said, diagnostics=diagnostics))


def nearest(sql: ParsedSql, server: ScratchServer) -> Earlier | None:
    """Return the earlier load that has most statements in common with a specification, if it is most of them."""
    base, wanted = _base(sql, server), set(_digests(definitions(sql)))
    best: Earlier | None = None
    most = _NEAR * len(wanted)
    for path in _LOADS.newest():
        try:
            with path.open(encoding="utf-8") as file:
                head = json.loads(file.readline())
            common = len(wanted.intersection(head["digests"])) if head["base"] == base else 0
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if common > most and (text := read_text(path)) is not None:
            best, most = Earlier(head["digests"], head["kinds"], text.partition("\n")[2]), common
    return best


def remember(sql: ParsedSql, server: ScratchServer, load: Load) -> None:
    """Keep a load, unless it has findings that cannot be found again."""
    statements = definitions(sql)
    by_index = {statement.index: statement for statement in statements}
    refused = (refusals.refuse(by_index[index]) for index in load.result.left_out)
    if not load.result.ok or load.result.diagnostics != tuple(found for found in refused if found is not None):
        return
    number = {statement.index: number for number, statement in enumerate(statements)}
    facts, result = load.catalog.facts, load.result
    document = {
        "found": [[number[index] for index in load.found.get(key, ())] for key in facts],
        "elsewhere": [
            [encode_key(key), [number[index] for index in indexes]]
            for key, indexes in load.found.items()
            if key not in facts
        ],
        "roles": {role: number[index] for role, index in result.role_origins.items()},
        "order": [number[index] for index in result.order],
        "notes": [_renumbered(note, number) for note in result.notes],
        "left_out": [number[index] for index in result.left_out],
        "extensions_added": result.extensions_added,
        "stubs_used": result.stubs_used,
        "seeds": load.seeds,
        "refused": [[encode_key(key), list(reasons)] for key, reasons in load.refused.items()],
        "expressions": kept_expressions(statements),
    }
    base, digests = _base(sql, server), _digests(statements)
    head = {"base": base, "digests": digests, "kinds": [kind_of(statement) for statement in statements]}
    _LOADS.keep(_key(base, digests), "\n".join([json.dumps(head), json.dumps(document), dump_catalog(load.catalog)]))


def _base(sql: ParsedSql, server: ScratchServer) -> str:
    """Return what a load depends on beside the statements: our code, the server, the extensions that are added."""
    missing = sorted(extension.name for extension in sql.missing_extensions)
    return " ".join([code_digest(), server.identity, *missing])


def _digests(statements: Sequence[Statement]) -> list[str]:
    return [digest(statement) for statement in statements]


def digest(statement: Statement) -> str:
    """Return what tells the text of a statement from others."""
    return _digest(statement.text)


@lru_cache(maxsize=50_000)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:20]


def _key(base: str, digests: Sequence[str]) -> str:
    return hashlib.sha256("\n".join([base, *digests]).encode()).hexdigest()
