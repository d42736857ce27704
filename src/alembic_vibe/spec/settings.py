"""Turns labels into settings: 5.1 into ``Overview``, 5.2 into ``Configuration``, and says which are wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.spec import rules
from alembic_vibe.spec.labels import normal_name
from alembic_vibe.spec.model import Configuration, Label, Overview, Section, SectionKind
from alembic_vibe.spec.placeholders import PlaceholderKind, find_placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.source import Source, Span

MINIMUM_VERSION = 15

PRIMARY_DATABASE = ("primary database", "database", "database engine", "database system", "primary db", "dbms")
QUERY_TIMEOUT = ("query timeout", "query time out", "query timeouts", "statement timeout", "timeouts")
MAX_CONNECTIONS = ("max connections", "maximum connections", "connection limit")
_OVERVIEW = {
    "architecture_pattern": ("architecture pattern", "architecture", "data architecture"),
    "acid_compliance": ("acid compliance", "acid", "consistency", "consistency model"),
    "scaling_strategy": ("scaling strategy", "scaling", "scalability"),
}
_CONFIGURATION = {
    "connection_pooling": ("connection pooling", "connection pool", "pooling"),
    "transaction_isolation": ("transaction isolation", "isolation level", "transaction isolation level", "isolation"),
    "backup_strategy": ("backup strategy", "backup", "backups"),
    "monitoring": ("monitoring", "database monitoring"),
}
KNOWN_SETTINGS = frozenset(
    name
    for names in (PRIMARY_DATABASE, QUERY_TIMEOUT, MAX_CONNECTIONS, *_OVERVIEW.values(), *_CONFIGURATION.values())
    for name in names
)

_UNITS = {"ms": 1, "milli": 1, "s": 1000, "sec": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "hour": 3_600_000}
_DURATION = re.compile(
    r"(?<![\w.])(?P<number>\d+(?:\.\d+)?)[\s-]*"
    r"(?P<unit>ms|milli|sec|s|min|m|hour|h)(?:(?<=milli)(?:seconds?|s)|(?<=sec)(?:onds?|s)?|(?<=min)(?:utes?|s)?"
    r"|(?<=hour)s?)?(?![A-Za-z])",
    re.IGNORECASE,
)
_CONNECTIONS = (
    re.compile(r"(\d[\d,_]*)\s*(?:max(?:imum)?\.?|concurrent|database|server|client)?\s*connections\b", re.IGNORECASE),
    re.compile(r"\bmax(?:imum)?(?:[\s_]+of)?[\s_]*connections?\D{0,6}?(\d[\d,_]*)", re.IGNORECASE),
)

# Products that are PostgreSQL under another name, and products that are not. Other stores (Redis, Elasticsearch)
# are no primary database of relational data and decide nothing when they are named beside one.
_POSTGRES = r"postgres(?:ql)?|postgre\s?sql|pgsql|supabase|neon|timescaledb|citus|alloydb"
_FOREIGN = (
    r"mysql|mariadb|mongo\s?db|mongo|sqlite|oracle(?:\s+database)?|ms\s?sql|(?:microsoft\s+)?sql\s+server|db2"
    r"|cassandra|scylladb|dynamo\s?db|cockroach\s?db|yugabyte\w*|spanner|firestore|firebase|couchdb|couchbase|neo4j"
    r"|redis|snowflake|bigquery|redshift|clickhouse|tidb|planetscale|vitess|duckdb"
)
_ENGINE = re.compile(rf"\b(?:(?P<postgres>{_POSTGRES})|(?P<foreign>{_FOREIGN}))\b", re.IGNORECASE)
_VERSION = re.compile(
    r"\bpostgre(?:s(?:ql)?|\s?sql)\W{0,3}\s*(?:server|version|versions|ver\.?|v\.?|>=|≥|\(|:|=|\s)*(\d{1,2})(?!\d)",
    re.IGNORECASE,
)


def read_overview(source: Source, sections: Iterable[Section], heading: Span) -> tuple[Overview, list[Diagnostic]]:
    """Read 5.1, and check that the primary database is a PostgreSQL that can be compiled for.

    ``heading`` is where Section 5 begins: the place of what the document does not say.
    """
    labels = [label for section in _settings_first(sections) for label in section.labels]
    database = _find(labels, PRIMARY_DATABASE)
    values = {key: _value(labels, names) for key, names in _OVERVIEW.items()}
    found: list[Diagnostic] = []
    version = None
    if database is None or not database.value:
        found.append(_assumed(source, database.span if database else heading))
    else:
        version = _version(database.value)
        found.extend(_check_database(source, database, version))
    overview = Overview(primary_database=database.value if database else None, minimum_version=version, **values)
    return overview, found


def read_configuration(source: Source, sections: Iterable[Section]) -> tuple[Configuration, list[Diagnostic]]:
    """Read 5.2; a time-out without a time in it is reported."""
    labels = [label for section in _settings_first(sections) for label in section.labels]
    values = {key: _value(labels, names) for key, names in _CONFIGURATION.items()}
    timeout = _find(labels, QUERY_TIMEOUT)
    milliseconds = longest_duration(timeout.value) if timeout else None
    found: list[Diagnostic] = []
    if timeout is not None and milliseconds is None and not find_placeholders(timeout.value):
        message = f"“{timeout.name}” states no time that can be read: “{timeout.value}”"
        found.append(rules.SETTING_UNREADABLE.diagnostic(message, source=source, span=_place(timeout)))
    limit = _find(labels, MAX_CONNECTIONS)
    configuration = Configuration(
        query_timeout=timeout.value if timeout else None,
        statement_timeout_ms=milliseconds,
        max_connections=_connections(limit.value + " connections" if limit else values["connection_pooling"] or ""),
        **values,
    )
    return configuration, found


def longest_duration(text: str) -> int | None:
    """Return the longest of the times named in a text, in milliseconds; ``None`` without any."""
    times = [round(float(match["number"]) * _UNITS[match["unit"].lower()]) for match in _DURATION.finditer(text)]
    return max(times, default=None)


def _settings_first(sections: Iterable[Section]) -> list[Section]:
    """The sections that may hold settings, those meant for it first; a feature's labels are its own business."""
    order = {SectionKind.OVERVIEW: 0, SectionKind.CONFIGURATION: 1}
    chosen = [s for s in sections if s.kind in order or "." not in s.number]
    return sorted(chosen, key=lambda section: order.get(section.kind, 2))


