"""The author's expressions of statements that were looked at before, by the text of the statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.sql.expressions import KNOWN, Check, Expressions, Keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alembic_vibe.sql.statement import Statement

_NOTHING = Expressions()


def kept_expressions(statements: Iterable[Statement]) -> dict[int, Any]:
    """Return what is known of statements, as JSON by their place among them; 0 for one that has no expressions."""
    found = ((number, KNOWN.get(statement.text)) for number, statement in enumerate(statements))
    return {number: 0 if known == _NOTHING else _data(known) for number, known in found if known is not None}


def _data(known: Expressions) -> list[Any]:
    return [
        dict(known.columns),
        [[check.name, check.text, sorted(check.columns)] for check in known.checks],
        [_encode(keys) for keys in known.exclusions],
        _encode(known.index) if known.index is not None else None,
        known.reshaped,
    ]


def know_expressions(statements: Iterable[Statement | None], kept: Mapping[str, Any]) -> None:
    """Take over what ``kept_expressions`` gave for the same statements, read back from JSON; ``None``: passed over.

    Raises:
        ValueError: It is damaged.
    """
    try:
        for number, statement in enumerate(statements):
            found = kept.get(str(number))
            if statement is None or found is None:
                continue
            if found == 0:
                KNOWN[statement.text] = _NOTHING
                continue
            columns, checks, exclusions, index, reshaped = found
            KNOWN[statement.text] = Expressions(
                {str(column): text for column, text in columns.items()},
                tuple(Check(name, text, frozenset(of)) for name, text, of in checks),
                tuple(map(_decode, exclusions)),
                _decode(index) if index is not None else None,
                bool(reshaped),
            )
    except (AttributeError, TypeError) as error:
        msg = f"not expressions: {error}"
        raise ValueError(msg) from error


def _encode(keys: Keys) -> list[Any]:
    return [keys.name, list(keys.keys), keys.predicate]


def _decode(data: Any) -> Keys:
    name, keys, predicate = data
    return Keys(name, tuple(keys), predicate)
