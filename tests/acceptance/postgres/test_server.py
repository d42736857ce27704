from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres.binaries import choose
from alembic_vibe.postgres.server import ScratchServer, scratch_server

pytestmark = pytest.mark.server


def named_bin_dir() -> Path | None:
    named = os.environ.get("ALEMBIC_VIBE_TEST_PG_BIN")
    return Path(named) if named else None


def test_it_says_what_it_is(server: ScratchServer) -> None:
    assert server.is_private
    assert server.version_num >= 150000
    assert server.version.split(".")[0] == str(server.version_num // 10000)
    assert {"plpgsql", "citext", "pg_trgm"} <= server.available_extensions


def test_all_three_urls_lead_to_the_database(server: ScratchServer, database: str) -> None:
    with psycopg.connect(server.url(database)) as connection:
        assert connection.info.dbname == database
    for url in (server.sqlalchemy_url(database), server.ini_url(database).replace("%%", "%")):
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection_:
            assert connection_.execute(sqlalchemy.text("SELECT current_database()")).scalar() == database
        engine.dispose()
    assert "%" not in server.sqlalchemy_url(database)


def test_databases_are_copies_of_their_template(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS n")
    copy = server.create_database(template=database)
    connection = server.connect(copy)
    assert connection.execute("SELECT n FROM t").fetchone() == (42,)
    server.drop_database(copy)  # also while somebody is connected
    connection.close()
    with pytest.raises(psycopg.OperationalError):
        server.connect(copy)


def test_nothing_remains_after_an_exception() -> None:
    context = scratch_server(bin_dir=named_bin_dir())
    directory = Path(context.__enter__().parameters["host"])
    assert directory.stat().st_mode & 0o777 == 0o700
    assert (directory / ".s.PGSQL.5432").exists()
    failure = RuntimeError()
    assert not context.__exit__(RuntimeError, failure, None)  # it goes on to the caller
    assert not directory.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_server_ends_with_its_parent(how: signal.Signals) -> None:
    script = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from alembic_vibe.postgres.server import scratch_server
        with scratch_server(bin_dir=Path(sys.argv[1]) if sys.argv[1] else None) as server:
            host = server.parameters["host"]
            print(host, Path(host, "data", "postmaster.pid").read_text().split()[0], flush=True)
            time.sleep(60)
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(named_bin_dir() or "")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    directory, pid = child.stdout.readline().split()
    os.kill(int(pid), 0)
    child.send_signal(how)
    child.wait()
    child.stdout.close()
    deadline = time.monotonic() + 15
    while Path(directory).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(directory).exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="runs as root only")
def test_as_root_the_server_runs_as_somebody_else(server: ScratchServer) -> None:
    host = Path(server.parameters["host"])
    assert host.stat().st_uid != 0
    pid = (host / "data" / "postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{pid}").stat().st_uid != 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="runs as root only")
def test_as_root_programs_in_a_private_directory_are_copied(tmp_path: Path) -> None:
    original = choose(bin_dir=named_bin_dir())
    root = original.bin_dir.resolve().parent
    if not original.share_dir.resolve().is_relative_to(root):
        pytest.skip("this installation is spread over the system")
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", str(root.parent), str(private)], check=True)
    libraries = root.parent.with_name(root.parent.name + ".libs")
    if libraries.is_dir():
        subprocess.run(["cp", "-a", str(libraries), str(private)], check=True)
    with scratch_server(bin_dir=private / root.parent.name / root.name / "bin") as running:
        assert running.bin_dir is not None
        assert not running.bin_dir.is_relative_to(private)
        assert "citext" in running.available_extensions
        with running.connect(running.create_database()) as connection:
            connection.execute("CREATE EXTENSION citext")
    assert private.stat().st_mode & 0o777 == 0o700


def test_an_unusable_cache_costs_only_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with scratch_server(bin_dir=named_bin_dir()) as running:
        assert running.version_num


def lent_url(server: ScratchServer, user: str = "postgres") -> str:
    return f"postgresql+psycopg://{user}:se%40cret@/postgres?host={server.parameters['host']}"


