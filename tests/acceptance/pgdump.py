"""``pg_dump`` as the independent judge: two databases are equal when their schema dumps hold the same statements.

Nothing of the product is used to compare: the dump is cut into statements here, and the only things forgiven are the
order of statements and the order of columns inside a table.
"""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.postgres.server import ScratchServer

# What a dump says about its own session. `\restrict` lines are psql commands with a random key.
_SESSION = re.compile(r"(SET \w+ = |SELECT pg_catalog\.set_config\()")
_CREATE_TABLE = re.compile(r"CREATE (UNLOGGED |FOREIGN )?TABLE ")
_ESCAPE_PREFIX = re.compile(r"(?:^|\W)[eE]$")
_BOOKKEEPING = re.compile(r'\b(?:public\.)?"?alembic_version(?:_pkc)?"?\b')


def pg_dump(server: ScratchServer, database: str) -> str:
    """Dump the schema of a database with the ``pg_dump`` of the server's own version; privileges are kept."""
    program = _program(server, "pg_dump")
    finished = subprocess.run(
        [program, "--schema-only", "--no-owner", "--dbname", server.url(database)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def _program(server: ScratchServer, name: str) -> str:
    if server.bin_dir is not None:
        beside = server.bin_dir / name
        assert beside.exists(), f"there is no {name} beside the server in {server.bin_dir}"
        return str(beside)
    found = shutil.which(name)
    assert found is not None, f"{name} is not on the PATH"
    return found


def schema_statements(dump_text: str) -> frozenset[str]:
    """Return the statements of a schema dump, in a form that forgives order only.

    Comments, session settings and Alembic's own table are left out; the columns and constraints inside a
    ``CREATE TABLE`` are sorted. Text inside literals and function bodies is kept as it is.
    """
    text = "\n".join(line for line in dump_text.split("\n") if not line.startswith(("\\restrict ", "\\unrestrict ")))
    statements = (statement.strip() for statement in cut(text))
    return frozenset(_normalise(s) for s in statements if not _SESSION.match(s) and not _is_bookkeeping(s))


def cut(sql: str) -> list[str]:
    """Cut SQL into statements; comments between them may be left at their start."""
    # By name, not by an import statement: the type stubs of postgast's protobuf messages are not valid Python.
    statements: list[str] = importlib.import_module("postgast").split(sql)
    return statements


def _is_bookkeeping(statement: str) -> bool:
    """Whether a statement is about Alembic's own table: it is named in the head, not in a body or a literal."""
    head = statement.split("(")[0].split("$")[0].split("'")[0]
    return _BOOKKEEPING.search(head) is not None


def _normalise(statement: str) -> str:
    if not _CREATE_TABLE.match(statement):
        return statement
    start = statement.find("(")
    if start < 0 or " PARTITION OF " in statement[:start]:
        return statement
    end = _closing(statement, start)
    items = sorted(_items(statement[start + 1 : end]))
    return f"{statement[:start]}(\n    " + ",\n    ".join(items) + f"\n{statement[end:]}"


def _items(body: str) -> list[str]:
    """Split the inside of a ``CREATE TABLE`` at its outermost commas."""
    items, begin = [], 0
    for offset, depth in _outside_quotes(body):
        if body[offset] == "," and depth == 0:
            items.append(body[begin:offset].strip())
            begin = offset + 1
    items.append(body[begin:].strip())
    return [item for item in items if item]


def _closing(text: str, opening: int) -> int:
    """The offset of the parenthesis that closes the one at ``opening``."""
    for offset, depth in _outside_quotes(text[opening:]):
        if text[opening + offset] == ")" and depth == 0:
            return opening + offset
    message = f"unbalanced parentheses: {text}"
    raise AssertionError(message)


def _outside_quotes(text: str) -> Iterable[tuple[int, int]]:
    """Yield the offset of each character outside of quotes, and how deep in parentheses it stands.

    A backslash escapes inside ``E''`` literals only. A closing parenthesis has the depth of its opening one.
    """
    depth, quote, escapes, skip = 0, "", False, False
    for offset, char in enumerate(text):
        if skip:
            skip = False
        elif quote:
            if char == "\\" and escapes:
                skip = True
            elif char == quote:  # a doubled quote closes and opens again, which comes to the same
                quote = ""
        elif char in "'\"":
            quote = char
            escapes = char == "'" and _ESCAPE_PREFIX.search(text[max(0, offset - 2) : offset]) is not None
        else:
            if char == ")":
                depth -= 1
            yield offset, depth
            if char == "(":
                depth += 1


def difference(expected: frozenset[str], actual: frozenset[str]) -> str:
    """What two sets of statements do not share, for people; empty where they are equal."""
    missing = [f"- {statement}" for statement in sorted(expected - actual)]
    unexpected = [f"+ {statement}" for statement in sorted(actual - expected)]
    return "\n".join(missing + unexpected)
