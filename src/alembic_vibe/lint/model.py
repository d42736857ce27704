"""What the linter knows of a chain of revisions: where things stand, what they emit, and what is found.

A revision is read twice: ``facts`` has what only its source tells, ``Rendering`` what its functions emit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic_vibe.diagnostics import Severity
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.source import Source


_NAME = re.compile(r"""(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))?""")


_SECTION = re.compile(r"^Section [\w.]+ of .+, lines \d+ to \d+\.$", re.MULTILINE)


class Direction(StrEnum):
    """Which function of a revision runs."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"


class Place(NamedTuple):
    """A range of a revision's source: lines from 1, columns from 1 (characters), the end column excluded."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Place(1, 1, 1, 1)


class Gap(NamedTuple):
    """A part of a function that could not be followed: where, and why, in a few words."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Emitted:
    """One SQL statement, without its semicolon, and the call in the revision that made it.

    ``call`` names the operation as Alembic does (``create_index``, ``execute``), or is "" where it is not known.
    ``autocommit`` says that it runs outside a transaction. A statement whose text is made of values that only a
    database knows is ``opaque``: the reason, and ``sql`` is what is known of it. ``existing_type`` is what an
    ``alter_column`` says that the type was until then, as SQL.
    """

    sql: str
    place: Place
    call: str = ""
    autocommit: bool = False
    opaque: str = ""
    existing_type: str = ""


@dataclass(frozen=True, slots=True)
class Rendering:
    """All that one function of a revision emits, in order, and what could not be followed."""

    direction: Direction
    statements: tuple[Emitted, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    """``# vibe: ignore[rule, rule] reason="…" until=2027-01-01`` and the source lines for which it holds.

    ``problem`` says why a comment that looks like one is none; it covers nothing then.
    """

    place: Place
    rules: tuple[str, ...]
    reason: str = ""
    until: str = ""  # ISO date, the last day on which it holds; "" for ever
    first_line: int = 0
    last_line: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """``upgrade`` or ``downgrade`` as its source tells it."""

    place: Place  # its ``def`` line
    first_line: int
    last_line: int
    is_empty: bool = False  # nothing but ``pass``, ``...``, a docstring
    raises: bool = False  # its first statement raises: acknowledged as irreversible
    comments: tuple[str, ...] = ()  # its docstring and all comments within
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the source of a revision tells.

    ``header`` are the ``Key: value`` lines of the docstring, the key in lower case (``phase``, ``downgrade loses``);
    a value of several lines keeps them.
    ``syntax_error`` is its message, with its place; nothing else is known then. ``dynamic`` are the places of SQL
    texts that are put together at run time, with what is inserted.
    """

    docstring: str = ""
    header: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[Direction, Function] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    dynamic: tuple[Gap, ...] = ()
    imports: tuple[str, ...] = ()  # dotted names of all that it imports: for `from a import b` both `a` and `a.b`
    syntax_error: Gap | None = None

    @property
    def phase(self) -> str:
        """``expand``, ``migrate``, ``contract`` or ``purge`` as the docstring says (``Phase: contract …``), or ""."""
        words = self.header.get("phase", "").split()
        return words[0].lower() if words else ""

    @property
    def is_generated(self) -> bool:
        """Whether ``generate`` has written it: its docstring names the section of the specification that it follows."""
        return _SECTION.search(self.docstring) is not None

    @property
    def accepted(self) -> frozenset[str]:
        """The hazards that a person has accepted for this revision: ``Accepted: table-rewrite: why``, a line each."""
        lines = self.header.get("accepted", "").splitlines()
        return frozenset(line.partition(":")[0].strip() for line in lines)

    @property
    def locked_in_downgrade(self) -> frozenset[str]:
        """The tables that ``downgrade`` works through while others wait: ``Downgrade locks:`` of the docstring."""
        text = self.header.get("downgrade locks", "").partition(" (")[0]
        return frozenset(_NAME.findall(text))


@dataclass(frozen=True)
class Revision:
    """A revision file and its place in the chain. ``id`` is "" where the file says none.

    ``is_placed`` is False where its id or its parents cannot be read from the source: the chain has a hole there.
    Places are ``START`` where the file has no such name.
    """

    id: str
    down: tuple[str, ...]
    path: Path
    source: Source = field(repr=False)
    facts: Facts = field(repr=False)
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    id_place: Place = START
    down_place: Place = START  # of the value of ``down_revision``
    depends_place: Place = START
    is_placed: bool = True


@dataclass(frozen=True, slots=True)
class Environment:
    """What env.py and the configuration say of how revisions run. ``None``: there is none, or it cannot be told.

    Times are PostgreSQL's own words (``2s``, ``0``); "" where env.py and the configuration certainly set none.
    """

    source: Source | None = field(default=None, repr=False)
    transaction_per_migration: bool | None = None
    transaction_place: Place | None = None  # of the ``context.configure(…)`` that decides
    lock_timeout: str | None = None
    statement_timeout: str | None = None
    syntax_error: Gap | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for."""

    pg_version: int = 15  # the oldest server that the revisions must run on: 15 to 18
    directions: tuple[Direction, ...] = (Direction.UPGRADE, Direction.DOWNGRADE)
    strict: bool = False
    severities: Mapping[str, Severity | None] = field(default_factory=dict)  # by rule name; None switches it off


@dataclass(frozen=True, slots=True)
class Read:
    """A statement taken apart. ``error`` is the grammar's message where it does not parse (then no actions)."""

    emitted: Emitted
    sql: str  # one statement: an ``Emitted`` may hold several
    actions: tuple[Action, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found; the walk adds the place, the SQL and the lock.

    ``place`` is needed only where it is not the call that emitted the statement. ``severity`` only where it differs
    from the rule's own.
    """

    message: str
    help: str | None = None
    severity: Severity | None = None
    notes: tuple[str, ...] = ()
    place: Place | None = None
    read: Read | None = None  # the statement that it is about, for the rules that look at several
