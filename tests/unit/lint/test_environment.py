"""What env.py and the configuration say: Alembic's own templates, ours, and what people make of them."""

from __future__ import annotations

from pathlib import Path

import alembic
import pytest

from alembic_vibe.config import load_project
from alembic_vibe.lint.environment import parse_environment, read_environment
from alembic_vibe.lint.model import Environment
from alembic_vibe.source import Source
from tests.unit.lint.revision_files import at

THEIRS = Path(alembic.__file__).parent / "templates"
OURS = Path(__file__).parents[3] / "alembic_templates"

GENERIC = (THEIRS / "generic" / "env.py").read_text(encoding="utf-8")
CREATE = "engine = create_engine(config.get_main_option('sqlalchemy.url'))\n"


def told(text: str, **options: str) -> Environment:
    found = parse_environment(Source("env.py", text), options)
    assert found.syntax_error is None
    return found


@pytest.mark.parametrize("name", ["generic", "async", "multidb", "pyproject", "pyproject_async"])
def test_templates_of_alembic_run_all_in_one_transaction(name: str) -> None:
    found = told((THEIRS / name / "env.py").read_text(encoding="utf-8"))
    assert found.transaction_per_migration is False
    assert found.source is not None
    assert found.transaction_place is not None
    place = at(found.transaction_place, found.source)
    assert place.startswith("context.configure(")
    assert "connection=" in place
    assert (found.lock_timeout, found.statement_timeout) == ("", "")


@pytest.mark.parametrize("name", ["vibe", "vibe_async"])
def test_our_templates(name: str) -> None:
    text = (OURS / name / "env.py").read_text(encoding="utf-8")
    found = told(text)
    assert (found.transaction_per_migration, found.lock_timeout, found.statement_timeout) == (True, "5s", "1h")
    found = told(text, lock_timeout="0", statement_timeout="0")
    assert (found.lock_timeout, found.statement_timeout) == ("", "")
    found = told(text, lock_timeout="4s", statement_timeout="10min")
    assert (found.lock_timeout, found.statement_timeout) == ("4s", "10min")


# --- transaction_per_migration ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("context.configure(connection=c, transaction_per_migration=True)", True),
        ("context.configure(connection=c, transaction_per_migration=False)", False),
        ("context.configure(connection=c)", False),
        ("context.configure(c, None)", False),
        ("alembic.context.configure(connection=c)", False),
        ("from alembic import context as alembic_context\nalembic_context.configure(connection=c)", False),
        ("context.configure(connection=c, **{'transaction_per_migration': True})", True),
        ("options = {'transaction_per_migration': True}\ncontext.configure(connection=c, **options)", True),
        ("options = dict(transaction_per_migration=True)\ncontext.configure(connection=c, **options)", True),
        ("options = {'compare_type': True}\ncontext.configure(connection=c, **options)", False),
        ("a = {'transaction_per_migration': True}\nb = {**a}\ncontext.configure(**b, connection=c)", True),
        ("options = {'connection': c}\ncontext.configure(**options)", False),
        ("EACH = True\ncontext.configure(connection=c, transaction_per_migration=EACH)", True),
        ("options = {}\noptions['transaction_per_migration'] = True\ncontext.configure(c, **options)", True),
        ("a = {'transaction_per_migration': True}\nb = {}\nb.update(a)\ncontext.configure(c, **b)", True),
        ("a = {'transaction_per_migration': True}\nb = a.copy()\ncontext.configure(c, **b)", True),
        ("a = dict(x=1)\na.update(transaction_per_migration=True)\ncontext.configure(c, **a)", True),
        ("def f():\n  a={'url': u}\n  context.configure(**a)\ndef g():\n  a = {}\n  context.configure(c, **a)", False),
        ("a = {'transaction_per_migration': True}\ndef g():\n    a = {}\n    context.configure(c, **a)", False),
        ("context.configure(url=u, transaction_per_migration=True)\ncontext.configure(connection=c)", False),
        ("context.configure(url=u)\ncontext.configure(connection=c, transaction_per_migration=True)", True),
        ("context.configure(connection=c, transaction_per_migration=True)\ncontext.configure(connection=d)", False),
        # what reading cannot tell
        ("context.configure(connection=c, **options())", None),
        ("options = {key: 1}\ncontext.configure(connection=c, **options)", None),
        ("a = {}\nif x:\n    a['transaction_per_migration'] = True\ncontext.configure(c, **a)", None),
        ("a = {}\nif x:\n    a.update(transaction_per_migration=True)\ncontext.configure(c, **a)", None),
        ("a = {}\na.update(more())\ncontext.configure(c, **a)", None),
        ("a = {'transaction_per_migration': True}\na.pop('x')\ncontext.configure(c, **a)", True),
        ("a = {}\na[key()] = 1\ncontext.configure(c, **a)", None),
        ("x = {}\nx = y\ncontext.configure(connection=c, **x)", None),
        ("context.configure(connection=c, transaction_per_migration=settings.each)", None),
        ("context.configure(connection=c, transactional_ddl=False)", None),
        ("context.configure(**options())", None),
        ("context.configure(url=u)", None),
        ("from app.migrations import run\nrun(context)", None),
        ("structlog.configure(processors=[])", None),
    ],
)
def test_transaction_per_migration(text: str, expected: bool | None) -> None:
    found = told(text)
    assert found.transaction_per_migration is expected
    assert (found.transaction_place is not None) == (expected is not None)


