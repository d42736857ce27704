"""Adopt a project: find out what it has, say what would change, and change it if that is wanted."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.adopt.discovery import discover
from alembic_vibe.adopt.edits import propose_all
from alembic_vibe.adopt.edits.specification import title_of
from alembic_vibe.adopt.report import shown
from alembic_vibe.adopt.request import Adoption
from alembic_vibe.config_files import read_pyproject, table_of
from alembic_vibe.config_rules import TABLE
from alembic_vibe.config_settings import DEFAULT_SPEC
from alembic_vibe.diagnostics import Diagnostic, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic_vibe.adopt.model import Edit, Environment, Findings
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.describe.model import Described
    from alembic_vibe.postgres.server import ScratchServer

SEVERAL = Rule(
    code="AV016",
    slug="several-environments",
    severity=Severity.ERROR,
    summary="The project has several Alembic environments, and it is not said which one is adopted.",
    why="Each has models, a chain and a database of its own; a specification describes one of them.",
    fix="Name the configuration with `-c PATH`, or its section in pyproject.toml: [tool.alembic-vibe] section = …",
    bad="[shop]\nscript_location = shop/migrations\n\n[billing]\nscript_location = billing/migrations",
    good='[tool.alembic-vibe]\nsection = "shop"',
)
HEADS = Rule(
    code="AV017",
    slug="adopt-on-multiple-heads",
    severity=Severity.WARNING,
    summary="The chain has several heads; `generate` will ask for one.",
    why="New revisions go on top of one head. Until the heads are merged there is no single state to start from.",
    fix="Run `alembic merge heads -m 'merge'` before the first `generate`.",
    bad="$ alembic heads\n3f2a (head)\n91bc (head)",
    good="$ alembic heads\n7d01 (head)",
)
NOTE = Rule(
    code="AV018",
    slug="left-to-you",
    severity=Severity.INFO,
    summary="A change that adoption would make is left to you.",
    why="Files are only changed where everything else in them stays as it is. An env.py that calls functions of its "
    "own, or a configuration in an unusual form, is for somebody who knows it.",
    fix="Make the change that the message describes, if you want it; nothing depends on it.",
    bad="engine = shop.db.engine_for_migrations()  # which driver, which options?",
    good='engine = create_engine(url, connect_args={"options": "-c lock_timeout=5s"})',
)
RULES = (SEVERAL, HEADS, NOTE)


@dataclass(frozen=True)
class Adopted:
    """What was found and what would change; ``written`` are the paths that were, ``diff`` is for people and patch."""

    findings: Findings
    environment: Environment | None
    edits: tuple[Edit, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    diff: str = ""
    written: tuple[str, ...] = ()

    def shown(self, path: Path) -> str:
        """Return a path as people read it."""
        return shown(path, self.findings.root)


def adopt(
    config: Path | None,
    cwd: Path,
    *,
    write: bool = False,
    describe: Callable[[Findings, Environment], Described] | None = None,
    found: Callable[[Findings], None] | None = None,
) -> Adopted:
    """Find out what a project has, and how it would change; change it if ``write`` says so.

    Args:
        config: What ``-c`` names; ``None`` searches.
        cwd: The folder that relative paths start from.
        write: Write the changes: all of them, or none.
        describe: Makes the specification of the environment that is adopted, from a database; ``None`` for one to
            begin with. Not called where a specification is there already.
        found: Is told what was found, before anything else is done that may fail.

    Raises:
        ConfigurationError: There is nothing to adopt.
        EnvironmentFailureError: A file cannot be written.
    """
    from alembic_vibe import writing

    findings = discover(config, cwd)
    if found is not None:
        found(findings)
    table = _table(findings)
    environment = _chosen(findings, table)
    if environment is None:
        names = ", ".join(_name(found, findings.root) for found in findings.environments)
        problem = SEVERAL.diagnostic(f"there are {len(findings.environments)} Alembic environments here: {names}")
        return Adopted(findings, None, diagnostics=(problem,))
    spec = findings.root / str(table.get("spec", DEFAULT_SPEC))
    described = describe(findings, environment) if describe is not None and not spec.exists() else None
    adoption = Adoption(findings, environment, spec, described.text if described is not None else "")
    proposals = propose_all(adoption)
    edits = tuple(edit for proposal in proposals for edit in proposal.edits)
    files = {os.path.relpath(edit.path, findings.root): edit.after for edit in edits}
    diff = writing.unified_diff(findings.root, files)
    if write:
        writing.write_all(findings.root, files)
    notes = [NOTE.diagnostic(note) for proposal in proposals for note in proposal.notes]
    return Adopted(
        findings,
        environment,
        edits,
        (*_about_heads(environment), *notes, *(described.diagnostics if described is not None else ())),
        diff,
        tuple(sorted(files)) if write else (),
    )


def _table(findings: Findings) -> dict[str, object]:
    """Return ``[tool.alembic-vibe]`` as it is."""
    path = findings.environments[0].pyproject
    return dict(table_of(read_pyproject(path, findings.root)[1], "tool", TABLE))


def _chosen(findings: Findings, table: dict[str, object]) -> Environment | None:
    """Return the environment that is meant; ``None`` where that is not said."""
    section = table.get("section")
    found = [one for one in findings.environments if section is None or one.section == section]
    return found[0] if len(found) == 1 else None


def _name(environment: Environment, root: Path) -> str:
    where = environment.ini or environment.pyproject
    return f"[{environment.section}] of {shown(where, root)}" if where else shown(environment.script_location, root)


def _about_heads(environment: Environment) -> tuple[Diagnostic, ...]:
    if len(environment.heads) < 2:
        return ()
    heads = ", ".join(environment.heads)
    return (HEADS.diagnostic(f"the chain has {len(environment.heads)} heads: {heads}"),)


def describe_database(
    findings: Findings, environment: Environment, url: str, scratch_url: str | None = None
) -> Described:
    """Return the specification of a database, which is only read.

    Raises:
        EnvironmentFailureError: The database cannot be reached.
    """
    from alembic_vibe.postgres.copies import read_copy
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.restoring import as_migrated

    copy = read_copy(url)
    # Whoever owns Alembic's table runs the migrations: what belongs to that role needs no owner in the document.
    catalog = as_migrated(copy.catalog, next(iter(copy.owners.values()), None), copy.role)
    with scratch_server(scratch_url) as server:
        return _describe(catalog, findings, environment, server)


def describe_chain(findings: Findings, environment: Environment, scratch_url: str | None) -> Described:
    """Return the specification of what the chain makes on the scratch server.

    Raises:
        ConfigurationError: The settings of the project are wrong.
        DecisionNeededError: The chain has several heads.
        EnvironmentFailureError: The chain cannot be run.
    """
    from alembic_vibe.config import load_project
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.recall import Recall

    project = load_project(environment.ini or environment.pyproject, findings.root)
    with (
        Chain(project.home or project.root, project.section, project.search) as chain,
        scratch_server(scratch_url) as server,
    ):
        return _describe(Recall(project, chain, server).state(), findings, environment, server)


def _describe(catalog: Catalog, findings: Findings, environment: Environment, server: ScratchServer) -> Described:
    from alembic_vibe.describe.document import describe
    from alembic_vibe.describe.model import Wishes

    wishes = Wishes(environment.version_table, environment.version_schema)
    described = describe(catalog, title_of(findings.root), wishes, server)
    # Where there is nothing to describe, the specification to begin with is the better one.
    return described if described.catalog.facts else replace(described, text="")
