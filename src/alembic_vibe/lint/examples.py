"""Examples of rules that a test carries out on a server: the bad one does the harm that the rule says, the good not.

The code is that of a revision's functions, ``def upgrade()`` and, where it matters, ``def downgrade()``; ``op`` and
``sa`` are imported already. A ``good`` of several revisions has the line ``NEXT`` between them.
"""

from __future__ import annotations

from dataclasses import dataclass

NEXT = "# --- next revision"


@dataclass(frozen=True, slots=True)
class Takes:
    """The bad code locks ``table`` at least this strongly while it does that work; the good code does not.

    ``lock`` as ``LockLevel`` prints it; ``work`` as ``lint.taken.Work`` (none, scan, build, rewrite): with "none" the
    lock alone is the harm.
    """

    table: str
    lock: str
    work: str = "none"


@dataclass(frozen=True, slots=True)
class Fails:
    """The bad code fails with this SQLSTATE on the rows of ``before``; the good code runs."""

    sqlstate: str


@dataclass(frozen=True, slots=True)
class Breaks:
    """A statement of the running application works before, fails after the bad code, and works after the good code."""

    statement: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """A query that gives true after the bad code and false after the good code; ``after_failure``: bad may fail."""

    query: str
    after_failure: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Nothing that a server shows: only the linter's answer is tested. ``why`` says so."""

    why: str


Evidence = Takes | Fails | Breaks | Leaves | Told


@dataclass(frozen=True, slots=True)
class Example:
    """One bad and one good way, and how the difference shows on a server.

    Args of the constructor: ``bad`` and ``good`` as above; ``before``: SQL, or the code of earlier revisions where it
    begins with ``def`` (several with ``NEXT`` between), that makes the tables and fills them; ``evidence``; ``runs``:
    which function is judged (the other one runs first for ``downgrade``); ``since``: the lowest server that has it;
    ``pg_version``: what the linter is told (15 unless given); ``environment``: text of an env.py, for its rules.
    """

    bad: str
    good: str
    before: str = ""
    evidence: Evidence = Told("nothing runs")
    runs: str = "upgrade"
    since: int = 15
    pg_version: int = 15
    environment: str = ""
