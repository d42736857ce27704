"""Whole revisions of a small schema, compared with golden modules, and single points of their text."""

from __future__ import annotations

import ast
import builtins
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.facts import (
    Constraint,
    Enum,
    Extension,
    Fact,
    Function,
    IndexKey,
    Role,
    Schema,
    Table,
    Trigger,
    View,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.history.worker import Worker
from alembic_vibe.plan.model import Phase, PlannedRevision, Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.render.code import quote_docstring
from alembic_vibe.render.revisions import Account, Place, RevisionText, render_revision
from alembic_vibe.templates import template_dir
from tests.unit.plan.plans import catalog_of, grant, plan, policy
from tests.unit.render.shop import check, column, foreign, index, primary, serial, table, type_ref, unique, uuid_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog

GOLDEN = Path(__file__).parents[2] / "golden" / "revisions"
DOCUMENT = 'docs/the "spec".md'

APP = Role(key=Key(Kind.ROLE, "", "app"))
CITEXT = Extension(key=Key(Kind.EXTENSION, "", "citext"))
BILLING = Schema(key=Key(Kind.SCHEMA, "", "billing"), comment="Money")
STATUS = Enum(key=Key(Kind.ENUM, "public", "user_status"), labels=("active", "it's :odd:"))
TOUCH = Function(
    key=Key(Kind.FUNCTION, "public", "touch"),
    procedure=False,
    definition=(
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n"
        "    IF NEW.email ~ '^\\d+:x' THEN\n"
        "        RAISE EXCEPTION '100%';\n"
        "    END IF;\n"
        "    RETURN NEW;\n"
        "END\n"
        "$$"
    ),
    language="plpgsql",
)
USERS = table(
    "users",
    uuid_id(),
    column("email", type_ref("citext", origin="extension")),
    column("status", type_ref("user_status", origin="enum", key=STATUS.key), default="'active'::user_status"),
    column("settings", "jsonb", default="'{\"beta\":true}'::jsonb", comment="What they chose"),
    column("favourite_order_id", "bigint", null=True),
    column("created_at", "timestamp with time zone", default="now()"),
    comment='People who may sign in: customers and "staff".',
    row_security=True,
)
TOUCH_USERS = Trigger(
    key=Key(Kind.TRIGGER, "public", "users", "touch_users"),
    definition="CREATE TRIGGER touch_users BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
)
ORDERS = table(
    "orders",
    column("id", "bigint", identity="always"),
    column("user_id", "uuid"),
    column("during", "tstzrange"),
    column("total", "numeric(12,2)", default="0"),
)
OVERLAP = Constraint(
    key=Key(Kind.CONSTRAINT, "public", "orders", "orders_during_excl"),
    kind="x",
    definition="EXCLUDE USING gist (during WITH &&)",
    columns=("during",),
    method="gist",
    keys=(IndexKey(column="during", expression="during", operator="&&"),),
)
INVOICES = Table(
    key=Key(Kind.TABLE, "billing", "invoices"),
    columns=(column("id", "integer", default="nextval('billing.invoices_id_seq'::regclass)"), column("no", "text")),
)
COUNTER = replace(
    serial("invoices"), key=Key(Kind.SEQUENCE, "billing", "invoices_id_seq"), owned_by=(INVOICES.key, "id")
)
TOTALS = View(
    key=Key(Kind.MATERIALIZED_VIEW, "billing", "totals"),
    query=" SELECT user_id,\n    sum(total) AS total\n   FROM orders\n  GROUP BY user_id",
)
ACCOUNTS: list[Fact] = [
    APP,
    CITEXT,
    BILLING,
    STATUS,
    TOUCH,
    USERS,
    primary("users", "id"),
    unique("users", "email"),
    check("users", "users_email_check", "email::text ~ '^[^@]+:?@'::text", columns=("email",)),
    foreign("users", "favourite_order_id", "orders", on_delete="SET NULL"),
    index(
        "users",
        "users_created_at_idx",
        IndexKey(column="created_at", expression="created_at", descending=True, nulls_first=True),
        predicate="status = 'active'::user_status",
    ),
    TOUCH_USERS,
    policy("users", "own row"),
    grant("users", "app", "SELECT", "INSERT"),
]
SALES: list[Fact] = [
    ORDERS,
    primary("orders", "id"),
    foreign("orders", "user_id", "users", on_delete="CASCADE"),
    OVERLAP,
    index("orders", "orders_user_id_idx", "user_id"),
    grant("orders", "app", "SELECT", "INSERT"),
    INVOICES,
    replace(primary("invoices", "id"), key=Key(Kind.CONSTRAINT, "billing", "invoices", "invoices_pkey")),
    COUNTER,
    TOTALS,
]
NEEDS: dict[Fact, list[Fact]] = {
    USERS: [CITEXT, STATUS],
    TOUCH_USERS: [TOUCH],
    INVOICES: [BILLING, COUNTER],
    COUNTER: [BILLING],
    TOTALS: [BILLING, ORDERS],
}
ACCOUNT = Account(
    document=DOCUMENT,
    places={
        USERS.key: Place(12, "Everybody who may sign in."),
        TOUCH.key: Place(30),
        ORDERS.key: Place(44, 'What was bought: "the order"'),
        TOTALS.key: Place(70, "Per user"),
        TOUCH_USERS.key: Place(99, "Not said: triggers explain themselves."),
    },
    section_lines={"5.3": (10, 40), "5.4": (41, 80)},
    statement_timeout="5min",
)


def texts(
    document: Mapping[str, Iterable[Fact]],
    needs: Mapping[Fact, Iterable[Fact]] | None = None,
    account: Account = ACCOUNT,
) -> Iterator[RevisionText]:
    catalog: Catalog = catalog_of([fact for found in document.values() for fact in found], needs)
    for revision in plan(document, needs).revisions:
        yield render_revision(revision, catalog, account)


def one(*facts: Fact, account: Account = ACCOUNT, needs: Mapping[Fact, Iterable[Fact]] | None = None) -> RevisionText:
    (found,) = texts({"5.3": facts}, needs, account)
    return found


def module_of(text: RevisionText) -> str:
    """Return a module of the form that Alembic's template gives it."""
    return f"import sqlalchemy as sa\nfrom alembic import op\n{text.imports}\ndef upgrade():\n    {text.upgrade}\n"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The revisions as Alembic writes them, through the template that ``init`` gives to a project."""
    scripts = tmp_path_factory.mktemp("project") / "migrations"
    (scripts / "versions").mkdir(parents=True)
    copy(template_dir() / "vibe" / "script.py.mako", scripts)
    ini = scripts.with_name("alembic.ini")
    ini.write_text("[alembic]\nscript_location = %(here)s/migrations\n", encoding="utf-8")
    worker = Worker()
    worker.open(str(ini), "", "alembic", [], [])
    head, revisions = "", []
    for number, text in enumerate(texts({"5.3": ACCOUNTS, "5.4": SALES}, NEEDS), start=1):
        revisions.append(
            {
                "id": f"{number:04}",
                "title": quote_docstring(f'{text.title} "and" C:\\new """more""" "'),
                "head": head,
                "docstring": text.docstring,
                "upgrade": text.upgrade,
                "downgrade": text.downgrade,
                "imports": text.imports,
            }
        )
        head = f"{number:04}"
    written = worker.write(revisions, str(scripts / "versions"))["paths"]
    return {
        f"{Path(path).name[:4]}.py": re.sub(
            r"(?m)^Create Date: .*$", "Create Date: 2024-01-01 00:00:00", Path(path).read_text(encoding="utf-8")
        )
        for path in written
    }


def test_golden_modules(modules: dict[str, str]) -> None:
    """Set ``UPDATE_GOLDEN=1`` to write the modules anew, then read the difference."""
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        for name, text in modules.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.py")} == modules


def test_revisions_import_only_alembic_sqlalchemy_and_the_standard_library(modules: dict[str, str]) -> None:
    allowed = {"alembic", "sqlalchemy", *sys.stdlib_module_names}
    for text in modules.values():
        imported = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add(str(node.module).partition(".")[0])
        assert {"alembic", "sqlalchemy"} <= imported <= allowed


def test_every_name_is_imported(modules: dict[str, str]) -> None:
    for text in modules.values():
        tree = ast.parse(text)
        known = set(dir(builtins))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                known |= {alias.asname or alias.name for alias in node.names}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        assert used <= known


def test_docstrings_say_what_was_meant(modules: dict[str, str]) -> None:
    first = ast.get_docstring(ast.parse(modules["0001.py"]))
    assert first is not None
    assert first.startswith(
        'Accounts "and" C:\\new """more""" "\n\nSection 5.3 of docs/the "spec".md, lines 10 to 40.\n'
    )


@pytest.mark.parametrize(
    ("facts", "imports"),
    [
        pytest.param([table("t", column("a", "integer"))], "", id="neither"),
        pytest.param([table("t", column("a", "jsonb"))], "from sqlalchemy.dialects import postgresql", id="a type"),
        pytest.param([TOUCH], "from textwrap import dedent", id="several lines"),
        pytest.param(
            [TOUCH, table("t", column("a", "uuid[]"))],
            "from textwrap import dedent\nfrom sqlalchemy.dialects import postgresql",
            id="both",
        ),
    ],
)
def test_only_what_is_used_is_imported(facts: list[Fact], imports: str) -> None:
    assert one(*facts).imports == imports


def test_a_downgrade_in_several_lines_imports_what_it_needs() -> None:
    step = Step(APP.key, (Execute("SELECT 1"),), (Execute("SELECT 1,\n    2"),))
    text = render_revision(PlannedRevision("5.3", "Accounts", Phase.EXPAND, (step,)), catalog_of([APP]), ACCOUNT)
    assert "dedent" in text.downgrade
    assert text.imports == "from textwrap import dedent"


def test_roles_stay_and_the_downgrade_says_why() -> None:
    other = Role(key=Key(Kind.ROLE, "", "report"))
    text = one(APP, other)
    assert "DROP ROLE" not in text.downgrade
    assert "# Kept: app, report; roles are shared by all databases of the server." in text.downgrade


def test_time_outs_come_first_in_both_directions() -> None:
    text = one(table("t", column("a", "integer")), account=Account("spec.md", lock_timeout="7s"))
    lines = [line.strip() for line in text.downgrade.splitlines()]
    assert lines[:2] == [
        "op.execute(\"SET LOCAL lock_timeout = '7s'\")",
        "op.execute(\"SET LOCAL statement_timeout = '30s'\")",
    ]
    statements = [line.strip() for line in text.upgrade.splitlines() if line and not line.lstrip().startswith("#")]
    assert statements[:2] == lines[:2]


def test_a_foreign_key_by_itself_says_why_unless_it_is_not_valid() -> None:
    loop: list[Fact] = [
        table("a", column("id", "integer"), column("b", "integer", null=True)),
        table("b", column("id", "integer"), column("a", "integer", null=True)),
        foreign("a", "b", "b"),
        foreign("b", "a", "a"),
    ]
    assert one(*loop).upgrade.count("because the tables need each other") == 1
    loose = replace(foreign("a", "b", "b", validated=False), definition="FOREIGN KEY (b) REFERENCES b(id) NOT VALID")
    assert "because" not in one(*loop[:2], loose).upgrade


def test_contents_are_counted_in_words() -> None:
    facts: list[Fact] = [
        table("a", column("id", "integer"), row_security=True),
        index("a", "one", "id"),
        index("a", "two", "id"),
        policy("a", "mine"),
        policy("a", "yours"),
        grant("a", "app", "SELECT"),
    ]
    assert one(*facts).docstring.endswith("Makes 1 table, 2 indexes, 2 policies.")
    later = list(texts({"5.3": facts[:1], "5.4": [grant("a", "app", "SELECT")]}))[1]
    assert later.docstring.endswith("Makes constraints and privileges.")


def test_a_comment_of_several_lines_stays_a_comment() -> None:
    users = table("users", column("id", "integer"))
    account = replace(ACCOUNT, places={users.key: Place(3, "Two lines.\nop.execute('no')")})
    text = one(users, account=account)
    calls = [node for node in ast.walk(ast.parse(module_of(text))) if isinstance(node, ast.Call)]
    assert "no" not in {getattr(node.args[0], "value", "") for node in calls if node.args}


def test_the_name_of_a_kept_role_stays_a_comment() -> None:
    text = one(Role(key=Key(Kind.ROLE, "", "line\nbreak")))
    ast.parse(f"def downgrade():\n    {text.downgrade}\n")
