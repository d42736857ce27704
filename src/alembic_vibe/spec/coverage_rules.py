"""What becomes of each setting of Section 5: compiled, checked, seeded, or advice to people; and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from alembic_vibe.spec.model import SectionKind


class CoverageStatus(StrEnum):
    """What became of a line of Section 5."""

    COMPILED = "compiled"  # it is in the models and revisions
    CHECKED = "checked"  # something is refused or reported where it does not hold
    ADVISORY = "advisory"  # for people; nothing is made of it
    SEED = "seed"  # it is in the seeds
    EXAMPLE = "example"  # SQL that only shows something
    IGNORED = "ignored"  # left out


@dataclass(frozen=True, slots=True)
class SettingRule:
    """The fate of the labels of a kind of section whose normalised name contains one of ``words``."""

    kinds: frozenset[SectionKind]
    words: re.Pattern[str]
    status: CoverageStatus
    reason: str


_SETTINGS = frozenset({SectionKind.OVERVIEW, SectionKind.CONFIGURATION})
_PERFORMANCE = frozenset({SectionKind.PERFORMANCE})
_MIGRATION = frozenset({SectionKind.MIGRATION})
_SECURITY = frozenset({SectionKind.SECURITY})


def _rule(kinds: frozenset[SectionKind], words: str, status: CoverageStatus, reason: str) -> SettingRule:
    return SettingRule(kinds, re.compile(rf"\b(?:{words})\b"), status, reason)


# The first rule that fits decides. Names are normalised: lower-case words, single spaces.
SETTING_RULES: tuple[SettingRule, ...] = (
    _rule(
        _SETTINGS,
        "primary database|database engine|database system|primary db|dbms|database",
        CoverageStatus.CHECKED,
        "any database but PostgreSQL 15 or later is refused",
    ),
    _rule(
        _SETTINGS,
        "query time ?outs?|query timeouts?|statement timeout|timeouts",
        CoverageStatus.COMPILED,
        "the longest time is the statement_timeout of every revision",
    ),
    _rule(
        _SETTINGS,
        "architecture.*",
        CoverageStatus.ADVISORY,
        "one chain of revisions is made for one database; how many databases there are is decided at deployment",
    ),
    _rule(_SETTINGS, "acid.*|consistency", CoverageStatus.ADVISORY, "PostgreSQL is fully ACID without a setting"),
    _rule(
        _SETTINGS,
        "scaling.*|scalability",
        CoverageStatus.ADVISORY,
        "replicas and shards are set up on servers; partitions compile from PARTITION BY in the SQL",
    ),
    _rule(
        _SETTINGS | _PERFORMANCE,
        ".*pool.*|max.* connections|connection.*",
        CoverageStatus.ADVISORY,
        "connections are configured in the application and the pooler",
    ),
    _rule(
        _SETTINGS,
        ".*isolation.*",
        CoverageStatus.ADVISORY,
        "the isolation level is chosen by the application for each transaction",
    ),
    _rule(_SETTINGS | _SECURITY, ".*backups?.*", CoverageStatus.ADVISORY, "backups are made by operations"),
    _rule(
        _SETTINGS | _PERFORMANCE, ".*monitoring.*", CoverageStatus.ADVISORY, "monitoring runs outside of the database"
    ),
    _rule(
        _PERFORMANCE,
        ".*ind(?:ex|exes|ices|exing).*",
        CoverageStatus.ADVISORY,
        "an index is made where the SQL has a CREATE INDEX for it",
    ),
    _rule(_PERFORMANCE, ".*cach.*", CoverageStatus.ADVISORY, "caching is done by the application"),
    _rule(_PERFORMANCE, ".*quer.*", CoverageStatus.ADVISORY, "queries are written in the application"),
    _rule(
        _MIGRATION,
        "migration tool|migration framework",
        CoverageStatus.CHECKED,
        "migrations are Alembic revisions, whatever tool is named",
    ),
    _rule(
        _MIGRATION,
        "migration strategy|rollback.*|versioning.*",
        CoverageStatus.COMPILED,
        "revisions are numbered in sequence, and each has a downgrade with a test",
    ),
    _rule(
        _MIGRATION,
        "backwards? compatibility",
        CoverageStatus.CHECKED,
        "what would break the running release is held back for a later phase",
    ),
    _rule(
        _MIGRATION,
        "column additions?|adding columns|new columns",
        CoverageStatus.CHECKED,
        "a new column that is neither nullable nor defaulted is added in steps",
    ),
    _rule(
        _MIGRATION,
        "data type changes?|type changes?",
        CoverageStatus.CHECKED,
        "a type change that rewrites a table is planned as new column, copy and removal",
    ),
    _rule(
        _MIGRATION,
        "index management|index creation|indexes",
        CoverageStatus.COMPILED,
        "indexes on tables that exist already are created CONCURRENTLY",
    ),
    _rule(
        _MIGRATION,
        "table restructuring",
        CoverageStatus.ADVISORY,
        "changes are planned in phases; switching between two deployments is up to operations",
    ),
    _rule(
        _MIGRATION,
        "data validation|validation",
        CoverageStatus.CHECKED,
        "each plan is run on a scratch database before a file is written",
    ),
    _rule(
        _MIGRATION, "environment promotion|environments?", CoverageStatus.ADVISORY, "the deployment pipeline does this"
    ),
    _rule(
        _MIGRATION,
        "user roles|roles|default roles",
        CoverageStatus.SEED,
        "default roles with their permissions are seeds",
    ),
    _rule(
        _MIGRATION,
        "(?:reference|lookup|development|dev|test|seed|sample) data|seeds?",
        CoverageStatus.SEED,
        "the seed command loads it",
    ),
    _rule(
        _MIGRATION,
        "(?:default |initial )?feature (?:flags?|toggles?|switches)|countries|currencies|time ?zones",
        CoverageStatus.SEED,
        "its rows are in the seeds, where a table holds them",
    ),
    _rule(
        _SECURITY,
        "database users|database roles|users|roles|access control",
        CoverageStatus.ADVISORY,
        "roles and rights are made where the SQL has CREATE ROLE and GRANT for them",
    ),
    _rule(
        _SECURITY,
        "row level security.*|rls.*|.*tenant.*",
        CoverageStatus.ADVISORY,
        "policies are made where the SQL has CREATE POLICY for them",
    ),
    _rule(
        _SECURITY,
        ".*encryption.*|key management",
        CoverageStatus.ADVISORY,
        "encryption and its keys are set up on the server and in the application",
    ),
    _rule(
        _SECURITY,
        ".*audit.*",
        CoverageStatus.ADVISORY,
        "changes are logged where the SQL has an audit table and triggers for it",
    ),
    _rule(
        _SECURITY,
        ".*retention.*|.*privacy.*|.*compliance.*|gdpr.*",
        CoverageStatus.ADVISORY,
        "rules about keeping and deleting rows are carried out by jobs of the application",
    ),
)

KIND_REASONS: dict[SectionKind, str] = {
    SectionKind.OVERVIEW: "background for readers; no setting by this name is compiled",
    SectionKind.CONFIGURATION: "no setting by this name is compiled",
    SectionKind.FEATURE: "background for readers; the section's SQL is what is compiled",
    SectionKind.PERFORMANCE: "advice for the application; indexes compile from the SQL",
    SectionKind.MIGRATION: "advice for releases; no rule by this name is compiled",
    SectionKind.SECURITY: "advice for operations; roles, rights and policies compile from the SQL",
}
