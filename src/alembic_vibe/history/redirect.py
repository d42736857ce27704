"""Every connection that the project's code opens, led to the scratch database instead of where it wanted to go.

Part of the worker's process, and of the runs of generated tests. An env.py takes its URL from a settings module, from
variables of its own, or imports an engine from the application: no setting of ours reaches all of them. So the drivers
themselves are led: psycopg, psycopg2, asyncpg and pg8000, whoever calls them. Any other way to a database is refused
(SQLAlchemy documentation: ``DialectEvents.do_connect``). A pool that the application keeps from one run to the next is
emptied where its connections belong to an earlier run (``PoolEvents.checkout``).
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DRIVERS = ("psycopg", "psycopg2", "asyncpg", "pg8000")
_LED = frozenset({"psycopg", "psycopg_async", "psycopg2", "asyncpg", "pg8000"})  # as SQLAlchemy calls them
_KEPT = frozenset({"options", "application_name", "client_encoding"})  # what a session is like, not where it is
_OWN = frozenset({"autocommit", "prepare_threshold", "context", "row_factory", "cursor_factory"})  # of psycopg itself
_PLACES = frozenset({"host", "port", "user", "password", "passfile", "database", "service", "servicefile"})  # asyncpg's
_MANNERS = frozenset({"ssl", "direct_tls", "target_session_attrs"})  # of reaching a place: asyncpg's too
_POSTGRES = re.compile(r"\Apostgres(?:ql)?(?:\+\w+)?://")
_STAND_IN = "scratch:scratch@scratch.invalid:5432/scratch"  # RFC 2606: such a host is nobody's


class OtherDatabaseError(Exception):
    """The project's code wants a database of another kind, or by a driver that cannot be led."""

    def __init__(self, dialect: str, driver: str) -> None:
        self.dialect, self.driver = dialect, driver
        super().__init__(f"{dialect}+{driver}")


@functools.cache
def redirect() -> Redirect:
    """Return the one of this process: drivers are changed once."""
    return Redirect()


