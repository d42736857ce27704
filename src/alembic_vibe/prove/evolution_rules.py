"""What the proof of an evolution may find, beside the rules that all proofs share."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

OLD_BREAKS = Rule(
    code="AV904",
    slug="old-release-breaks",
    severity=Severity.ERROR,
    summary="A statement of the running release fails after a revision that runs beside it.",
    why="Expand and migrate revisions are applied while the old release still serves: whatever its models read and "
    "write must go on working. Nothing was written.",
    fix="If the change cannot be made any other way, accept its hazard. Otherwise this is a defect of alembic-vibe: "
    "report it, with the old and the new statement of the spec.",
    bad="ALTER TABLE orders DROP COLUMN note;  -- in an expand revision",
    good="ALTER TABLE orders RENAME COLUMN note TO vibe_drop_note;  -- in a contract revision",
)
NEW_BREAKS = Rule(
    code="AV905",
    slug="new-release-breaks",
    severity=Severity.ERROR,
    summary="A statement of the next release fails on the schema that it is deployed on.",
    why="The next release is deployed when the migrate revisions have run, and lives through the contract ones. What "
    "its models read and write must work from then on. Nothing was written.",
    fix="Report it, with the old and the new statement of the spec.",
    bad="-- the next release does not know legacy_code any more, and contract has not run yet\n"
    "INSERT INTO orders (id) VALUES (1);  -- legacy_code is NOT NULL",
    good="ALTER TABLE orders ALTER COLUMN legacy_code DROP NOT NULL;  -- in an expand revision",
)
CONTENT = Rule(
    code="AV906",
    slug="rows-changed",
    severity=Severity.ERROR,
    summary="A revision, or its downgrade, changes or loses values that it should leave alone.",
    why="What the old release has written must be there for both releases, and after going back. Only purge may lose "
    "something, and says so. Nothing was written.",
    fix="The tables and columns are named. Report it, with the old and the new statement of the spec.",
    bad="UPDATE orders SET note = '';  -- in a migrate revision that should fill another column",
    good="UPDATE orders SET summary = note WHERE summary IS NULL;",
)
WORSE = Rule(
    code="AV907",
    slug="worse-than-declared",
    severity=Severity.ERROR,
    summary="A revision takes a stronger lock, or reads or rewrites more, than its header says.",
    why="People decide by the header when a revision may run. What it costs was measured on the scratch database. "
    "Nothing was written.",
    fix="Report it, with the statement of the spec.",
    bad="-- Locks: orders SHARE UPDATE EXCLUSIVE\nALTER TABLE orders ADD COLUMN code uuid DEFAULT gen_random_uuid();",
    good="-- Locks: orders ACCESS EXCLUSIVE, for a moment\nALTER TABLE orders ADD COLUMN code uuid;",
)
CRASH = Rule(
    code="AV908",
    slug="not-repeatable-after-crash",
    severity=Severity.ERROR,
    summary="A revision that was interrupted cannot be run again.",
    why="Statements outside a transaction stay done when a later one fails. Alembic then runs the whole revision once "
    "more, and that must lead to the same schema. Nothing was written.",
    fix="Report it, with the statement of the spec.",
    bad="CREATE INDEX CONCURRENTLY orders_note ON orders (note);",
    good="DROP INDEX CONCURRENTLY IF EXISTS orders_note;\nCREATE INDEX CONCURRENTLY orders_note ON orders (note);",
)
DISAGREES = Rule(
    code="AV909",
    slug="releases-disagree",
    severity=Severity.ERROR,
    summary="While both releases write, rows come apart, or a writer fails.",
    why="Between expand and contract two releases write to the same rows, each in its own columns. What one writes the "
    "other must read. Nothing was written.",
    fix="Make the expression after `backfill:` or `convert:` give a value for every row that the running release can "
    "write. If it does, report this, with the old and the new statement of the spec.",
    bad="-- no trigger keeps amount and amount_cents together\nUPDATE orders SET amount_cents = 500;",
    good="CREATE TRIGGER vibe_sync BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION vibe_sync();",
)
RULES = (OLD_BREAKS, NEW_BREAKS, CONTENT, WORSE, CRASH, DISAGREES)
