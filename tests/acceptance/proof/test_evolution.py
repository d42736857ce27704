"""The proof of an evolution lets good chains through, and names the revision, table and statement of a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Mode, Verify
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.prove.common_rows import fill_for_both
from tests.acceptance.proof.chains import Rev, catalog_of, contract, expand, findings, migrate, prove_chain, purge

pytestmark = pytest.mark.server

OLD = "CREATE TABLE orders (id int PRIMARY KEY, note text, code text NOT NULL, amount int NOT NULL)"
WITHOUT_CODE = "CREATE TABLE orders (id int PRIMARY KEY, note text, amount int NOT NULL)"
ADDED = "CREATE TABLE orders (id int PRIMARY KEY, note text, code text NOT NULL, amount int NOT NULL, city text)"
ADD_CITY = expand("ALTER TABLE orders ADD city text", "ALTER TABLE orders DROP city")

# Recipe 7: a column goes.
TIGHTEN = "ALTER TABLE orders ALTER code SET NOT NULL"
RELAX = expand(
    "ALTER TABLE orders ALTER code DROP NOT NULL", ["UPDATE orders SET code = '' WHERE code IS NULL", TIGHTEN]
)
ASIDE = contract("ALTER TABLE orders RENAME code TO vibe_drop_code", "ALTER TABLE orders RENAME vibe_drop_code TO code")
GONE = purge(
    "ALTER TABLE orders DROP vibe_drop_code", "ALTER TABLE orders ADD vibe_drop_code text", irreversible_loss="code"
)

# Recipe 10: a column gets another type, with a twin that a trigger keeps equal.
WIDER = "CREATE TABLE orders (id int PRIMARY KEY, note text, code text NOT NULL, amount bigint NOT NULL)"
SYNC = """
CREATE FUNCTION vibe_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF TG_OP='INSERT' THEN IF NEW.vibe_amount IS NOT NULL THEN NEW.amount := NEW.vibe_amount;
   ELSE NEW.vibe_amount := NEW.amount; END IF;
 ELSIF NEW.vibe_amount IS DISTINCT FROM OLD.vibe_amount THEN NEW.amount := NEW.vibe_amount;
 ELSIF NEW.amount IS DISTINCT FROM OLD.amount THEN NEW.vibe_amount := NEW.amount;
 ELSIF NEW.vibe_amount IS NULL THEN NEW.vibe_amount := NEW.amount;
 END IF; RETURN NEW; END $$
