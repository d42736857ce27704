"""Why a project's chain cannot be run on the scratch server, and what can be done."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity

WAYS_OUT = (
    "Or let generate and plan start from what is there already: `--database-url URL` of a staging copy that is at the "
    "head (it is read, never written), or a vibe_snapshot.json of an earlier run."
)

REPLAY = Rule(
    code="AV801",
    slug="chain-not-replayable",
    severity=Severity.ERROR,
    summary="Alembic failed while running the project's revisions on the scratch database.",
    why="The current state of the database is what the chain of revisions makes of an empty one; without it nothing "
    "can be compared or proven.",
    fix="Run `alembic upgrade head` on an empty database yourself; the first revision that fails there must be mended.",
    bad="def upgrade() -> None:\n    op.add_column('users', sa.Column('age', sa.Integer()))  # no revision makes users",
    good="def upgrade() -> None:\n    op.create_table('users', sa.Column('id', sa.Uuid(), primary_key=True))",
)
OTHER_DATABASE = Rule(
    code="AV802",
    slug="environment-wants-another-database",
    severity=Severity.ERROR,
    summary="env.py connects to a database that is not PostgreSQL, or by a driver that cannot be led.",
    why="Each connection that env.py opens is led to the scratch database, so that nothing of yours is touched. That "
    "can be done for PostgreSQL with psycopg, psycopg2, asyncpg and pg8000; anything else is refused.",
    fix="Give the project a PostgreSQL URL for this run, by the variable or setting that env.py reads. Which one does "
    "not matter: the scratch database is used in its place.",
    bad="$ alembic-vibe generate  # settings.py: os.environ.get('SHOP_DB', 'sqlite:///shop.db')",
    good="$ SHOP_DB=postgresql://scratch alembic-vibe generate",
)
DRIVER = Rule(
    code="AV803",
    slug="database-driver-missing",
    severity=Severity.ERROR,
    summary="The driver that env.py's URL names is not installed beside alembic-vibe.",
    why="env.py runs as it is, in the environment that alembic-vibe is installed in.",
    fix="Install alembic-vibe in the project's own environment, or the driver in this one.",
    bad="$ pipx install alembic-vibe  # env.py wants postgresql+asyncpg://",
    good="$ pip install alembic-vibe asyncpg",
)
IMPORTS = Rule(
    code="AV804",
    slug="environment-import-fails",
    severity=Severity.ERROR,
    summary="env.py or a revision imports something that is not there.",
    why="The chain runs as Alembic runs it: what it imports must be installed, and be found by `prepend_sys_path`.",
    fix="Install alembic-vibe in the project's own environment; for modules of the project itself, say "
    "`prepend_sys_path = .` in the configuration, as `alembic upgrade` needs it too.",
    bad="from shop.models import Base  # ModuleNotFoundError: No module named 'shop'",
    good="[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = %(here)s",
)
VARIABLE = Rule(
    code="AV805",
    slug="environment-setting-missing",
    severity=Severity.ERROR,
    summary="The project's settings want a variable of the environment that is not set, or refuse a value.",
    why="env.py reads the project's settings as `alembic upgrade` would. The values matter to the project only: every "
    "database connection goes to the scratch database, whatever they say.",
    fix="Set it for this run; for a database URL any PostgreSQL URL does.",
    bad="$ alembic-vibe generate  # settings.py: os.environ['SHOP_DB']",
    good="$ SHOP_DB=postgresql://scratch alembic-vibe generate",
)
SIGNATURE = Rule(
    code="AV806",
    slug="upgrade-takes-arguments",
    severity=Severity.ERROR,
    summary="upgrade() or downgrade() of a revision takes arguments that nobody gives, or is not there.",
    why="Alembic calls upgrade() without arguments unless env.py gives some, as its template for many databases does "
    "with upgrade(engine_name). One scratch database cannot stand for several.",
    fix="Name the section of one database with the setting `section`, if each has its own scripts.",
    bad="def upgrade(engine_name):\n    globals()[f'upgrade_{engine_name}']()",
    good="def upgrade() -> None:\n    op.create_table('users', sa.Column('id', sa.Uuid(), primary_key=True))",
)
NOT_FROM_EMPTY = Rule(
    code="AV807",
    slug="chain-does-not-start-from-empty",
    severity=Severity.ERROR,
    summary="A revision needs an object that no revision before it has made.",
    why="The chain was begun on a database that had tables already, or something was made beside it: `upgrade head` on "
    "an empty database does not give what is in production.",
    fix="Add a first revision that makes what was there before the chain began (`alembic stamp` it where it exists).",
    bad="def upgrade() -> None:  # the first revision\n    op.add_column('users', sa.Column('age', sa.Integer()))",
    good="def upgrade() -> None:  # the first revision\n"
    "    op.execute(Path(__file__).with_name('baseline.sql').read_text())",
)
EXTENSION = Rule(
    code="AV808",
    slug="extension-not-on-scratch-server",
    severity=Severity.ERROR,
    summary="A revision needs an extension that the scratch server does not have.",
    why="The embedded PostgreSQL has the extensions of PostgreSQL itself (contrib), and no others.",
    fix="Use a server that has it: `--scratch-url URL`.",
    bad="def upgrade() -> None:\n    op.execute('CREATE EXTENSION timescaledb')",
    good="$ alembic-vibe generate --scratch-url postgresql://postgres@localhost:5433/postgres",
)
DATA = Rule(
    code="AV809",
    slug="revision-needs-rows",
    severity=Severity.ERROR,
    summary="A revision fails on an empty database because it expects rows.",
    why="It reads rows that production had when it ran. A new installation, and every test, starts without them.",
    fix="Let the revision do nothing where there is nothing to do.",
    bad="admin = op.get_bind().execute(sa.text(\"SELECT id FROM users WHERE name = 'admin'\")).scalar_one()",
    good="admin = op.get_bind().execute(sa.text(\"SELECT id FROM users WHERE name = 'admin'\")).scalar()\n"
    "if admin is not None: ...",
)
RUNS = Rule(
    code="AV810",
    slug="environment-runs-otherwise",
    severity=Severity.ERROR,
    summary="env.py does not run the revisions once, on one database.",
    why="Some environments run the chain on several databases, or once for each schema of a tenant; some run nothing "
    "unless they are asked to. What the chain makes can be read from one run on one empty database only.",
    fix="Name the section of one database with the setting `section`, or let env.py run once where it is asked to.",
    bad="for name in config.get_main_option('databases').split(','):\n    context.run_migrations(engine_name=name)",
    good="with context.begin_transaction():\n    context.run_migrations()",
)
TEMPLATE = Rule(
    code="AV812",
    slug="revision-template-unusable",
    severity=Severity.ERROR,
    summary="The project's script.py.mako does not give a revision that can be run.",
    why="New revisions are written through the project's own template; it must have a place for upgrades and "
    "downgrades, as the templates that come with Alembic do.",
    fix='Give the template `${upgrades if upgrades else "pass"}` in upgrade() and the same for downgrades.',
    bad="def upgrade():\n    pass",
    good='def upgrade():\n    ${upgrades if upgrades else "pass"}',
)
RULES = (
    REPLAY, OTHER_DATABASE, DRIVER, IMPORTS, VARIABLE, SIGNATURE, NOT_FROM_EMPTY, EXTENSION, DATA, RUNS, TEMPLATE,
)  # fmt: skip
