"""What statements do to views, functions, triggers and policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import Action, OnTable

if TYPE_CHECKING:
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(frozen=True, slots=True)
class CreateView(Action):
    """CREATE VIEW, CREATE MATERIALIZED VIEW; ``reads`` are the relations that its query names."""

    view: QualifiedName
    materialized: bool = False
    replace: bool = False
    reads: tuple[QualifiedName, ...] = ()
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropView(Action):
    """DROP VIEW, DROP MATERIALIZED VIEW, one action for each."""

    view: QualifiedName
    materialized: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameView(Action):
    """ALTER VIEW, ALTER MATERIALIZED VIEW … RENAME TO (``new_schema`` empty) or SET SCHEMA (``new_name`` empty)."""

    view: QualifiedName
    new_name: str = ""
    new_schema: str = ""


@dataclass(frozen=True, slots=True)
class RefreshView(Action):
    """REFRESH MATERIALIZED VIEW."""

    view: QualifiedName
    concurrently: bool = False


@dataclass(frozen=True, slots=True)
class CreateFunction(Action):
    """CREATE FUNCTION, CREATE PROCEDURE. ``volatility``: volatile, stable, immutable."""

    function: QualifiedName
    volatility: str = "volatile"
    replace: bool = False


@dataclass(frozen=True, slots=True)
class DropFunction(Action):
    """DROP FUNCTION, DROP PROCEDURE, one action for each; which of its overloads is not told."""

    function: QualifiedName
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class CreateTrigger(OnTable):
    """CREATE TRIGGER."""

    name: str


@dataclass(frozen=True, slots=True)
class DropTrigger(OnTable):
    """DROP TRIGGER."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameTrigger(OnTable):
    """ALTER TRIGGER … RENAME TO."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class SwitchTrigger(OnTable):
    """ALTER TABLE … ENABLE or DISABLE TRIGGER; ``name`` is "" for ALL and USER."""

    name: str
    enable: bool


@dataclass(frozen=True, slots=True)
class CreatePolicy(OnTable):
    """CREATE POLICY, ALTER POLICY, DROP POLICY; ``how`` is create, alter or drop."""

    name: str
    how: str