"""
TWIN = expand(
    [
        "ALTER TABLE orders ADD vibe_amount bigint",
        SYNC,
        "CREATE TRIGGER vibe_sync BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION vibe_sync()",
    ],
    ["DROP TRIGGER vibe_sync ON orders", "DROP FUNCTION vibe_sync()", "ALTER TABLE orders DROP vibe_amount"],
)
FILL = migrate("UPDATE orders SET amount = amount WHERE vibe_amount IS NULL", "SELECT 1")
SWAP = contract(
    [
        "DROP TRIGGER vibe_sync ON orders",
        "DROP FUNCTION vibe_sync()",
        "ALTER TABLE orders ALTER vibe_amount SET NOT NULL",
        "ALTER TABLE orders ALTER amount DROP NOT NULL",
        "ALTER TABLE orders RENAME amount TO vibe_drop_amount",
        "ALTER TABLE orders RENAME vibe_amount TO amount",
    ],
    [
        "ALTER TABLE orders RENAME amount TO vibe_amount",
        "ALTER TABLE orders RENAME vibe_drop_amount TO amount",
        "ALTER TABLE orders ALTER amount SET NOT NULL",
        "ALTER TABLE orders ALTER vibe_amount DROP NOT NULL",
        *TWIN.up[1:],
    ],
)
DROP_TWIN = purge(
    "ALTER TABLE orders DROP vibe_drop_amount",
    "ALTER TABLE orders ADD vibe_drop_amount int",
    irreversible_loss="the values of amount as integer",
)


CODE = 'null value in column "vibe_drop_code" of relation "orders" violates not-null constraint'


@pytest.mark.parametrize(
    ("new", "revisions"),
    [
        (ADDED, [ADD_CITY]),
        (WITHOUT_CODE, [RELAX, ASIDE, GONE]),
    ],
    ids=["add column", "drop column"],
)
def test_good_chains(server: ScratchServer, tmp_path: Path, new: str, revisions: list[Rev]) -> None:
    proof = prove_chain(server, tmp_path / "p", OLD, new, revisions)
    assert proof.unfilled == ()
    assert "2 rows in 1 table" in proof.lines[1]
    assert proof.lines[2].startswith("the running release: 10 statements pass after each of 1 revision")
    assert proof.lines[3].startswith("the next release: ")


def test_a_new_type_with_a_twin(server: ScratchServer, tmp_path: Path) -> None:
    """Without NOT NULL: from PostgreSQL 18 on its constraint has a name, which a swap must mend."""
    old = OLD.replace("amount int NOT NULL", "amount int")
    new = WIDER.replace("amount bigint NOT NULL", "amount bigint")
    up, down = ([text for text in part if " NOT NULL" not in text or text == SYNC] for part in (SWAP.up, SWAP.down))
    swap = contract(up, down)
    proof = prove_chain(server, tmp_path / "p", old, new, [TWIN, FILL, swap, DROP_TWIN])
    assert "not tried" not in "".join(proof.lines)


@pytest.mark.parametrize(
    ("new", "revisions", "found"),
    [
        (
            WITHOUT_CODE,
            [expand("ALTER TABLE orders DROP code", "ALTER TABLE orders ADD code text NOT NULL DEFAULT 'x'")],
            ["AV904 after revision 0002 (expand) the running release fails: SELECT on orders", "UPDATE of code"],
        ),
        (
            WITHOUT_CODE,
            [ASIDE, purge(GONE.up, "ALTER TABLE orders ADD vibe_drop_code text NOT NULL DEFAULT ''")],
            ["AV905 on the schema before revision 0003 (purge) the next release fails: INSERT of all columns", CODE],
        ),
        (
            WITHOUT_CODE,
            [RELAX, contract("SELECT 1", "SELECT 1"), purge(ASIDE.up + GONE.up, GONE.down + ASIDE.down)],
            [],
        ),
        (
            ADDED,
            [ADD_CITY, migrate("UPDATE orders SET note = NULL", "SELECT 1")],
            ["AV906 revision 0003 changes what it should leave alone: the values of orders.note are others"],
        ),
        (
            ADDED,
            [expand("ALTER TABLE orders ADD city text", "ALTER TABLE orders DROP city; UPDATE orders SET amount = 7")],
            ["AV906 the downgrade to 0001 loses values: the values of orders.amount are others"],
        ),
        (
            WITHOUT_CODE,
            [
                RELAX,
                contract(ASIDE.up, [*ASIDE.down, "UPDATE orders SET code = 'gone'"]),
                GONE,
            ],
            ["AV906 the downgrade to 0002 loses values: the values of orders.code are others"],
        ),
        (
            WITHOUT_CODE,
            [expand(RELAX.up, TIGHTEN), ASIDE, GONE],
            ["AV901 revision 0003, undone down to 0001 with rows that the next release has written, fails", "null"],
        ),
        (ADDED, [expand("SELECT 1", "SELECT 1")], ["AV902 after revision 0002 the database differs: table orders"]),
        (ADDED, [expand(ADD_CITY.up, "SELECT 1")], ["AV903 after the downgrade of 0002 the database differs"]),
        (
            WITHOUT_CODE,
            [RELAX, ASIDE, purge(GONE.up, "SELECT 1")],
            ["AV903 after the downgrade of 0004 the database differs"],
        ),
        (ADDED, [expand("ALTER TABLE nothing ADD x int", "SELECT 1")], ["AV901 revision 0002 fails"]),
        (
            ADDED,
            [expand([*ADD_CITY.up, "ALTER TABLE orders ADD CONSTRAINT n CHECK (note = '') NOT VALID"],
                    [*ADD_CITY.down, "ALTER TABLE orders DROP CONSTRAINT n"]),
             contract("ALTER TABLE orders DROP CONSTRAINT n",
                      "ALTER TABLE orders ADD CONSTRAINT n CHECK (note = '') NOT VALID")],
            ["AV904 after revision 0002 (expand)", "AV905 on the schema before revision 0003 (contract)"],
        ),
    ],
    ids=[
        "column dropped too early", "new release cannot insert", "old column stays until purge", "values changed",
        "values lost", "values lost by contract",
        "downgrade with new rows", "diverges", "leak", "leak of purge", "fails", "both releases",
    ],
)  # fmt: skip
def test_what_the_proof_finds(
    server: ScratchServer, tmp_path: Path, new: str, revisions: list[Rev], found: list[str]
) -> None:
    told = findings(server, tmp_path / "p", OLD, new, revisions)
    assert bool(told) == bool(found), told
    for part in found:
        assert part in told


def test_a_downgrade_that_asks_for_values(server: ScratchServer, tmp_path: Path) -> None:
    """What no expression can make up the downgrade asks for; that is said, and no finding."""
    asks = "DO $$BEGIN IF EXISTS (SELECT FROM orders WHERE code IS NULL) THEN RAISE 'give it a code'; END IF; END$$"
    proof = prove_chain(server, tmp_path / "p", OLD, WITHOUT_CODE, [expand(RELAX.up, [asks, TIGHTEN]), ASIDE, GONE])
    assert any(line.startswith("declared: ") and "give it a code" in line for line in proof.lines)


def test_each_failure_is_told_once(server: ScratchServer, tmp_path: Path) -> None:
    broken = expand("ALTER TABLE orders RENAME note TO remark", "ALTER TABLE orders RENAME remark TO note")
    new = ADDED.replace("note", "remark")
    told = findings(server, tmp_path / "p", OLD, new, [broken, ADD_CITY])
    assert told.count("AV904") == 1
    assert "after revision 0002" in told


def test_accepted_and_declared(server: ScratchServer, tmp_path: Path) -> None:
    broken = expand(
        "ALTER TABLE orders RENAME note TO remark", "ALTER TABLE orders RENAME remark TO note", accepted=("orders",)
    )
    city = Key(Kind.COLUMN, "public", "orders", "amount")
    filled = migrate("UPDATE orders SET amount = 7", "SELECT 1", changes=(city,))
    cut = contract("UPDATE orders SET code = ''", "SELECT 1", irreversible_loss="codes", changes=(
        Key(Kind.COLUMN, "public", "orders", "code"),))  # fmt: skip
    new = ADDED.replace("note", "remark")
    proof = prove_chain(server, tmp_path / "p", OLD, new, [broken, ADD_CITY, filled, cut])
    text = "\n".join(proof.lines)
    assert "accepted: after revision 0002 (expand) the running release fails: SELECT on orders" in text
    assert "declared: the downgrade to 0004 loses codes (the values of orders.code are others)" in text


def test_rows_for_both(server: ScratchServer, database: str) -> None:
    """What the new schema asks for is asked of the rows before it comes."""
    old = """
    CREATE TYPE state AS ENUM ('lost', 'new', 'paid');
    CREATE DOMAIN cents AS int;
    CREATE TABLE a (id int PRIMARY KEY, n int, code text, ref text, state state, b_id int, c cents);
    CREATE TABLE b (id int PRIMARY KEY)
    """
    new = """
    CREATE TYPE state AS ENUM ('new', 'paid');
    CREATE DOMAIN cents AS int CONSTRAINT many CHECK (VALUE > 500);
    CREATE TABLE b (id int PRIMARY KEY);
    CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL, code varchar(3), ref uuid, state state, b_id int, c cents,
      CONSTRAINT n CHECK (n > 41), CONSTRAINT known FOREIGN KEY (b_id) REFERENCES b);
    CREATE UNIQUE INDEX code ON a (lower(code)) WHERE n > 0
    """
    change = """
    ALTER TABLE a ALTER n SET NOT NULL, ALTER code TYPE varchar(3), ALTER ref TYPE uuid USING ref::uuid,
      ADD CONSTRAINT n CHECK (n > 41), ADD CONSTRAINT known FOREIGN KEY (b_id) REFERENCES b,
      ADD CHECK (state <> 'lost');
    CREATE UNIQUE INDEX code ON a (lower(code)) WHERE n > 0;
    ALTER DOMAIN cents ADD CONSTRAINT many CHECK (VALUE > 500)
    """
    with server.connect(database, autocommit=True) as connection:
        connection.execute(old.encode())
        before = read_catalog(connection).catalog
        fill_for_both(connection, before, catalog_of(server, new))
        assert read_catalog(connection).catalog == before
        connection.execute(change.encode())
        assert connection.execute("SELECT count(*), count(ref), count(b_id), count(c) FROM a").fetchone() == (2,) * 4


def test_what_a_downgrade_keeps(server: ScratchServer, tmp_path: Path) -> None:
    old = "CREATE TYPE state AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, state state)"
    new = old.replace("'a'", "'a', 'b'")
    keeps = (Key(Kind.ENUM, "public", "state"),)
    add = expand("ALTER TYPE state ADD VALUE IF NOT EXISTS 'b'", "SELECT 1", keeps=keeps)
    assert findings(server, tmp_path / "p", old, new, [add]) == ""
    assert "AV903" in findings(server, tmp_path / "q", old, new, [Rev("expand", add.up, add.down)])


WITH_INDEX = f"{OLD}; CREATE INDEX vibe_i ON orders (note)"
BUILD = "CREATE INDEX CONCURRENTLY vibe_i ON orders (note)"
UNBUILD = "DROP INDEX CONCURRENTLY IF EXISTS vibe_i"
ORDERS = Key(Kind.TABLE, "public", "orders")
SUE = Lock(ORDERS, LockLevel.SHARE_UPDATE_EXCLUSIVE)


@pytest.mark.parametrize(
    ("new", "revision", "found"),
    [
        (ADDED, expand(ADD_CITY.up, ADD_CITY.down, locks=(Lock(ORDERS),)), []),
        (
            ADDED,
            expand(ADD_CITY.up, ADD_CITY.down, locks=(SUE,)),
            ["AV907 revision 0002 (expand): orders is locked ACCESS EXCLUSIVE, declared is SHARE UPDATE EXCLUSIVE"],
        ),
        (
            ADDED,
            expand([*ADD_CITY.up, "ALTER TABLE orders ALTER amount TYPE int USING amount + 0"], ADD_CITY.down),
            ["AV907 revision 0002 (expand): orders is rewritten", "USING amount + 0"],
        ),
        (WITH_INDEX, expand([UNBUILD, BUILD], UNBUILD, mode=Mode.AUTOCOMMIT, locks=(SUE,)), []),
        (WITH_INDEX, expand([UNBUILD, BUILD], UNBUILD, mode=Mode.AUTOCOMMIT, locks=()),
         ["AV907 revision 0002 (expand): orders is locked SHARE UPDATE EXCLUSIVE, declared is no lock"]),
        (
            WITH_INDEX,
            expand([BUILD], UNBUILD, mode=Mode.AUTOCOMMIT),
            ["AV908 revision 0002 (expand) interrupted after 'CREATE INDEX CONCURRENTLY", 'relation "vibe_i" already'],
        ),
        (
            WITH_INDEX,
            expand(BUILD.replace(" vibe", " IF NOT EXISTS vibe"), UNBUILD, mode=Mode.AUTOCOMMIT),
            ["AV908 revision 0002 (expand) interrupted in", "it ends elsewhere: index vibe_i differs in valid"],
        ),
    ],
    ids=["declared", "stronger lock", "rewrite", "index", "index without lock", "no guard", "invalid index"],
)  # fmt: skip
def test_costs_and_crashes(server: ScratchServer, tmp_path: Path, new: str, revision: Rev, found: list[str]) -> None:
    told = findings(server, tmp_path / "p", OLD, new, [revision])
    assert bool(told) == bool(found), told
    for part in found:
        assert part in told


def test_tables_of_the_run_cost_nothing(server: ScratchServer, tmp_path: Path) -> None:
    new = f"{OLD}; CREATE TABLE lines (id int PRIMARY KEY, n int NOT NULL CHECK (n > 0))"
    make = expand("CREATE TABLE lines (id int PRIMARY KEY, n int)", "DROP TABLE lines")
    more = expand(
        "ALTER TABLE lines ALTER n SET NOT NULL, ADD CHECK (n > 0)",
        "ALTER TABLE lines ALTER n DROP NOT NULL, DROP CONSTRAINT lines_n_check",
    )
    proof = prove_chain(server, tmp_path / "p", OLD, new, [make, more])
    assert "locks, scans and rewrites of 2 revisions measured: no worse than declared" in proof.lines


RENAMED = OLD.replace("note text", "remark text")
AGREE = (Verify("SELECT count(*) FROM orders WHERE remark IS DISTINCT FROM note", "rows of orders without remark"),)
KEEP = SYNC.replace("vibe_amount", "remark").replace("amount", "note")
TRIGGER = "CREATE TRIGGER vibe_sync BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION vibe_sync()"
ADD_REMARK = expand(
    ["ALTER TABLE orders ADD remark text", KEEP, TRIGGER],
    ["DROP TRIGGER vibe_sync ON orders", "DROP FUNCTION vibe_sync()", "ALTER TABLE orders DROP remark"],
)
NOTE = Key(Kind.COLUMN, "public", "orders", "note")
FILL_REMARK = migrate("UPDATE orders SET note = note WHERE remark IS NULL", "SELECT 1", subjects=(NOTE,))
DROP_NOTE = contract(
    ["DROP TRIGGER vibe_sync ON orders", "DROP FUNCTION vibe_sync()", "ALTER TABLE orders RENAME note TO vibe_drop"],
    ["ALTER TABLE orders RENAME vibe_drop TO note", KEEP, TRIGGER],
    verify=tuple((NOTE, one) for one in AGREE),
)
PURGE_NOTE = purge("ALTER TABLE orders DROP vibe_drop", "ALTER TABLE orders ADD vibe_drop text")


def test_both_releases_write(server: ScratchServer, tmp_path: Path) -> None:
    """Recipe 8: a column gets another name."""
    proof = prove_chain(server, tmp_path / "p", OLD, RENAMED, [ADD_REMARK, FILL_REMARK, DROP_NOTE, PURGE_NOTE])
    assert [line for line in proof.lines if line.startswith("both releases at once")]


def test_releases_that_disagree(server: ScratchServer, tmp_path: Path) -> None:
    """A trigger that only looks one way keeps old writers in step, and new ones not."""
    one_way = KEEP.replace("NEW.note := NEW.remark", "NEW.note := NEW.note")
    add = expand([ADD_REMARK.up[0], one_way, TRIGGER], ADD_REMARK.down)
    drop = contract(DROP_NOTE.up, [DROP_NOTE.down[0], one_way, TRIGGER], verify=tuple((NOTE, one) for one in AGREE))
    told = findings(server, tmp_path / "p", OLD, RENAMED, [add, FILL_REMARK, drop, PURGE_NOTE])
    assert "AV909 after both releases wrote there are" in told
    assert "rows of orders without remark" in told
