"""Run statements on a database to see whether they pass, and leave nothing behind.

Everything runs in one temporary PL/pgSQL function, each unit in a subtransaction that is always rolled back, so that
hundreds of statements cost one round trip. The function itself is made in a transaction that is rolled back too.
"""

from __future__ import annotations

from dataclasses import dataclass
from json import dumps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

UNEXPECTED = "VB002"  # the statements passed, but read, changed or left something else than they should
_AT_ONCE = 500  # units of one round trip

_REHEARSE = """
CREATE FUNCTION pg_temp.vibe_rehearse(units jsonb) RETURNS TABLE (chosen int, state text, message text)
LANGUAGE plpgsql AS $$
DECLARE
  alternatives jsonb; alternative jsonb; statement text; number int; found_rows bigint; answer text;
  s text; m text; first_state text; first_message text; tried int;
BEGIN
  FOR alternatives IN SELECT value FROM jsonb_array_elements(units) LOOP
    tried := 0; chosen := -1; first_state := NULL; first_message := NULL;
    FOR alternative IN SELECT value FROM jsonb_array_elements(alternatives) LOOP
      BEGIN
        found_rows := 0;
        FOR statement IN SELECT value FROM jsonb_array_elements_text(alternative->'do') LOOP
          EXECUTE statement;
          GET DIAGNOSTICS found_rows = ROW_COUNT;
        END LOOP;
        SET CONSTRAINTS ALL IMMEDIATE;
        IF found_rows < (alternative->>'least')::bigint THEN
          RAISE EXCEPTION USING ERRCODE = 'VB002', MESSAGE = format(
            'it finds %s of %s row(s)', found_rows, alternative->>'least');
        END IF;
        IF alternative->>'check' <> '' THEN
          EXECUTE alternative->>'check' INTO answer;
          IF answer <> '' THEN
            RAISE EXCEPTION USING ERRCODE = 'VB002', MESSAGE = answer;
          END IF;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'VB001';  -- it passed: take it back
      EXCEPTION WHEN others OR assert_failure THEN
        GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, m = MESSAGE_TEXT;
      END;
      IF s = 'VB001' THEN
        chosen := tried;
        EXIT;
      ELSIF first_state IS NULL THEN  -- the likeliest alternative fails for the most telling reason
        first_state := s; first_message := m;
      END IF;
      tried := tried + 1;
    END LOOP;
    state := CASE WHEN chosen < 0 THEN coalesce(first_state, 'VB002') END;
    message := CASE WHEN chosen < 0 THEN coalesce(first_message, 'there is nothing to try') END;
    RETURN NEXT;
  END LOOP;
END $$
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Statements that must pass one after the other.

    ``least``: so many rows the last one must return or change. ``check``: a query that then returns one text, empty
    where all is well. ``undo``: what makes room for the same statements again after they were committed; ``None`` where
    that cannot be.
    """

    statements: tuple[str, ...]
    least: int = 0
    check: str = ""
    undo: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which alternative passed (-1: none), else why the first one did not: SQLSTATE and the server's message."""

    chosen: int
    state: str = ""
    message: str = ""


def rehearse(connection: psycopg.Connection[Any], units: Sequence[Sequence[Attempt]]) -> list[Verdict]:
    """Try the alternatives of each unit in turn, until one passes; everything is rolled back.

    Deferred constraints are checked as at a commit. What sequences counted is not taken back.

    Args:
        connection: Where; inside a transaction of the caller's a savepoint is used.
        units: For each the alternatives, the likeliest first.

    Returns:
        One verdict a unit, in order.
    """
    if not units:
        return []
    verdicts: list[Verdict] = []
    with connection.transaction(force_rollback=True):
        connection.execute(_REHEARSE)
        for start in range(0, len(units), _AT_ONCE):
            sent = [
                [{"do": one.statements, "least": one.least, "check": one.check} for one in unit]
                for unit in units[start : start + _AT_ONCE]
            ]
            rows = connection.execute(
                "SELECT chosen, state, message FROM pg_temp.vibe_rehearse(%s::jsonb)", (dumps(sent),)
            )
            verdicts.extend(Verdict(chosen, state or "", message or "") for chosen, state, message in rows)
    return verdicts
