"""What statements do to the session, and what fits nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_vibe.lint.actions.base import Action


@dataclass(frozen=True, slots=True)
class SetVariable(Action):
    """SET and RESET of a parameter (``value`` None: RESET or TO DEFAULT; name ``all`` for RESET ALL)."""

    name: str
    value: str | None
    local: bool = False


@dataclass(frozen=True, slots=True)
class TransactionControl(Action):
    """BEGIN, COMMIT, ROLLBACK, SAVEPOINT … written by the user; ``what`` in lower case."""

    what: str


@dataclass(frozen=True, slots=True)
class SetRole(Action):
    """SET ROLE, SET SESSION AUTHORIZATION, RESET ROLE."""

    role: str


@dataclass(frozen=True, slots=True)
class RunCode(Action):
    """DO … or CALL …: what happens inside is not known. ``commits``: its body commits by itself."""

    language: str
    body: str
    commits: bool = False


@dataclass(frozen=True, slots=True)
class DropSchema(Action):
    """DROP SCHEMA, one action for each."""

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameSchema(Action):
    """ALTER SCHEMA … RENAME TO."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class Other(Action):
    """Any other statement (COMMENT, GRANT, CREATE EXTENSION …); ``kind`` is libpg_query's name of it."""

    kind: str
