"""The classification: a TOML file that people own, which says what becomes of each column."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError, Diagnostic
from alembic_vibe.source import Source
from alembic_vibe.subset.masking.model import Decision
from alembic_vibe.subset.masking.rules import UNREADABLE
from alembic_vibe.toml_places import key_span

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.diagnostics import Rule
    from alembic_vibe.subset.masking.model import Place

Name = tuple[str, str, str]  # schema, table, column

_HEADER = """\
What `alembic-vibe subset` does with the values of each column: keep, null, empty, or a mask.
Columns of texts, json, network addresses and bytes that are not listed are replaced.
docs/subset.md lists the masks. Suggestions are no decisions: read them.\
"""


@dataclass(slots=True)
class Classification:
    """Decisions by column, and where they stand. ``reasons`` are those of suggestions, which no file has yet."""

    source: Source
    decisions: dict[Name, Decision] = field(default_factory=dict)
    reasons: dict[Name, str] = field(default_factory=dict)

    def of(self, place: Place) -> Decision | None:
        """Return what was decided about a column."""
        return self.decisions.get(_name(place))

    def suggest(self, place: Place, decision: Decision, reason: str) -> None:
        """Add a suggestion, unless there is a decision."""
        if self.of(place) is None:
            self.decisions[_name(place)] = decision
            self.reasons[_name(place)] = reason

    def finding(self, rule: Rule, name: Name, message: str, help: str | None = None) -> Diagnostic:  # noqa: A002
        """Make a finding at the line of a column, or of what is nearest to it."""
        span = key_span(self.source, name)
        if span is None:
            return rule.diagnostic(message, path=self.source.path, help=help)
        return rule.diagnostic(message, source=self.source, span=span, help=help)

    def text(self) -> str:
        """Return the file with the suggestions added: everything else in it stays as it is."""
        return _extended(self.source.text, self.decisions, self.reasons)


def _name(place: Place) -> Name:
    return place.table.schema, place.table.name, place.column


def read_classification(path: Path, shown: str = "") -> Classification:
    """Read a classification; a file that does not exist is an empty one.

    Args:
        path: The file.
        shown: How messages name it; its path unless given.

    Raises:
        ConfigurationError: It is not TOML, or not of this form; with a finding for each place.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(UNREADABLE.diagnostic(f"cannot be read: {why}", path=shown or str(path))) from None
    source = Source(shown or str(path), text)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(UNREADABLE.diagnostic(f"is not TOML: {error}", path=source.path)) from None
    found = Classification(source)
    wrong: list[Diagnostic] = []
    for schema, tables in document.items():
        for table, columns in _items(found, (schema,), tables, wrong):
            for column, decision in _items(found, (schema, table), columns, wrong):
                if isinstance(decision, str):
                    name, _, argument = decision.partition(":")
                    found.decisions[schema, table, column] = Decision(name.strip(), argument)
                else:
                    message = f"{schema}.{table}.{column}: the mask must be a text"
                    wrong.append(found.finding(UNREADABLE, (schema, table, column), message))
    if wrong:
        raise ConfigurationError(wrong)
    return found


def _items(found: Classification, names: tuple[str, ...], value: Any, wrong: list[Diagnostic]) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    message = f"{'.'.join(names)} is neither a schema nor a table: write [schema.table], then column = mask"
    span = key_span(found.source, names)
    wrong.append(UNREADABLE.diagnostic(message, source=found.source, span=span) if span else
                 UNREADABLE.diagnostic(message, path=found.source.path))  # fmt: skip
    return []


def _extended(text: str, decisions: dict[Name, Decision], reasons: dict[Name, str]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    if not text.strip():
        for line in _HEADER.splitlines():
            document.add(tomlkit.comment(line))
    for (schema, table, column), reason in reasons.items():
        around: Any = document.setdefault(schema, tomlkit.table(is_super_table=True))
        if table not in around:
            around[table] = tomlkit.table()
        value = tomlkit.item(str(decisions[schema, table, column]))
        if reason:
            value.comment(reason)
        around[table][column] = value
    return tomlkit.dumps(document)
