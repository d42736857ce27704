"""One shape for everything that is reported to a user, and the errors that carry it.

Imports nothing of ours but ``source``: every stage may report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.source import Source, Span


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the run, a warning and an info do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ExitCode(IntEnum):
    """What the process answers; scripts rely on these numbers."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    DECISION = 3
    ENVIRONMENT = 4


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to write instead.

    ``code`` is stable (``AV`` and three digits), ``rule`` its readable name in kebab case. ``source`` and ``span``
    are given together; without them ``path`` names the file, if there is one. ``consequences`` counts the
    statements that fail only because of this one.
    """

    code: str
    rule: str
    message: str
    severity: Severity = Severity.ERROR
    help: str = ""
    source: Source | None = field(default=None, repr=False)
    span: Span | None = None
    path: str = ""
    consequences: int = 0
    notes: tuple[str, ...] = ()

    @property
    def shown_path(self) -> str:
        """The path to print: that of the source, else ``path``."""
        return self.source.path if self.source is not None else self.path

    @property
    def line(self) -> int:
        """Line from 1, or 0 where the finding has no place."""
        if self.source is None or self.span is None:
            return 0
        return self.source.position(self.span.start).line

    @property
    def column(self) -> int:
        """Column from 1, or 0 where the finding has no place."""
        if self.source is None or self.span is None:
            return 0
        return self.source.position(self.span.start).column

    def as_dict(self) -> dict[str, str | int]:
        """The keys of ``--format json``: code, rule, severity, path, line, column, message, help."""
        return {
            "code": self.code,
            "rule": self.rule,
            "severity": str(self.severity),
            "path": self.shown_path,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """What ``alembic-vibe explain CODE`` says about a diagnostic.

    Found by discovery: every module of the package may have a module-level ``RULES: tuple[Rule, ...]``. ``severity``
    is the usual one; a single finding may be milder. ``bad`` and ``good`` are short excerpts of what the user writes
    (Markdown for the rules of the spec, SQL for the rules of statements), without and with the fix.
    """

    code: str
    slug: str
    severity: Severity
    summary: str
    why: str
    fix: str
    bad: str
    good: str

    def diagnostic(
        self,
        message: str,
        *,
        source: Source | None = None,
        span: Span | None = None,
        help: str | None = None,  # noqa: A002  (named like the field of Diagnostic)
        severity: Severity | None = None,
        path: str = "",
        notes: tuple[str, ...] = (),
    ) -> Diagnostic:
        """Make a finding of this rule; ``help`` defaults to the rule's ``fix``, ``severity`` to the rule's own."""
        return Diagnostic(
            code=self.code,
            rule=self.slug,
            message=message,
            severity=self.severity if severity is None else severity,
            help=self.fix if help is None else help,
            source=source,
            span=span,
            path=path,
            notes=notes,
        )


class VibeError(Exception):
    """A run that ends early, for a reason that the user can act on."""

    exit_code = ExitCode.USAGE

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        self.diagnostics = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


class SpecError(VibeError):
    """The specification does not compile."""


class ConfigurationError(VibeError):
    """The project or the call is set up wrongly."""


class FindingsError(VibeError):
    """Findings or drift: the run did what it should and found something."""

    exit_code = ExitCode.FINDINGS


class DecisionNeededError(VibeError):
    """The user must decide something; the help says how."""

    exit_code = ExitCode.DECISION


class EnvironmentFailureError(VibeError):
    """PostgreSQL is missing, refuses, or may not be used."""

    exit_code = ExitCode.ENVIRONMENT