def test_a_lent_server_is_left_as_it_was(server: ScratchServer) -> None:
    with server.connect("postgres", autocommit=True) as admin:
        admin.execute("CREATE ROLE was_there")
        before = admin.execute("SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles").fetchall()
        with scratch_server(lent_url(server)) as lent:
            assert not lent.is_private
            name = lent.create_database("shop")
            assert name.startswith("vibe_scratch_")
            with lent.connect(name, autocommit=True) as connection:
                connection.execute("CREATE ROLE made_here; CREATE TABLE t (); GRANT SELECT ON t TO made_here")
            lent.forget_roles(["made_here", "was_there"])
            assert "%%" in lent.ini_url(name)
        after = admin.execute("SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles").fetchall()
        admin.execute("DROP ROLE was_there")
    assert sorted(before) == sorted(after)


@pytest.mark.parametrize(
    ("attributes", "code"), [("LOGIN", "AV507"), ("LOGIN CREATEDB", "AV507"), ("NOLOGIN", "AV506")]
)
def test_a_lent_role_must_be_allowed_to(server: ScratchServer, attributes: str, code: str) -> None:
    with server.connect("postgres", autocommit=True) as admin:
        admin.execute(f"CREATE ROLE too_weak {attributes}".encode())
        try:
            with pytest.raises(EnvironmentFailureError) as caught, scratch_server(lent_url(server, "too_weak")):
                pass
        finally:
            admin.execute("DROP ROLE too_weak")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert "se@cret" not in str(diagnostic)
    assert "se%40cret" not in str(diagnostic)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://root:geheim@localhost/x", "AV505"),
        ("postgresql://root:geheim@localhost/x?nonsense=1", "AV505"),
        ("postgresql://root:geheim@127.0.0.1:1/x", "AV506"),
        ("postgresql://root:geheim@/x?host=/nonexistent", "AV506"),
    ],
)
def test_a_server_that_cannot_be_reached(url: str, code: str) -> None:
    with pytest.raises(EnvironmentFailureError) as caught, scratch_server(url):
        pass
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.help
    assert "geheim" not in repr(diagnostic)


def test_stand_ins_answer_or_say_why_not(server: ScratchServer, database: str) -> None:
    if "pgcrypto" not in server.stubbed_extensions:
        pytest.skip("this server has the real extensions, or is too old for stand-ins")
    with server.connect(database, autocommit=True) as connection:
        connection.execute('CREATE SCHEMA x; CREATE EXTENSION pgcrypto WITH SCHEMA x; CREATE EXTENSION "uuid-ossp"')
        row = connection.execute("""
            SELECT encode(x.hmac('data', 'key', 'sha256'), 'hex'), encode(x.digest('abc', 'md5'), 'hex'),
                   length(x.gen_random_bytes(40)), uuid_generate_v3(uuid_ns_dns(), 'www.example.com')::text,
                   encode(x.hmac(repeat('d', 200), repeat('k', 200), 'sha512'), 'hex')
        """).fetchone()
        assert row is not None
        import hashlib
        import hmac
        import uuid

        assert row[:4] == (
            hmac.digest(b"key", b"data", "sha256").hex(),
            hashlib.md5(b"abc").hexdigest(),
            40,
            str(uuid.uuid3(uuid.NAMESPACE_DNS, "www.example.com")),
        )
        assert row[4] == hmac.digest(b"k" * 200, b"d" * 200, "sha512").hex()
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="stand-in for pgcrypto"):
            connection.execute("SELECT x.crypt('secret', 'salt')")


def test_stand_ins_have_the_signatures_of_the_real_extensions(server: ScratchServer, database: str) -> None:
    local = Path("/usr/lib/postgresql/15/bin")
    if "pgcrypto" not in server.stubbed_extensions or not local.is_dir():
        pytest.skip("needs the stand-ins and a server with the real extensions")
    query = """
        SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), p.proisstrict
          FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    """
    command = 'CREATE EXTENSION pgcrypto; CREATE EXTENSION "uuid-ossp"'
    with server.connect(database) as connection:
        connection.execute(command)
        stand_ins = set(connection.execute(query).fetchall())
    with scratch_server(bin_dir=local) as real, real.connect(real.create_database()) as connection:
        connection.execute(command)
        originals = set(connection.execute(query).fetchall())
    assert originals == stand_ins


def test_a_private_server_starts_when_it_is_needed() -> None:
    with scratch_server(bin_dir=named_bin_dir()) as server:
        assert server._known is None
        expected = server.version, server.version_num, server.identity
        assert server.existing_roles()
        assert server._known is not None
        assert (server.version, server.version_num, server.identity) == expected
