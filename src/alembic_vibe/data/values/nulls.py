"""How many rows have no value in a column that need not have one."""

from __future__ import annotations

from alembic_vibe.data.meaning import meaning_of
from alembic_vibe.data.meanings import Meaning

_USUAL = 0.15
_SHARES = {
    Meaning.DELETED: 0.92,
    Meaning.MIDDLE_NAME: 0.6,
    Meaning.NAME_PREFIX: 0.6,
    Meaning.ADDRESS_LINE_2: 0.75,
    Meaning.TOKEN: 0.6,
    Meaning.ENDS: 0.4,
    Meaning.DONE: 0.35,
    Meaning.EXPIRES: 0.3,
    Meaning.REASON: 0.7,
    Meaning.EMAIL: 0.05,
    Meaning.FIRST_NAME: 0.03,
    Meaning.LAST_NAME: 0.03,
    Meaning.PERSON_NAME: 0.05,
    Meaning.TITLE: 0.05,
    Meaning.CREATED: 0.0,
    Meaning.UPDATED: 0.1,
    Meaning.STATUS: 0.05,
    Meaning.ON: 0.05,
    Meaning.OFF: 0.05,
}


def null_share(table_name: str, column_name: str, type_name: str) -> float:
    """Return the plausible share of rows, 0 to 1, in which an optional column is NULL."""
    return _SHARES.get(meaning_of(table_name, column_name, type_name), _USUAL)
