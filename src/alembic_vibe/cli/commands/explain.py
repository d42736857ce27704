"""``alembic-vibe explain CODE``: what a diagnostic means, why it matters, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.diagnostics import Rule, VibeError


@click.command(short_help="What a diagnostic means, and what to write instead.")
@click.argument("code", required=False)
@common_options
@click.pass_obj
def command(state: State, code: str | None) -> int:
    """Explain a diagnostic by its code (AV201) or its name; without one, list them all."""
    from alembic_vibe.cli.rules import find_rules

    rules = find_rules()
    if code is None:
        if state.format == "text":
            for rule in rules:
                click.echo(f"{rule.code}  {rule.severity:<7}  {rule.slug}: {rule.summary}")
        else:
            state.report([], {"rules": [_as_dict(rule) for rule in rules]})
        return 0

    wanted = code.strip().strip("[]").lower()
    found = next((rule for rule in rules if wanted in (rule.code.lower(), rule.slug)), None)
    if found is None:
        raise _unknown(code, rules)
    if state.format == "text":
        click.echo(_page(found))
    else:
        state.report([], {"rule": _as_dict(found)})
    return 0


def _unknown(code: str, rules: Sequence[Rule]) -> VibeError:
    from difflib import get_close_matches

    from alembic_vibe.cli.failures import UNKNOWN_CODE
    from alembic_vibe.diagnostics import ConfigurationError

    names = {name.lower(): rule for rule in rules for name in (rule.code, rule.slug)}
    near = dict.fromkeys(names[name] for name in get_close_matches(code.lower(), names, 4, 0.5))
    help_ = "Did you mean " + " or ".join(f"{rule.code} ({rule.slug})" for rule in near) + "?" if near else None
    return ConfigurationError(UNKNOWN_CODE.diagnostic(f"`{code}` is not the code of a diagnostic", help=help_))


def _as_dict(rule: Rule) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(rule)


def _page(rule: Rule) -> str:
    from textwrap import fill, indent

    parts = [f"{rule.severity}[{rule.code}] {rule.slug}", fill(rule.summary, 100), fill(rule.why, 100)]
    parts.append(fill(f"What to do: {rule.fix}", 100))
    if rule.bad:
        parts.append("Refused:\n\n" + indent(rule.bad.rstrip(), "    "))
    if rule.good:
        parts.append("Write instead:\n\n" + indent(rule.good.rstrip(), "    "))
    return "\n\n".join(parts)