class Redirect:
    """Leads connections: from ``to`` on, or as long as ``leading`` lasts."""

    def __init__(self) -> None:
        self._target: dict[str, str] = {}
        self._run = 0  # counts them
        self._current = 0  # the run that is going on; 0: connections go where they want to
        self._installed = False

    def to(self, url: str) -> None:
        """Lead what is opened from now on to a database (a SQLAlchemy URL); what earlier runs left is not used."""
        from sqlalchemy.engine import make_url

        found = make_url(url)
        target = {key: str(value) for key, value in found.query.items()}
        target.update({k: str(v) for k, v in found.translate_connect_args(username="user", database="dbname").items()})
        self._target = target
        self._run += 1
        self._current = self._run
        self._environment(url)
        if not self._installed:
            self._install()
            self._installed = True

    @contextlib.contextmanager
    def leading(self, url: str) -> Iterator[None]:
        """Lead what is opened in a ``with`` block."""
        before = {name: value for name, value in os.environ.items() if _is_ours(name)}
        self.to(url)
        try:
            yield
        finally:
            self._current = 0
            for name in [name for name in os.environ if _is_ours(name)]:
                del os.environ[name]
            os.environ.update(before)

    def _environment(self, url: str) -> None:
        """Let programs that libpq's variables or ``DATABASE_URL`` reach do no harm either."""
        given = os.environ.get("DATABASE_URL", "")
        scheme = _POSTGRES.match(given)
        # The project may want a URL of a certain shape; only its host and name do not matter, as it is led.
        os.environ["DATABASE_URL"] = f"{scheme[0]}{_STAND_IN}" if scheme and _can_connect(scheme[0]) else url
        for name in [name for name in os.environ if _is_ours(name) and name != "DATABASE_URL"]:
            del os.environ[name]
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        os.environ.update({names[key]: value for key, value in self._target.items() if key in names})

    # -- SQLAlchemy -------------------------------------------------------------------------------------------------

    def _install(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.pool import Pool

        event.listen(Engine, "do_connect", self._connecting)
        event.listen(Pool, "connect", self._connected)
        event.listen(Pool, "checkout", self._taken)
        for name in _DRIVERS:
            if importlib.util.find_spec(name) is not None:
                getattr(self, f"_lead_{name}")(importlib.import_module(name))

    def _connecting(self, dialect: Any, _record: object, _arguments: object, _parameters: object) -> None:
        if self._current and (dialect.name != "postgresql" or dialect.driver not in _LED):
            raise OtherDatabaseError(dialect.name, dialect.driver)

    def _connected(self, _connection: object, record: Any) -> None:
        record.info["vibe_run"] = self._current

    def _taken(self, _connection: object, record: Any, _proxy: object) -> None:
        from sqlalchemy.exc import DisconnectionError

        if record.info.get("vibe_run", 0) != self._current:
            raise DisconnectionError

    # -- the drivers ------------------------------------------------------------------------------------------------

    def _lead_psycopg(self, module: Any) -> None:
        from psycopg.conninfo import conninfo_to_dict

        def led(connect: Callable[..., Any]) -> Any:
            @functools.wraps(connect)
            def wrapper(cls: type, conninfo: str = "", **keywords: Any) -> Any:
                if not self._current:
                    return connect(cls, conninfo, **keywords)
                own = {key: value for key, value in keywords.items() if key in _OWN}
                wanted = {key: value for key, value in keywords.items() if key not in _OWN}
                kept = _kept(conninfo_to_dict(conninfo, **wanted))
                return connect(cls, **own, **{**kept, **self._target})

            method: Any = wrapper
            return classmethod(method)

        for cls in (module.Connection, module.AsyncConnection):
            cls.connect = led(cls.connect.__func__)
        module.connect = module.Connection.connect

    def _lead_psycopg2(self, module: Any) -> None:
        original = module.connect
        parse = importlib.import_module("psycopg2.extensions").parse_dsn

        @functools.wraps(original)
        def connect(
            dsn: str | None = None, connection_factory: Any = None, cursor_factory: Any = None, **keywords: Any
        ) -> Any:
            if not self._current:
                return original(dsn, connection_factory, cursor_factory, **keywords)
            own = {key: keywords.pop(key) for key in ("async", "async_") if key in keywords}
            kept = _kept({**(parse(dsn) if dsn else {}), **keywords})
            return original(None, connection_factory, cursor_factory, **own, **{**kept, **self._target})

        module.connect = connect

    def _lead_asyncpg(self, module: Any) -> None:
        original = module.connect

        @functools.wraps(original)
        async def connect(dsn: str | None = None, **keywords: Any) -> Any:
            if not self._current:
                return await original(dsn, **keywords)
            keywords = {name: value for name, value in keywords.items() if name not in _PLACES | _MANNERS}
            target = {"database": self._target["dbname"], "ssl": self._target.get("sslmode", "disable")}
            target |= {key: self._target[key] for key in ("host", "user", "password") if key in self._target}
            return await original(**keywords, **target, port=int(self._target.get("port", "5432")))

        module.connect = connect
        module.connection.connect = connect

    def _lead_pg8000(self, _module: Any) -> None:
        core = importlib.import_module("pg8000.core").CoreConnection
        original = core.__init__

        @functools.wraps(original)
        def __init__(connection: Any, *arguments: Any, **keywords: Any) -> None:  # noqa: N807 - it replaces one
            import inspect

            if not self._current:
                original(connection, *arguments, **keywords)
                return
            given = inspect.signature(original).bind(connection, *arguments, **keywords).arguments
            given = {key: value for key, value in given.items() if key != "self"}
            host, port = self._target.get("host", "localhost"), int(self._target.get("port", "5432"))
            place: dict[str, Any] = {"host": host, "port": port, "unix_sock": None, "ssl_context": None}
            if host.startswith("/"):
                place |= {"host": "localhost", "unix_sock": f"{host}/.s.PGSQL.{port}"}
            given |= {**place, "user": self._target.get("user"), "database": self._target["dbname"]}
            original(connection, **{**given, "password": self._target.get("password")})

        core.__init__ = __init__


def _is_ours(name: str) -> bool:
    return name == "DATABASE_URL" or (name.startswith("PG") and name != "PGTZ")


def _can_connect(scheme: str) -> bool:
    """Whether the driver of a URL is installed; for SQLAlchemy up to 2.0, a URL that names none means psycopg2."""
    import sqlalchemy

    _, plus, driver = scheme.removesuffix("://").partition("+")
    if not plus:
        driver = "psycopg2" if sqlalchemy.__version__.startswith(("1.", "2.0")) else "psycopg"
    return importlib.util.find_spec(driver.removesuffix("_async")) is not None


def _kept(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in wanted.items() if key in _KEPT and value}