def test_the_first_call_that_leaves_it_out_is_the_place() -> None:
    found = told("context.configure(url=u)\n\ncontext.configure(connection=c)\ncontext.configure(connection=d)\n")
    assert found.transaction_place is not None
    assert found.transaction_place.line == 3


# --- time-outs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "connection.execute(text(\"SET lock_timeout = '4s'\"))",
        "connection.exec_driver_sql('set session lock_timeout to 4000')",
        "cursor.execute(\"SELECT set_config('lock_timeout', '4s', false)\")",
        "create_engine(url, connect_args={'options': '-c statement_timeout=9s -c lock_timeout=4s'})",
        "create_engine(url, connect_args={'options': '-clock_timeout=4s'})",
        "create_async_engine(url, connect_args={'server_settings': {'lock_timeout': '4s'}})",
        "create_async_engine(url, connect_args=dict(server_settings=dict(lock_timeout='4s')))",
        "create_engine('postgresql://u@h/d?options=-c%20lock_timeout%3D4s')",
        "T = '4s'\nconnection.execute(text(f\"SET lock_timeout = '{T}'\"))",
        "T = 4000\nconnection.execute(text(f'SET lock_timeout = {T}'))",
        "connection.execute(text(f\"SET lock_timeout = '{config.get_main_option('patience', '4s')}'\"))",
        "t = config.get_main_option('lock_timeout') or '4s'\nconnection.execute(text(f'SET lock_timeout = {t}'))",
        "t = os.environ.get('LOCK_TIMEOUT', '4s')\nconnection.execute(text(f'SET lock_timeout = {t}'))",
        "@event.listens_for(engine, 'connect')\ndef limit(c, _):\n    c.cursor().execute('SET lock_timeout = 4000')",
    ],
)
def test_a_lock_timeout_in_env_py(text: str) -> None:
    assert told(CREATE + text).lock_timeout in ("4s", "4000")


@pytest.mark.parametrize(
    "text",
    [
        "connection.execute(text(f\"SET lock_timeout = '{settings.patience}'\"))",
        "connection.execute(text(\"SET lock_timeout = '%s'\" % settings.patience))",
        'connection.execute(text("SET lock_timeout = \'" + patience + "\'"))',
        "create_engine(url, connect_args={'server_settings': {'lock_timeout': patience()}})",
        "t = os.environ['LOCK_TIMEOUT']\nconnection.execute(text(f'SET lock_timeout = {t}'))",
        "set_lock_timeout = helpers.set_lock_timeout\n",
        "from app.db import with_lock_timeout",
        "for name in ('lock_timeout',):\n    set_it(name)",
        "log.info('no lock_timeout is set here')",
    ],
)
def test_a_lock_timeout_that_cannot_be_told(text: str) -> None:
    assert told(CREATE + text).lock_timeout is None


@pytest.mark.parametrize(
    "text",
    [
        "# SET lock_timeout = '4s'\n",
        '"""Without a lock_timeout."""\n',
        "connection.execute(text('SET lock_timeout = 0'))",
        "connection.execute(text('SET lock_timeout TO DEFAULT'))",
        "connection.execute(text(\"SET statement_timeout = '4s'\"))",
        "connection.execute(text(\"SET deadlock_timeout = '4s'\"))",
        "config.get_main_option('lock_timeout')",
    ],
)
def test_certainly_no_lock_timeout(text: str) -> None:
    assert told(text + "\n" + CREATE).lock_timeout == ""


