"""Scratch servers: a private PostgreSQL for the length of a run, or a server that the user lends (``--scratch-url``).

The two look alike to the rest of the program. This module and its neighbours are the only ones that open connections.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import binaries as pg_binaries
from alembic_vibe.postgres import failures, lifecycle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import psycopg

_PREFIX = "vibe_scratch_"
_MINIMUM_VERSION = pg_binaries.MINIMUM_MAJOR * 10000


@dataclass(frozen=True)
class _Running:
    """What is known of a server once it runs."""

    parameters: Mapping[str, str] = field(repr=False)  # libpq's, without dbname
    stubbed_extensions: frozenset[str] = frozenset()
    bin_dir: Path | None = None  # programs such as pg_dump, of a private server


class ScratchServer:
    """A server on which databases may be made and thrown away.

    A private one is started when it is first needed: a run that finds all it wants in the cache needs none.
    """

    def __init__(
        self,
        *,
        parameters: Mapping[str, str] | None = None,
        maintenance_database: str = "postgres",
        is_private: bool = False,
        version: str = "",
        place: str = "",
        start: Callable[[], _Running] | None = None,
    ) -> None:
        """Describe a server; ``scratch_server`` makes them.

        Args:
            parameters: How libpq connects to it, if it runs already.
            maintenance_database: Where databases are made from.
            is_private: It is ours alone, as opposed to the user's.
            version: Such as "18.6", as far as it is known before the server runs.
            place: Where it is started from.
            start: What starts it, once; for a server that does not run yet.
        """
        self.maintenance_database = maintenance_database
        self.is_private = is_private
        self.version = version
        self.version_num = _version_number(version)  # such as 180006
        self._place = place
        self._start = start
        self._known = _Running(parameters) if parameters is not None else None
        self._available: frozenset[str] = frozenset()
        self._admin: psycopg.Connection[Any] | None = None
        self._databases: set[str] = set()
        self._is_template_warm = False
        self._roles_before: frozenset[str] = frozenset()
        self._roles_made: set[str] = set()

    @property
    def _running(self) -> _Running:
        if self._known is None:
            assert self._start is not None
            self._known = self._start()
            self._open()
        return self._known

    @property
    def parameters(self) -> Mapping[str, str]:
        """How libpq connects to it, without the database."""
        return self._running.parameters

    @property
    def bin_dir(self) -> Path | None:
        """The directory of its programs, such as pg_dump; of a private server only."""
        return self._running.bin_dir

    @property
    def stubbed_extensions(self) -> frozenset[str]:
        """The extensions that it has a stand-in for."""
        return self._running.stubbed_extensions

    @property
    def available_extensions(self) -> frozenset[str]:
        """The extensions that may be created on it."""
        assert self._running
        return self._available

    @property
    def identity(self) -> str:
        """What tells servers apart that may print or know different things; a private one is not started for it."""
        if self.is_private:
            return f"private {self.version} {self._place}"
        return f"lent {self._shown} {self.version} {sorted(self._available)}"

    def url(self, database: str) -> str:
        """A ``postgresql://`` URL that libpq's programs and psycopg understand. May hold a password."""
        return _url("postgresql", self.parameters, database)

    def sqlalchemy_url(self, database: str) -> str:
        """A URL for ``sqlalchemy.create_engine``. May hold a password.

        That of a private server holds no ``%``, so it may stand in an ini file as it is; others see ``ini_url``.
        """
        return _url("postgresql+psycopg", self.parameters, database)

    def ini_url(self, database: str) -> str:
        """The same, as a value of ``alembic.ini`` or ``Config.set_main_option``, where ``%`` must be doubled."""
        return self.sqlalchemy_url(database).replace("%", "%%")

    def connect(self, database: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """Open a connection to a database of the server.

        Raises:
            psycopg.OperationalError: There is no such database, or the server is gone.
        """
        import psycopg

        return psycopg.connect(**_connect_arguments(self.parameters, database), autocommit=autocommit)

    def create_database(self, name: str | None = None, template: str | None = None) -> str:
        """Make a database and return its name; on a lent server the name gets a prefix of ours.

        Args:
            name: What to call it; made up by default.
            template: A database to copy, to which nobody may be connected; the default is an empty one.

        Raises:
            EnvironmentFailureError: The role may not make databases.
        """
        import psycopg
        from psycopg import sql

        if name is None:
            name = _PREFIX + secrets.token_hex(6)
        elif not self.is_private:
            name = f"{_PREFIX}{secrets.token_hex(4)}_{name}"[:63]
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or self._empty())
        )
        if self.is_private:  # faster than the write-ahead log where nothing is synced; wants a checkpoint elsewhere
            command += sql.SQL(" STRATEGY file_copy")
        try:
            self._execute(command)
        except psycopg.errors.InsufficientPrivilege as error:
            raise EnvironmentFailureError(
                failures.no_permission(self._shown, "create a database", error.diag.message_primary or "")
            ) from error
        self._databases.add(name)
        return name

    def _empty(self) -> str:
        """Return the database that is copied for an empty one.

        The first session in a database collects what all later ones read from its ``pg_internal.init``, and a copy has
        that file as well. Measured: 15 ms of 90 until the catalog is read. Nobody may connect to ``template0``, and
        ``template1`` is empty for certain on a server of our own only.
        """
        if not self.is_private:
            return "template0"
        if not self._is_template_warm:
            self.connect("template1").close()
            self._is_template_warm = True
        return "template1"

    def drop_database(self, name: str) -> None:
        """Remove a database that was made by ``create_database``, and the sessions in it; ignores other names."""
        from psycopg import sql

        if name in self._databases:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            self._databases.discard(name)

    def forget_roles(self, names: Iterable[str]) -> None:
        """Say which roles the run has made: roles outlive databases, and a lent server must be left as it was.

        Roles that were there before the run are never dropped.
        """
        self._roles_made.update(set(names) - self._roles_before)

    def existing_roles(self) -> frozenset[str]:
        """The roles that the server has now."""
        rows = self._execute("SELECT rolname FROM pg_catalog.pg_roles").fetchall()
        return frozenset(row[0] for row in rows)

    def is_own_role(self, name: str) -> bool:
        """Whether a role was made since the server was opened: then it is the run's to change and to drop."""
        return name not in self._roles_before

    def reset_roles(self) -> None:
        """Drop the roles that the run has made, once nothing refers to them (their databases are dropped first)."""
        import psycopg
        from psycopg import sql

        left = set(self._roles_made)
        # A role may be held back by another that is still there; each round frees at least one, or we give up.
        while left:
            dropped = set()
            for name in sorted(left):
                with contextlib.suppress(psycopg.Error):
                    self._execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
                    dropped.add(name)
            if not dropped:
                break
            left -= dropped
        self._roles_made = left

    @property
    def _shown(self) -> str:
        """The server for messages: never the password."""
        host = self.parameters.get("host", "localhost")
        port = self.parameters.get("port")
        return f"{host}:{port}" if port and not host.startswith("/") else host

    def _execute(self, command: Any) -> psycopg.Cursor[Any]:
        assert self._running
        assert self._admin is not None
        return self._admin.execute(command)

    def _open(self) -> None:
        import psycopg

        try:
            self._admin = self.connect(self.maintenance_database, autocommit=True)
        except psycopg.Error as error:
            detail = " ".join(str(error).split())
            password = self.parameters.get("password")
            if password:
                detail = detail.replace(password, "***")
            raise EnvironmentFailureError(failures.unreachable(self._shown, detail)) from None
        row = self._execute(
            "SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1),"
            " array(SELECT name::text FROM pg_catalog.pg_available_extensions), rolsuper,"
            " (rolcreatedb OR rolsuper), array(SELECT rolname::text FROM pg_catalog.pg_roles)"
            " FROM pg_catalog.pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row is not None
        self.version_num, self.version = row[0], row[1]
        self._available = frozenset(row[2])
        self._roles_before = frozenset(row[5])
        if self.version_num < _MINIMUM_VERSION:
            raise EnvironmentFailureError(failures.too_old(f"The scratch server {self._shown}", self.version))
        if not row[4]:
            raise EnvironmentFailureError(failures.no_permission(self._shown, "create a database"))
        if not row[3]:  # event triggers, which tie objects to their statements, are for superusers
            raise EnvironmentFailureError(failures.no_permission(self._shown, "create an event trigger"))

    def _close(self) -> None:
        import psycopg

        if self._admin is None:
            return
        if not self.is_private:  # a private server goes away as a whole
            for name in sorted(self._databases):
                with contextlib.suppress(psycopg.Error):
                    self.drop_database(name)
            with contextlib.suppress(psycopg.Error):
                self.reset_roles()
        self._admin.close()


def _version_number(version: str) -> int:
    """Return ``server_version_num`` of a version such as "18.6"; 0 where it is not known."""
    major, _, minor = version.partition(".")
    return int(major) * 10000 + int(minor or 0) if major.isdigit() and (minor or "0").isdigit() else 0


def _connect_arguments(parameters: Mapping[str, str], database: str) -> dict[str, Any]:
    return {"connect_timeout": "10", **parameters, "dbname": database}


def _url(scheme: str, parameters: Mapping[str, str], database: str) -> str:
    rest = dict(parameters)
    user, password = rest.pop("user", ""), rest.pop("password", "")
    credentials = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    host = rest.get("host", "")
    place = ""
    if host and "/" not in host and "," not in host:
        rest.pop("host")
        place = f"[{host}]" if ":" in host else host
        if "port" in rest:
            place += f":{rest.pop('port')}"
    query = urlencode(sorted(rest.items()), safe="/", quote_via=quote)
    return f"{scheme}://{credentials}{'@' if credentials else ''}{place}/{quote(database, safe='')}" + (
        f"?{query}" if query else ""
    )


def _parse(url: str) -> tuple[dict[str, str], str]:
    """Split a URL (SQLAlchemy's ``postgresql+driver://`` too) into libpq parameters and the database's name."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    scheme, separator, rest = url.partition("://")
    if separator:
        if scheme.partition("+")[0] not in {"postgresql", "postgres"}:
            raise EnvironmentFailureError(failures.not_a_url())
        url = f"postgresql://{rest}"
    try:
        parameters = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        raise EnvironmentFailureError(failures.not_a_url()) from None
    return parameters, parameters.pop("dbname", "postgres")


@contextlib.contextmanager
def scratch_server(
    url: str | None = None, extensions: Collection[str] = (), bin_dir: Path | None = None
) -> Iterator[ScratchServer]:
    """Have a scratch server for the length of a ``with`` block; a private one starts when it is first needed.

    Args:
        url: A server that the user lends; ``None`` starts a private one. Databases made on it are named
            ``vibe_scratch_…`` and dropped at the end, like the roles that the run made.
        extensions: What the specification needs; decides which PostgreSQL is started.
        bin_dir: The programs to start it from, instead of the embedded ones.

    Raises:
        EnvironmentFailureError: No PostgreSQL; it does not start or answer, is too old, or the role may not use it.
    """
    with contextlib.ExitStack() as stack:
        if url is None:
            binaries = pg_binaries.choose(extensions, bin_dir)

            def start() -> _Running:
                cluster = stack.enter_context(lifecycle.cluster(binaries))
                stack.callback(server._close)
                # The port is said, because libpq would take that of PGPORT otherwise.
                parameters = {"host": cluster.host, "port": str(cluster.port), "user": lifecycle.SUPERUSER}
                if cluster.password is not None:
                    parameters["password"] = cluster.password
                return _Running(parameters, cluster.stubbed, cluster.binaries.bin_dir)

            server = ScratchServer(is_private=True, version=binaries.version, place=str(binaries.bin_dir), start=start)
        else:
            lent, database = _parse(url)
            server = ScratchServer(parameters=lent, maintenance_database=database)
            stack.callback(server._close)
            server._open()
        yield server
