"""The labels of the linters' corpus fit its files: they are what all linters are judged by."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from bench.lint.labels import VERSIONS, Labelled, LabelledProject, corpus, small_projects

PROJECTS = [corpus(), *small_projects()]

# The rows of the rule table that revisions can show, and how often they do at least.
RULES = {
    "index-not-concurrent": 12,
    "concurrently-in-transaction": 6,
    "concurrently-not-alone": 2,
    "concurrently-if-not-exists": 2,
    "drop-index-not-concurrent": 5,
    "reindex-not-concurrent": 2,
    "add-column-not-null-no-default": 6,
    "add-column-volatile-default": 5,
    "add-column-identity-serial": 3,
    "add-column-stored-generated": 2,
    "add-column-constrained-domain": 2,
    "add-column-inline-check": 2,
    "add-column-inline-fk": 2,
    "add-column-inline-unique": 2,
    "column-type-rewrite": 9,
    "column-type-reindex": 3,
    "set-not-null": 6,
    "fk-not-valid": 5,
    "check-not-valid": 3,
    "validate-same-transaction": 4,
    "unique-without-index": 3,
    "pk-without-index": 2,
    "pk-using-nullable-index": 1,
    "exclusion-constraint": 2,
    "drop-column": 4,
    "drop-table": 3,
    "rename-column": 3,
    "rename-table": 2,
    "set-schema": 1,
    "rename-enum-value": 1,
    "drop-type": 2,
    "drop-constraint-fk": 2,
    "drop-default": 2,
    "drop-not-null": 2,
    "enum-add-value-used": 3,
    "backfill-in-schema-tx": 6,
    "unbounded-dml": 4,
    "truncate": 2,
    "scan-after-strong-lock": 3,
    "lock-timeout-missing": 3,
    "set-local-outside-tx": 2,
    "partition-attach-scan": 2,
    "partition-detach": 2,
    "trigger-lock": 3,
    "heavy-maintenance": 5,
    "json-type": 2,
    "fk-missing-index": 4,
    "missing-downgrade": 3,
    "opaque-sql": 2,
    "partially-analyzed": 2,
    "identifier-too-long": 3,
    "dml-on-forced-rls": 2,
    "contract-without-expand": 2,
    "downgrade-loses-data": 2,
    "multiple-heads": 2,
    "duplicate-revision": 2,
    "revision-syntax-error": 1,
    "env-transaction-per-migration": 1,
}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_every_revision_is_labelled_once_and_either_way(project: LabelledProject) -> None:
    on_disk = {path.resolve() for path in (project.folder / VERSIONS).glob("*.py")}
    assert {labelled.path for labelled in project.revisions} == on_disk
    assert all(path.is_file() for path in project.files)
    for labelled in project.files.values():
        assert bool(labelled.violations) != bool(labelled.safe), labelled.path


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_every_label_is_on_the_line_of_a_statement_of_its_function(project: LabelledProject) -> None:
    for labelled in project.files.values():
        for label in (*labelled.violations, *labelled.tolerated):
            assert label.rules <= RULES.keys()
            if label.rule == "revision-syntax-error":
                with pytest.raises(SyntaxError) as caught:
                    ast.parse(labelled.path.read_text("utf-8"))
                assert caught.value.lineno == label.line
                continue
            tree = ast.parse(labelled.path.read_text("utf-8"))
            assert label.line in _statement_lines(tree), (labelled.path, label)
            _in_its_function(tree, labelled, label.line, label.direction)


def test_no_revision_names_a_rule_or_its_label() -> None:
    """A linter, or who writes one, must not be able to read the answer in the file."""
    for project in PROJECTS:
        for labelled in project.files.values():
            text = labelled.path.read_text("utf-8")
            assert "#!" not in text
            assert not [rule for rule in RULES if rule in text and rule != "truncate"], labelled.path


def test_there_are_enough_of_each() -> None:
    found = Counter(
        label.rule for project in PROJECTS for labelled in project.files.values() for label in labelled.violations
    )
    assert {rule: (found[rule], least) for rule, least in RULES.items() if found[rule] < least} == {}
    assert found.keys() == RULES.keys()
    revisions = corpus().revisions
    assert len(revisions) >= 170
    assert sum(bool(labelled.violations) for labelled in revisions) >= 95
    assert sum(bool(labelled.safe) for labelled in revisions) >= 75


def _statement_lines(tree: ast.Module) -> set[int]:
    return {node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.Call)}


def _in_its_function(tree: ast.Module, labelled: Labelled, line: int, direction: str) -> None:
    """A line in ``upgrade`` is labelled so, and vice versa; a helper may serve either."""
    if not direction or labelled.path.name == "env.py":
        return
    other = {"upgrade": "downgrade", "downgrade": "upgrade"}[direction]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if direction not in functions:
        return  # that is what the label says
    there = functions.get(other)
    assert there is None or not there.lineno <= line <= (there.end_lineno or 0), (labelled.path, line)
