"""Suggest what to do with columns that nobody has decided about, and say which these are."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from alembic_vibe.subset.masking.deciding import BY_TYPE, by_default, decide, leaves
from alembic_vibe.subset.masking.masks import all_masks
from alembic_vibe.subset.masking.meanings import mask_for_name
from alembic_vibe.subset.masking.model import Decision
from alembic_vibe.subset.masking.rules import UNCLASSIFIED
from alembic_vibe.subset.masking.uses import survey

if TYPE_CHECKING:
    from psycopg import Connection

    from alembic_vibe.diagnostics import Diagnostic, Severity
    from alembic_vibe.prove.rows_facts import SchemaFacts
    from alembic_vibe.subset.masking.classification import Classification
    from alembic_vibe.subset.masking.model import ColumnUse, Place


def suggest(connection: Connection | None, facts: SchemaFacts, existing: Classification) -> Classification:
    """Return a classification with a suggestion for each column that needs a decision and has none.

    These are columns that would be replaced, and numbers and dates whose name is personal. What refers to another
    column follows it and gets none.

    Args:
        connection: To the source; without one a CHECK that lists the values of a column is not seen.
        facts: Of the source.
        existing: What is decided; it is not changed, and nothing in it is doubted.
    """
    uses = survey(facts, connection)
    found = deepcopy(existing)
    for place, (decision, reason) in sorted(suggestions(uses).items()):
        found.suggest(place, decision, reason)
    return found


def suggestions(uses: dict[Place, ColumnUse]) -> dict[Place, tuple[Decision, str]]:
    """Return what is suggested for each column, and why."""
    found: dict[Place, tuple[Decision, str]] = {}
    for place, use in uses.items():
        if not any(referred in uses for referred in use.refers) and (one := _suggestion(use)) is not None:
            found[place] = one
    return found


def _suggestion(use: ColumnUse) -> tuple[Decision, str] | None:
    shape = use.shape
    while shape.kind == "array" and shape.element is not None:
        shape = shape.element
    if use.closed or not (use.shape.denied or shape.kind in {"number", "money", "date", "timestamp", "uuid"}):
        return None
    if "composite" in leaves(use.shape):
        return Decision("json"), "its parts, by their names"
    named = mask_for_name(use.place.table.name, use.place.column, shape.kind if not use.shape.denied else "text")
    if shape.kind == "uuid":
        secret = mask_for_name(use.place.table.name, use.place.column)
        return (Decision("uuid"), secret[1]) if secret is not None and secret[0] == "token" else None
    if not use.shape.denied:
        return (Decision(named[0]), named[1]) if named is not None and not use.primary else None
    if named is not None and _fits(named[0], use):
        return Decision(named[0]), named[1]
    name = BY_TYPE.get(shape.kind, "")
    if not name or (name == "empty" and use.unique):
        default = by_default([use])
        return (default, "nothing is known of its type") if default is not None else None
    what = {"text": "a text; nothing in its name says what", "json": "its texts, by their keys", "bytes": "bytes"}
    return Decision(name), what.get(name, "by its type")


def _fits(name: str, use: ColumnUse) -> bool:
    """Whether a mask that a name suggests is one for the type; names are only relied on for keeping texts."""
    kinds = leaves(use.shape)
    return bool(kinds & {"text", "json", "hstore"}) if name == "keep" else bool(all_masks()[name].fits & kinds)


def unclassified(
    classification: Classification,
    facts: SchemaFacts,
    connection: Connection | None = None,
    severity: Severity | None = None,
) -> list[Diagnostic]:
    """Return all that is wrong with a classification: columns that are missing, gone or masked wrongly.

    Args:
        classification: What is decided.
        facts: Of the source.
        connection: To the source; without one a CHECK that lists the values of a column is not seen.
        severity: Of columns that are missing, if they shall be no errors.
    """
    uses = survey(facts, connection)
    decided = decide(uses, classification)
    likely = suggestions(uses)
    missing = []
    for place in decided.open:
        if decided.root[place] != place:
            continue  # it follows that column
        decision, _ = likely.get(place, (Decision("null"), ""))
        line = f'{_toml(place.column)} = "{decision}"'
        header = f"[{_toml(place.table.schema)}.{_toml(place.table.name)}]"
        message = f"{place} ({uses[place].fact.type_text}) is not classified: it becomes {decided.decisions[place]}"
        help_ = f"Add {line} below {header}, or let `alembic-vibe subset --write` do it."
        missing.append(UNCLASSIFIED.diagnostic(message, path=classification.source.path, help=help_, severity=severity))
    return [*decided.problems, *decided.stale, *missing]


def _toml(name: str) -> str:
    import tomlkit

    return tomlkit.key(name).as_string()
