"""A failure of the project's own code, as one finding at the line of theirs that failed, with the ways out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.history.chain_rules import (
    DATA,
    DRIVER,
    EXTENSION,
    IMPORTS,
    NOT_FROM_EMPTY,
    OTHER_DATABASE,
    REPLAY,
    RUNS,
    SIGNATURE,
    TEMPLATE,
    VARIABLE,
    WAYS_OUT,
)
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.history.chain import ChainError

_DRIVERS = {"psycopg", "psycopg2", "asyncpg", "pg8000", "psycopg2cffi", "MySQLdb", "pymysql", "aiosqlite"}
# Undefined table, column, object, schema, function; PostgreSQL manual, appendix A. And what reflection raises.
_MISSING = {"42P01", "42703", "42704", "3F000", "42883"}
_EXTENSION = re.compile(r"extension \"?([\w-]+)\"? (?:is not available|has no installation)|extension control file")
_SETTINGS = {"ValidationError", "SettingsError", "UndefinedValueError", "EnvError", "EnvValidationError"}
_NO_ROW = {"NoResultFound", "MultipleResultsFound", "IndexError", "StopIteration"}
_SIGNATURE = re.compile(r"\b(upgrade|downgrade)\(\) (?:missing|takes|got)|has no attribute '(upgrade|downgrade)'")
_UNSET = re.compile(r"\bnot set\b|\brequired?\b|\bmissing\b|\bmust be set\b", re.IGNORECASE)
_SHOWN = 5


def explain(error: ChainError, what: str, root: Path | None) -> Diagnostic:
    """Return the finding.

    Args:
        error: What the worker answered.
        what: What was being done.
        root: Where paths are shown from.
    """
    trouble = error.trouble
    kind, path, line = _where(error)
    rule, message = _of(trouble, kind, what, error.message)
    if rule is SIGNATURE and not line:
        line = _line_of(path, r"^(async )?def (upgrade|downgrade)\b")
    source, span = place(path, line, root)
    notes = tuple(text for text in error.output.strip().splitlines()[-_SHOWN:] if text)
    help_ = rule.fix if rule is TEMPLATE else f"{rule.fix} {WAYS_OUT}"
    return rule.diagnostic(message, help=help_, source=source, span=span, notes=notes)


def place_of(error: ChainError, root: Path | None) -> tuple[Source | None, Span | None]:
    """Return the line of the project's that failed, as far as it is known."""
    _, path, line = _where(error)
    return place(path, line, root)


def _where(error: ChainError) -> tuple[str, str, int]:
    kind, path, line = error.trouble.get("place") or ("", "", 0)
    current = str(error.trouble.get("current") or "")
    if kind != "revision" and current:  # Alembic failed on it, in a function of its own
        return "revision", current, 0
    return str(kind), str(path), int(line)


def _of(trouble: Mapping[str, Any], place: str, what: str, said: str) -> tuple[Rule, str]:
    """Return the rule and the message."""
    error, message = str(trouble.get("kind", "")), str(trouble.get("message", ""))
    if error == "OtherDatabaseError":
        dialect, driver = trouble["dialect"], trouble["driver"]
        named = f"PostgreSQL by way of {driver}" if dialect == "postgresql" else f"{dialect} ({driver})"
        return (
            OTHER_DATABASE,
            f"env.py connects to {named}, not to a PostgreSQL that can be led to the scratch database",
        )
    if error == "NothingRunError":
        return RUNS, "env.py ended without running the revisions"
    if error == "SeveralRunsError":
        return RUNS, "env.py runs the revisions more than once: on several databases, or for several schemas"
    if error == "TemplateError" and trouble.get("module", "").startswith("alembic_vibe."):
        return TEMPLATE, message
    if trouble.get("name") and error in {"ImportError", "ModuleNotFoundError"}:
        if trouble["name"].partition(".")[0] in _DRIVERS:
            return DRIVER, f"{what}: the driver {trouble['name']} is not installed here"
        return IMPORTS, f"{what}: {said}"
    if error == "ImportError":
        return IMPORTS, f"{what}: {said}"
    if trouble.get("variable"):
        return VARIABLE, f"{what}: the variable {trouble['variable']} is not set"
    if _is_setting(trouble, place):
        return VARIABLE, f"{what}: the project's settings refuse: {said}"
    if error in {"TypeError", "AttributeError"} and _SIGNATURE.search(message):
        return SIGNATURE, f"{what}: {message}"
    if place == "revision":
        return _of_revision(trouble, what, said)
    return REPLAY, f"{what}: {_without_link(said)}"


def _of_revision(trouble: Mapping[str, Any], what: str, said: str) -> tuple[Rule, str]:
    error, message, state = str(trouble["kind"]), str(trouble["message"]), str(trouble["sqlstate"])
    shown = str(trouble.get("primary") or "") or _without_link(said)
    if _EXTENSION.search(message):
        return EXTENSION, f"{what}: {shown}"
    if state in _MISSING or error == "NoSuchTableError":
        return NOT_FROM_EMPTY, f"{what}: no revision has made what this one needs: {shown}"
    of_nothing = error in {"TypeError", "AttributeError"} and "NoneType" in message
    if error in _NO_ROW or of_nothing or state.startswith("23"):
        return DATA, f"{what}: {_without_link(said)}"
    return REPLAY, f"{what}: {_without_link(said)}"


def _is_setting(trouble: Mapping[str, Any], place: str) -> bool:
    if trouble.get("kind") == "SystemExit":
        return _UNSET.search(str(trouble.get("message", ""))) is not None
    if place == "revision":
        return False
    module = str(trouble.get("module", "")).partition(".")[0]
    known = {"pydantic", "pydantic_core", "pydantic_settings", "decouple", "environs", "starlette"}
    if module in known or trouble.get("kind") in _SETTINGS:
        return True
    return trouble.get("kind") == "ArgumentError" and "URL" in str(trouble.get("message", ""))


def _without_link(message: str) -> str:
    """Leave out SQLAlchemy's pointer to its documentation."""
    return "\n".join(line for line in message.splitlines() if not line.startswith("(Background on this error"))


def place(path: str, line: int, root: Path | None) -> tuple[Source | None, Span | None]:
    """Return a line of a file for a diagnostic; without a line, the file as a whole."""
    if not path:
        return None, None
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    shown = file.relative_to(root).as_posix() if root is not None and file.is_relative_to(root) else path
    source = Source(shown, text)
    span = source.line_span(line, line) if 0 < line <= text.count("\n") + 1 else Span(0, 0)
    return source, span


def _line_of(path: str, pattern: str) -> int:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return 0
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0
