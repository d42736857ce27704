"""``seed`` as people use it: rows that were edited, deleted and changed, accounts that may not, two runs at once."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from alembic_vibe.diagnostics import (
    ConfigurationError,
    DecisionNeededError,
    EnvironmentFailureError,
    ExitCode,
    FindingsError,
)
from alembic_vibe.seed.command import seed_database
from alembic_vibe.seed.development import fill_database
from alembic_vibe.seed.statements import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import SeedResult

pytestmark = pytest.mark.server

SCHEMA = """
CREATE TABLE plans (
    code varchar(6) PRIMARY KEY, title text NOT NULL, "100%" numeric(6, 2), since timestamptz, extra jsonb,
    touched int NOT NULL DEFAULT 0, CHECK (title <> 'bad')
);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := OLD.touched + 1; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON plans FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE roles (id serial PRIMARY KEY, name text UNIQUE NOT NULL);
CREATE TABLE role_plans (
    role_id int NOT NULL REFERENCES roles ON DELETE CASCADE, plan text REFERENCES plans, PRIMARY KEY (role_id, plan)
);
"""
PLANS: list[dict[str, Any]] = [
    {"code": "free", "title": "Free", "100%": 0, "since": "2024-01-01 12:00", "extra": {"a": [1]}},
    {"code": "team", "title": "Team", "100%": 9.9, "since": None, "extra": []},
    {"code": "big", "title": "Big: %s", "100%": None, "since": "2024-07-01", "extra": None},
]
ADMIN = {"sql": "(SELECT id FROM roles WHERE name = 'admin')"}


class Shop:
    """A database and the seeds of a project."""

    def __init__(self, server: ScratchServer, name: str, folder: Path, connection: psycopg.Connection[Any]) -> None:
        self.url = server.url(name)
        self.folder = folder
        self.connection = connection
        (folder / "reference").mkdir(parents=True)

    def write(self, plans: Sequence[Mapping[str, Any]], *others: tuple[str, list[str], list[Any]]) -> None:
        for at, (table, key, rows) in enumerate([("plans", ["code"], plans), *others], start=1):
            lines = ",\n".join(f"    {json.dumps(row)}" for row in rows)
            head = json.dumps({"schema": "public", "table": table, "key": key, "source": ""}, indent=2)[:-2]
            (self.folder / f"reference/{at:02}_{table}.json").write_text(f'{head},\n  "rows": [\n{lines}\n  ]\n}}\n')

    def seed(self, *, options: str = "", check: bool = False, force: Sequence[tuple[str, str]] = ()) -> SeedResult:
        joint = "&" if "?" in self.url else "?"
        url = f"{self.url}{joint}options={quote(options)}" if options else self.url
        return seed_database(self.folder, url, what=None, check=check, force=force)

    def counts(self, **how: Any) -> list[dict[str, int]]:
        found = self.seed(**how).tables
        return [{word: n for word, n in table.items() if isinstance(n, int) and n} for table in found]

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def run(self, sql: str) -> None:
        self.connection.execute(sql.encode())


@pytest.fixture
def shop(server: ScratchServer, database: str, tmp_path: Path) -> Iterator[Shop]:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        yield Shop(server, database, tmp_path / "seeds", connection)


def test_a_life_of_reference_data(shop: Shop) -> None:
    shop.write(PLANS)
    assert shop.seed(check=True).exit_code is ExitCode.FINDINGS
    assert shop.fetch("SELECT to_regclass('vibe_seed_state'), (SELECT count(*) FROM plans)") == [(None, 0)]
    assert shop.counts() == [{"insert": 3}]
    # Who runs it, and with which settings, is all the same.
    assert shop.counts(options="-c TimeZone=America/New_York -c DateStyle=German") == [{"same": 3}]
    shop.run("UPDATE plans SET title = 'Our team' WHERE code = 'team'")
    shop.run("UPDATE plans SET \"100%\" = 60 WHERE code = 'big'")
    shop.run("DELETE FROM plans WHERE code = 'free'")
    assert shop.counts() == [{"edited": 2, "deleted": 1}]
    free, team, big = PLANS
    shop.write([{**free, "title": "Gratis"}, {**team, "100%": 12.5}, {**big, "100%": 50, "extra": {"b": 2}}])
    result = shop.seed()
    assert result.lines[:3] == (
        "plans: 1 update, 1 conflict, 1 deleted",
        "  kept as edited: team (title)",
        "  conflict, kept as edited: big (100%)",
    )
    assert shop.fetch('SELECT code, title, "100%"::text, extra::text FROM plans ORDER BY 1') == [
        ("big", "Big: %s", "60.00", '{"b": 2}'),
        ("team", "Our team", "12.50", "[]"),
    ]
    assert shop.counts(check=True) == [{"edited": 1, "conflict": 1, "deleted": 1}]
    assert shop.seed(check=True).exit_code is ExitCode.DONE
    assert shop.counts(force=[("plans", "big"), ("public.plans", "free")]) == [{"insert": 1, "update": 1, "edited": 1}]
    with pytest.raises(ConfigurationError, match="no row plans:huge"):
        shop.seed(force=[("plans", "huge")])
    shop.write([free])
    assert shop.counts() == [{"update": 1, "gone": 2}]
    assert shop.seed().lines == ("plans: 1 same, no longer in the seeds: 2 (kept)",)
    (shop.folder / "reference/01_plans.json").unlink()
    assert shop.seed().lines == ("plans: no longer in the seeds: 3 (kept)",)


def test_a_row_that_is_the_same_is_not_written(shop: Shop) -> None:
    shop.write(PLANS)
    shop.seed()
    before = shop.fetch("SELECT xmin::text, touched FROM plans ORDER BY code")
    shop.write([{**PLANS[0], "100%": "0.000"}, {**PLANS[1], "title": "Team 2"}, PLANS[2]])
    assert shop.counts() == [{"same": 2, "update": 1}]
    after = shop.fetch("SELECT xmin::text, touched FROM plans ORDER BY code")
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, True, False]
    assert after[2][1] == 1


def test_what_refers_to_a_deleted_row_is_let_go(shop: Shop) -> None:
    links: list[Any] = [{"role_id": ADMIN, "plan": "free"}]
    others = (("roles", ["name"], [{"name": "admin"}, {"name": "user"}]), ("role_plans", ["role_id", "plan"], links))
    shop.write(PLANS, *others)
    assert shop.counts() == [{"insert": 3}, {"insert": 2}, {"insert": 1}]
    assert shop.counts() == [{"same": 3}, {"same": 2}, {"same": 1}]
    shop.run("DELETE FROM roles WHERE name = 'admin'")  # and its links with it
    assert shop.counts() == [{"same": 3}, {"same": 1, "deleted": 1}, {"deleted": 1}]
    links.append({"role_id": ADMIN, "plan": "team"})  # a link that no run has seen
    shop.write(PLANS, *others)
    assert shop.counts() == [{"same": 3}, {"same": 1, "deleted": 1}, {"deleted": 2}]
    shop.run("DELETE FROM plans WHERE code = 'team'")
    links.append({"role_id": {"sql": "(SELECT id FROM roles WHERE name = 'user')"}, "plan": "team"})
    shop.write(PLANS, *others)  # a link of one who stays to a plan that went
    assert shop.counts() == [{"same": 2, "deleted": 1}, {"same": 1, "deleted": 1}, {"deleted": 3}]
    links.pop()
    shop.write(PLANS, *others)
    assert shop.counts(force=[("plans", "team")])[:1] == [{"insert": 1, "same": 2}]
    assert shop.counts(force=[("roles", "admin")])[1:] == [{"insert": 1, "same": 1}, {"insert": 1, "deleted": 1}]


def test_each_refused_row_is_named_with_its_line(shop: Shop) -> None:
    rows: list[dict[str, Any]] = [{"code": f"p{at}", "title": f"Plan {at}"} for at in range(700)]
    rows[123]["title"] = "bad"
    rows[456]["code"] = "too long"  # a cast would cut it
    rows[600]["title"] = {"sql": "(SELECT 'a' UNION SELECT 'b')"}
    shop.write(rows)
    with pytest.raises(FindingsError) as caught:
        shop.seed()
    assert [(d.code, d.shown_path, d.line, d.message.split(": ")[1]) for d in caught.value.diagnostics] == [
        ("AV621", "seeds/reference/01_plans.json", 9 + 123, "row p123 is refused"),
        ("AV621", "seeds/reference/01_plans.json", 9 + 456, "row too long is refused"),
        ("AV621", "seeds/reference/01_plans.json", 9 + 600, "row p600 is refused"),
    ]
    assert "plans_title_check" in caught.value.diagnostics[0].message
    assert shop.fetch("SELECT count(*), to_regclass('vibe_seed_state') FROM plans") == [(0, None)]


def test_accounts_that_may_not_are_told(shop: Shop) -> None:
    shop.write(PLANS)
    shop.run("CREATE ROLE seed_reader; GRANT SELECT ON plans TO seed_reader")
    assert shop.seed(check=True, options="-c role=seed_reader").exit_code is ExitCode.FINDINGS
    with pytest.raises(EnvironmentFailureError, match="permission denied") as caught:
        shop.seed(options="-c role=seed_reader")
    assert caught.value.diagnostics[0].code == "AV622"
    shop.run("ALTER TABLE plans ENABLE ROW LEVEL SECURITY; CREATE POLICY late ON plans USING (code > 'c')")
    with pytest.raises(EnvironmentFailureError, match="row security hides rows of plans from seed_reader"):
        shop.seed(check=True, options="-c role=seed_reader")
    shop.run("CREATE POLICY every ON plans TO seed_reader USING (true)")
    assert shop.counts(check=True, options="-c role=seed_reader") == [{"insert": 3}]


def test_somebody_holds_the_rows(shop: Shop) -> None:
    shop.write(PLANS)
    shop.seed()
    shop.write([{**PLANS[0], "title": "Gratis"}])
    with shop.connection.transaction():
        shop.run("SELECT FROM plans FOR UPDATE")
        with pytest.raises(EnvironmentFailureError, match="lock timeout") as caught:
            shop.seed(options="-c lock_timeout=100ms")
    assert caught.value.diagnostics[0].code == "AV625"


def test_two_runs_at_once_insert_each_row_once(shop: Shop) -> None:
    shop.write([{"code": f"p{at}", "title": f"Plan {at}"} for at in range(300)])
    results: list[dict[str, int]] = []
    runs = [threading.Thread(target=lambda: results.extend(shop.counts())) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sorted(results, key=str) == [{"insert": 300}, {"same": 300}, {"same": 300}]


def test_what_an_application_writes_meanwhile_is_not_lost(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write(PLANS)
    shop.seed()
    shop.write([{**plan, "title": "New", "100%": 7} for plan in PLANS])
    look, late = Rows.look, threading.Event()

    def look_and_be_late(rows: Rows) -> Any:
        found = look(rows)
        if not late.is_set():  # between the look and the writing
            late.set()
            shop.run("UPDATE plans SET title = 'Theirs' WHERE code = 'team'")
        return found

    monkeypatch.setattr(Rows, "look", look_and_be_late)
    assert shop.counts() == [{"update": 2, "conflict": 1}]
    assert shop.fetch("SELECT title, \"100%\"::int FROM plans WHERE code = 'team'") == [("Theirs", 7)]


def test_the_state_is_beside_the_version_table(shop: Shop) -> None:
    shop.write(PLANS)
    shop.run("CREATE SCHEMA app; CREATE SCHEMA mine; CREATE TABLE app.alembic_version (version_num varchar(32))")
    assert shop.counts(options="-c search_path=mine,public") == [{"insert": 3}]
    assert shop.counts() == [{"same": 3}]
    assert shop.fetch("SELECT relnamespace::regnamespace::text FROM pg_class WHERE relname = 'vibe_seed_state'") == [
        ("app",)
    ]


def test_made_up_rows_do_not_go_beside_those_of_people(shop: Shop, tmp_path: Path) -> None:
    shop.write(PLANS)
    shop.seed()
    assert fill_database(shop.folder, shop.url, rows=20, seed=1).exit_code is ExitCode.DONE
    assert shop.fetch("SELECT count(*) > 0, (SELECT count(*) FROM plans) FROM roles") == [(True, 3)]
    with pytest.raises(DecisionNeededError, match=r"rows that are not of the seeds: public\.role_plans, public\.roles"):
        fill_database(shop.folder, shop.url, rows=20, seed=1)
    assert fill_database(shop.folder, shop.url, rows=20, seed=1, accept=True).exit_code is ExitCode.DONE


def test_a_name_that_says_production(server: ScratchServer, tmp_path: Path) -> None:
    with server.connect(server.maintenance_database, autocommit=True) as connection:
        connection.execute("CREATE DATABASE shop_production")
        try:
            with pytest.raises(DecisionNeededError, match="says production"):
                fill_database(tmp_path, server.url("shop_production"), rows=1, seed=0)
        finally:
            connection.execute("DROP DATABASE shop_production")