def _find(labels: Iterable[Label], names: tuple[str, ...]) -> Label | None:
    """Return the label with the first of these names that occurs."""
    named: dict[str, Label] = {}
    for label in labels:
        named.setdefault(normal_name(label.name), label)
    return next((named[name] for name in names if name in named), None)


def _value(labels: Iterable[Label], names: tuple[str, ...]) -> str | None:
    label = _find(labels, names)
    if label is None:
        return None
    return label.value or "; ".join(item.text for item in label.items) or None


def _connections(text: str) -> int | None:
    for pattern in _CONNECTIONS:
        match = pattern.search(text)
        if match is not None:
            return int(re.sub(r"\D", "", match[1]))
    return None


def _version(value: str) -> int | None:
    match = _VERSION.search(value)
    return int(match[1]) if match else None


def _place(label: Label) -> Span:
    return label.value_span if label.value else label.span


def _check_database(source: Source, label: Label, version: int | None) -> Iterable[Diagnostic]:
    placeholders = find_placeholders(label.value)
    engine = _ENGINE.search(label.value)
    unfilled = [p for p in placeholders if p.kind is not PlaceholderKind.BRACKET or engine is None]
    if unfilled:
        message = f"the primary database is not chosen yet: {unfilled[0].text}"
        yield rules.DATABASE_UNDECIDED.diagnostic(message, source=source, span=_place(label))
    elif engine is None or engine["postgres"] is None:
        name = f"{engine[0]} is not supported" if engine else f"“{label.value}” does not name PostgreSQL"
        message = f"{name} as the primary database: only PostgreSQL {MINIMUM_VERSION} and later is"
        yield rules.DATABASE_UNSUPPORTED.diagnostic(message, source=source, span=_place(label))
    elif version is not None and version < MINIMUM_VERSION:
        message = f"PostgreSQL {version} is too old: PostgreSQL {MINIMUM_VERSION} is the oldest that is supported"
        yield rules.DATABASE_TOO_OLD.diagnostic(message, source=source, span=_place(label))


def _assumed(source: Source, span: Span) -> Diagnostic:
    message = f"no primary database is named; PostgreSQL {MINIMUM_VERSION} or later is assumed"
    return rules.DATABASE_ASSUMED.diagnostic(message, source=source, span=span)
