"""Rules about the chain and env.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.diagnostics import Severity
from alembic_vibe.lint import rules
from alembic_vibe.lint.environment import parse_environment
from alembic_vibe.lint.model import Finding, Revision
from alembic_vibe.source import Source
from tests.unit.lint.revision_files import at, chain_of, simple

MODULES = {module.RULE.slug: module for module in rules.modules()}


def found(rule: str, folder: Path, files: dict[str, str | bytes]) -> list[tuple[Revision, Finding]]:
    return list(MODULES[rule].check_chain(chain_of(folder, files)))


def labelled(id_: str, label: str, down: str | None = None) -> str:
    return simple(id_, down, f"branch_labels = ({label!r},)")


@pytest.mark.parametrize(
    ("files", "heads"),
    [
        ({"a": simple("a"), "b": simple("b", "a")}, []),
        ({"a": simple("a"), "b": simple("b", "a"), "c": simple("c", "a")}, ["b", "c"]),
        ({"a": simple("a"), "b": simple("b", "a"), "c": simple("c", "a"), "d": simple("d", ("b", "c"))}, []),
        ({"a": simple("a"), "b": simple("b")}, ["a", "b"]),
        # Labels make branches that are wanted, as long as every head has one of its own.
        ({"a": labelled("a", "shop"), "b": labelled("b", "blog")}, []),
        ({"a": simple("a"), "b": labelled("b", "blog")}, []),
        ({"a": labelled("a", "shop"), "b": simple("b", "a"), "c": simple("c", "a")}, ["b", "c"]),
        ({"a": simple("a"), "b": labelled("b", "x", "a"), "c": labelled("c", "y", "a")}, []),
        ({"a": simple("a"), "b": labelled("b", "x", "a"), "c": simple("c", "a"), "d": simple("d", "a")}, ["c", "d"]),
        # What depends on a head does not follow it.
        ({"a": simple("a"), "b": simple("b", None, "depends_on = 'a'")}, ["a", "b"]),
        (  # two branches that depend on each other's revisions
            {
                "a": simple("a", None, "branch_labels = (cli.EXPAND,)"),
                "b": simple("b", "d", "depends_on = 'a'"),
                "c": simple("c", "a", "depends_on = 'd'"),
                "d": simple("d", None, "branch_labels = (cli.CONTRACT,)"),
            },
            [],
        ),
        # A head may be the parent that this revision computes.
        ({"a": simple("a"), "b": simple("b", "a"), "c": "revision = 'c'\ndown_revision = last()\n"}, []),
    ],
)
def test_multiple_heads(tmp_path: Path, files: dict[str, str], heads: list[str]) -> None:
    answer = found("multiple-heads", tmp_path, {f"{name}.py": text for name, text in files.items()})
    assert [revision.id for revision, _ in answer] == heads
    for revision, finding in answer:
        assert all(head in finding.message for head in heads)
        assert finding.place is None  # where the revision's id stands
        assert at(revision.id_place, revision.source) == repr(revision.id)


def test_duplicate_revision(tmp_path: Path) -> None:
    answer = found("duplicate-revision", tmp_path, {"a.py": simple("x"), "b.py": simple("x"), "c.py": simple("y", "x")})
    assert [(revision.source.path, finding.message) for revision, finding in answer] == [
        ("a.py", "the revision id x is also that of b.py"),
        ("b.py", "the revision id x is also that of a.py"),
    ]


def test_unknown_parent(tmp_path: Path) -> None:
    answer = found(
        "unknown-parent",
        tmp_path,
        {
            "a.py": simple("a1b2c3d4"),
            "b.py": simple("b", ("a1b2c3d4", "gone")),
            "c.py": simple("c", "a1b2"),
            "d.py": simple("d", "b", "depends_on = ['a1b2c3d5']"),
        },
    )
    said = {revision.id: (finding, at(finding.place, revision.source)) for revision, finding in answer if finding.place}
    assert said["b"][0].message == "no file has the revision gone that down_revision names"
    assert said["b"][1] == "('a1b2c3d4', 'gone')"
    assert said["c"][0].help is not None
    assert "whole id, `a1b2c3d4`" in said["c"][0].help
    assert said["d"][0].message == "no file has the revision a1b2c3d5 that depends_on names"
    assert said["d"][1] == "['a1b2c3d5']"
    assert said["d"][0].help is not None
    assert "Did you mean `a1b2c3d4`?" in said["d"][0].help


def test_a_file_whose_id_is_computed_may_be_the_parent(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": "revision = make()\ndown_revision = None\n", "b.py": simple("b", "a")}
    assert found("unknown-parent", tmp_path, files) == []


def test_revision_syntax_error(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": simple("a"), "b.py": simple("b", "a") + "op.run(\n", "c.py": b"\xff"}
    answer = found("revision-syntax-error", tmp_path, files)
    assert sorted((revision.source.path, finding.place and finding.place.line) for revision, finding in answer) == [
        ("b.py", 8),
        ("c.py", 1),
    ]


def test_syntax_error_of_env_py() -> None:
    (finding,) = MODULES["revision-syntax-error"].check_environment(parse_environment(Source("env.py", "x = (\n"), {}))
    assert finding.place.line == 1
    assert "env.py" in finding.message


def test_revision_cycle(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.py": simple("a", "b"), "b.py": simple("b", "a"), "c.py": simple("c", "c")}
    answer = found("revision-cycle", tmp_path, {**files, "d.py": simple("d", "c")})
    assert [finding.message for _, finding in answer] == [
        "a comes before itself: it and b follow each other",
        "b comes before itself: it and a follow each other",
        "c comes before itself: it names itself",
    ]


def test_unplaced_revision(tmp_path: Path) -> None:
    answer = found(
        "unplaced-revision",
        tmp_path,
        {
            "a.py": "revision = make()\ndown_revision = None\n",
            "b.py": "revision = 'b'\n",
            "c.py": "revision = 'c'\ndown_revision = last()\n",
            "d.py": simple("d", "b"),
            "e.py": "revision = (\n",
        },
    )
    said = {revision.source.path: finding for revision, finding in answer}
    assert sorted(said) == ["a.py", "b.py", "c.py"]
    assert said["b.py"].severity is Severity.ERROR
    assert said["c.py"].place is not None
    assert said["c.py"].place.line == 2


@pytest.mark.parametrize(("given", "count"), [("", 1), (", transaction_per_migration=True", 0), (", **options()", 0)])
def test_env_transaction_per_migration(given: str, count: int) -> None:
    source = Source("env.py", f"x = 1\ncontext.configure(connection=c{given})\n")
    answer = list(MODULES["env-transaction-per-migration"].check_environment(parse_environment(source, {})))
    assert len(answer) == count
    for finding in answer:
        assert at(finding.place, source) == "context.configure(connection=c)"


def test_the_examples_of_env_transaction_per_migration() -> None:
    module = MODULES["env-transaction-per-migration"]
    for text, count in ((module.RULE.bad, 1), (module.RULE.good, 0)):
        assert len(list(module.check_environment(parse_environment(Source("env.py", text), {})))) == count


@pytest.mark.parametrize("rule", ["multiple-heads", "duplicate-revision", "unknown-parent", "revision-cycle"])
def test_the_examples_of_rules_about_the_chain(tmp_path: Path, rule: str) -> None:
    module = MODULES[rule]
    for name, expected in (("bad", True), ("good", False)):
        files: dict[str, str | bytes] = {"0001.py": simple("0001"), "0002.py": simple("0002", "0001")}
        for number, part in enumerate(getattr(module.RULE, name).split("\n\n")):
            files[f"x{number}.py"] = part
        assert bool(found(rule, tmp_path / name, files)) == expected
        for other in ("multiple-heads", "duplicate-revision", "unknown-parent", "revision-cycle"):
            assert expected or not found(other, tmp_path / name, files)


@pytest.mark.parametrize("rule", ["revision-syntax-error", "unplaced-revision"])
def test_the_examples_of_rules_about_one_file(tmp_path: Path, rule: str) -> None:
    for name, expected in (("bad", True), ("good", False)):
        answer = found(rule, tmp_path / name, {"a.py": "down_revision = None\n" * (rule[0] == "r") + (
            "revision = 'a'\n" * (rule[0] == "r") + getattr(MODULES[rule].RULE, name))})  # fmt: skip
        assert bool(answer) == expected


def test_the_sample_project_has_none_of_them() -> None:
    from alembic_vibe.lint.chain import read_chain

    root = Path(__file__).parents[3] / "sample_project"
    chain = read_chain([root / "migrations" / "versions"], root)
    assert len(chain.revisions) > 40
    for rule, check in rules.with_hook("check_chain"):
        assert list(check(chain)) == [], rule.slug
