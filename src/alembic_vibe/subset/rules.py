"""What a subset can fail of, and what it says beside its result."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

SAME_DATABASE = Rule(
    code="AV650",
    slug="subset-same-database",
    severity=Severity.ERROR,
    summary="The source and the target of a subset are the same database.",
    why="The source is only ever read. A replica counts as the database that it follows.",
    fix="Name another database with --to, or a folder.",
    bad="alembic-vibe subset --from postgresql://replica/shop --to postgresql://primary/shop",
    good="alembic-vibe subset --from postgresql://replica/shop --to postgresql://localhost/shop_dev",
)
NOT_EMPTY = Rule(
    code="AV651",
    slug="subset-target-not-empty",
    severity=Severity.ERROR,
    summary="The target of a subset holds something already.",
    why="Rows of two origins would collide, and which of them were masked could not be told any more.",
    fix="Make a new database and run `alembic upgrade head` on it, or name a new folder. Rows that a migration has put "
    "there are among those of the source: TRUNCATE their tables first.",
    bad="alembic-vibe subset --from $PRODUCTION --to postgresql://localhost/shop_dev  # with last week's rows",
    good="createdb shop_dev2 && alembic upgrade head\n"
    "alembic-vibe subset --from $PRODUCTION --to postgresql://localhost/shop_dev2",
)
NO_RIGHT = Rule(
    code="AV652",
    slug="subset-may-not-read",
    severity=Severity.ERROR,
    summary="The account may not read all rows of a table of the source; nothing was copied.",
    why="A subset is closed under its foreign keys, so it needs every table. Row security would hide rows silently.",
    fix="GRANT SELECT on the table, USAGE on its schema, and BYPASSRLS where it has row security.",
    bad="GRANT SELECT ON orders TO subset_reader;  -- and nothing on customers",
    good="GRANT pg_read_all_data TO subset_reader;\nALTER ROLE subset_reader BYPASSRLS;",
)
DIFFERS = Rule(
    code="AV653",
    slug="subset-target-differs",
    severity=Severity.WARNING,
    summary="The source has tables or columns that the target has not; they were left out.",
    why="A subset is data alone: the target's schema is what its migrations made.",
    fix="Bring the target to the revision that the source is at: alembic upgrade REVISION.",
    bad="-- source at 0007, target at 0005",
    good="alembic upgrade head",
)
REFUSED = Rule(
    code="AV654",
    slug="subset-row-refused",
    severity=Severity.ERROR,
    summary="The target refuses a row of the subset; nothing was written.",
    why="All constraints of the target hold during the load. A mask may not fit a constraint, or the target has one "
    "that the source has not.",
    fix="The message names the constraint. Classify its columns otherwise, or bring both to the same revision.",
    bad="[public.orders]\ncode = \"token\"  # CHECK (code LIKE 'ORD-%')",
    good='[public.orders]\ncode = "keep"',
)
CIRCLE = Rule(
    code="AV655",
    slug="subset-circle-of-foreign-keys",
    severity=Severity.ERROR,
    summary="Tables refer to each other in a circle, and the account cannot have that checked at the end.",
    why="Whichever table comes first refers to rows that are not there yet. Its owner may defer the check meanwhile.",
    fix="Load as the owner of the tables, or declare the foreign key DEFERRABLE.",
    bad="ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES users;  -- and users refers to teams",
    good="ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES users DEFERRABLE;",
)
TRIGGERS_FIRE = Rule(
    code="AV656",
    slug="subset-triggers-fire",
    severity=Severity.WARNING,
    summary="Triggers of the target ran during the load, because the account may not switch them off.",
    why="Only the owner of a table may. A trigger can change rows, or write further ones.",
    fix="Load as the owner of the tables.",
    bad="alembic-vibe subset --from $PRODUCTION --to postgresql://app@localhost/shop_dev",
    good="alembic-vibe subset --from $PRODUCTION --to postgresql://shop_owner@localhost/shop_dev",
)
SOURCE_FAILED = Rule(
    code="AV657",
    slug="subset-source-failed",
    severity=Severity.ERROR,
    summary="The source broke off a query; nothing was copied.",
    why="Time limits, locks and, on a replica, conflicts with what it replays end queries.",
    fix="Run it at a quieter time, on a replica with hot_standby_feedback, or with a longer statement_timeout.",
    bad="ALTER ROLE subset_reader SET statement_timeout = '1s';",
    good="ALTER ROLE subset_reader SET statement_timeout = '15min';",
)
DANGLING = Rule(
    code="AV658",
    slug="subset-dangling-rows",
    severity=Severity.WARNING,
    summary="Rows of the source refer to rows that do not exist; they were left out.",
    why="A foreign key that is NOT VALID or NOT ENFORCED lets such rows be; the target would refuse them.",
    fix="Nothing has to be done for the subset. To mend the source: ALTER TABLE … VALIDATE CONSTRAINT says which rows.",
    bad="ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;",
    good="ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey;",
)
CHOICE = Rule(
    code="AV659",
    slug="subset-target-unclear",
    severity=Severity.ERROR,
    summary="The target of a subset cannot be used.",
    why="It is a postgresql:// URL of a migrated database, or a folder that can be made.",
    fix="Name a database, such as postgresql://localhost/shop_dev, or a folder beside others that exist.",
    bad="alembic-vibe subset --from $PRODUCTION --to mysql://localhost/shop",
    good="alembic-vibe subset --from $PRODUCTION --to ./subset",
)
RULES = (
    SAME_DATABASE,
    NOT_EMPTY,
    NO_RIGHT,
    DIFFERS,
    REFUSED,
    CIRCLE,
    TRIGGERS_FIRE,
    SOURCE_FAILED,
    DANGLING,
    CHOICE,
)