def test_a_time_out_that_is_set_counts_more_than_one_that_is_given_back() -> None:
    text = "c.execute(text('SET lock_timeout = 0'))\nc.execute(text(\"SET lock_timeout = '4s'\"))\n"
    assert told(CREATE + text).lock_timeout == "4s"


@pytest.mark.parametrize(
    "text",
    [
        "from app.db import engine\nwith engine.connect() as connection: pass",
        "from .db import engine\nconnectable = engine\nwith connectable.connect() as connection: pass",
        "from app.db import make_engine\nconnectable = make_engine()",
        "connectable = config.attributes['connection']",
        "from app.db import options\nengine = create_engine(url, **options)",
        "from app.db import args\nengine = create_engine(url, connect_args=args)",
        "from app import db\nargs = {'options': db.OPTIONS}\nengine = create_engine(url, connect_args=args)",
        "import psycopg\nengine = create_engine('postgresql://', creator=psycopg.connect)",
    ],
)
def test_an_engine_from_elsewhere_may_set_anything(text: str) -> None:
    found = told(text)
    assert (found.lock_timeout, found.statement_timeout) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "from app.models import Base\nengine = engine_from_config(section, prefix='sqlalchemy.', poolclass=NullPool)",
        "from app.settings import settings\nengine = create_engine(settings.database_url)",
    ],
)
def test_models_and_addresses_from_elsewhere_set_nothing(text: str) -> None:
    assert told(text).lock_timeout == ""


def test_a_time_out_in_the_url_of_the_configuration() -> None:
    url = "postgresql://u@h/d?options=-c%20lock_timeout%3D4s%20-c%20statement_timeout%3D0"
    found = told(GENERIC, **{"sqlalchemy.url": url})
    assert (found.lock_timeout, found.statement_timeout) == ("4s", "")
    assert told(CREATE.replace("'sqlalchemy.url'", "'other'"), **{"sqlalchemy.url": url}).lock_timeout == ""


# --- from a project's files -------------------------------------------------------------------------------------------


def project(root: Path, env: bytes | None, ini: str = "", pyproject: str | None = None) -> Environment:
    (root / ".git").mkdir()
    (root / "migrations").mkdir()
    (root / "alembic.ini").write_text(f"[alembic]\nscript_location = migrations\n{ini}", encoding="utf-8")
    if pyproject is not None:
        (root / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    if env is not None:
        (root / "migrations" / "env.py").write_bytes(env)
    return read_environment(load_project(None, root))


def test_the_ini_is_read_without_its_interpolation(tmp_path: Path) -> None:
    ini = "sqlalchemy.url = postgresql://u@h/d?options=-c%%20lock_timeout=4s\nfile_template = %%(rev)s_%(here)s\n"
    found = project(tmp_path, GENERIC.encode(), ini)
    assert found.lock_timeout == "4s"
    assert found.source is not None
    assert found.source.path == "migrations/env.py"


def test_the_pyproject_is_read_and_the_ini_counts_more(tmp_path: Path) -> None:
    env = (OURS / "vibe" / "env.py").read_bytes()
    found = project(
        tmp_path,
        env,
        "lock_timeout = 4s\n",
        '[tool.alembic]\nlock_timeout = "9s"\nstatement_timeout = "8s"\nversion_locations = ["%(here)s/v"]\n',
    )
    assert (found.lock_timeout, found.statement_timeout) == ("4s", "8s")


def test_without_an_env_py_nothing_is_told(tmp_path: Path) -> None:
    assert project(tmp_path, None) == Environment()


@pytest.mark.parametrize("env", [b"def run(:\n", b"x = '\xff'\n", b"x = 1\0\n", b"(" * 400])
def test_an_env_py_that_cannot_be_read(tmp_path: Path, env: bytes) -> None:
    found = project(tmp_path, env)
    assert found.source is not None
    assert found.syntax_error is not None
    assert found.transaction_per_migration is None
    assert found.lock_timeout is None
    at(found.syntax_error.place, found.source)


def test_the_sample_project() -> None:
    found = read_environment(load_project(None, Path(__file__).parents[3] / "sample_project"))
    assert (found.transaction_per_migration, found.lock_timeout) == (True, "5s")
