"""Which revisions of a chain are linted."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.git import CI_VARIABLES
from alembic_vibe.lint.selection import chain_folders, select
from tests.unit.lint.repositories import Repository, write


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CI_VARIABLES, "ALEMBIC_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def chosen(
    folder: Path, *, everything: bool = False, since: str | None = None, paths: tuple[Path, ...] = ()
) -> tuple[list[str], str]:
    chain = read_chain([folder], folder)
    selection = select(chain, folder, all=everything, since=since, paths=paths)
    return [revision.id for revision in selection.revisions], selection.note


def refused(folder: Path, since: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        chosen(folder, since=since)
    (found,) = caught.value.diagnostics
    assert found.help
    return f"{found.message} / {found.help}"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chain without a repository: a1 → b2 → (c3, d4) → e5, and a branch of its own, x1 → x2."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    folder = tmp_path / "versions"
    write(folder, "a1aa")
    write(folder, "b2bb", "a1aa")
    write(folder, "c3cc", "b2bb")
    write(folder, "d4dd", "b2bb")
    write(folder, "e5ee", ("c3cc", "d4dd"))
    write(folder, "x1xx", labels=("extra",))
    write(folder, "x2xx", "x1xx")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """``old`` on the default branch, ``new`` (after it) on the branch that is checked out."""
    made = Repository(tmp_path / "repo")
    write(made.path / "versions", "0ld1")
    made.commit()
    made.git("checkout", "--quiet", "-b", "work")
    write(made.path / "versions", "new1", "0ld1")
    made.commit()
    return made


def test_by_default_what_the_branch_adds(repository: Repository) -> None:
    folder = repository.path / "versions"
    assert chosen(folder) == (["new1"], "compared with main")
    write(folder, "new2", "new1")
    assert chosen(folder)[0] == ["new1", "new2"]
    assert chosen(folder, everything=True) == (["0ld1", "new1", "new2"], "")


def test_nothing_new(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "main")
    assert chosen(repository.path / "versions") == ([], "compared with main")


def test_without_git_the_whole_chain_and_the_reason(tree: Path) -> None:
    ids, note = chosen(tree)
    assert len(ids) == 7
    assert note == "the whole chain is linted, since it cannot be told what is new: this is not a git repository"


def test_a_link_to_the_project_changes_nothing(repository: Repository, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(repository.path, target_is_directory=True)
    assert chosen(link / "versions")[0] == ["new1"]


@pytest.mark.parametrize(
    ("since", "ids"),
    [
        ("base", "a1aa b2bb c3cc d4dd e5ee x1xx x2xx"),
        ("a1aa", "b2bb c3cc d4dd e5ee x1xx x2xx"),
        ("c3cc", "d4dd e5ee x1xx x2xx"),
        ("c3", "d4dd e5ee x1xx x2xx"),
        ("e5ee", "x1xx x2xx"),
        ("heads", ""),
        ("extra", "a1aa b2bb c3cc d4dd e5ee x2xx"),
        ("extra@head", "a1aa b2bb c3cc d4dd e5ee"),
        ("extra@head-1", "a1aa b2bb c3cc d4dd e5ee x2xx"),
        ("c3cc-1", "c3cc d4dd e5ee x1xx x2xx"),
        ("d4-2", "b2bb c3cc d4dd e5ee x1xx x2xx"),
        ("b2bb-2", "a1aa b2bb c3cc d4dd e5ee x1xx x2xx"),
        ("b2bb-9", "a1aa b2bb c3cc d4dd e5ee x1xx x2xx"),
    ],
)
def test_since_a_revision(tree: Path, since: str, ids: str) -> None:
    assert chosen(tree, since=since)[0] == ids.split()


def test_since_head_of_a_chain_with_one_head(repository: Repository) -> None:
    folder = repository.path / "versions"
    assert chosen(folder, since="head") == ([], "what comes after head")
    assert chosen(folder, since="head-1")[0] == ["new1"]
    assert chosen(folder, since="head-2")[0] == ["0ld1", "new1"]


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("head", ["leads to 2 revisions: ", "e5ee", "x2xx"]),
        ("e5ee-1", ["leads to 2 revisions: c3cc, d4dd"]),
        ("x", ["beginning of 2 revisions: x1xx, x2xx", "Write more"]),
        ("nowhere", ["is no revision, and git does not help: this is not a git repository"]),
        ("a1ab", ["Did you mean `a1aa`?"]),
        ("extar", ["Did you mean `extra`?"]),
        ("--upload-pack=x", ["is no revision"]),
        ("", ["is no revision"]),
    ],
)
def test_since_what_is_not_one_thing(tree: Path, since: str, words: list[str]) -> None:
    message = refused(tree, since)
    assert [word for word in words if word not in message] == []


def test_since_a_commit(repository: Repository) -> None:
    folder = repository.path / "versions"
    repository.git("tag", "released", "main")
    assert chosen(folder, since="released") == (["new1"], "compared with released")
    assert chosen(folder, since="HEAD") == ([], "compared with HEAD")
    assert chosen(folder, since="HEAD~1")[0] == ["new1"]
    assert "neither a revision nor a commit" in refused(folder, "realeased")


def test_a_revision_comes_before_a_commit_of_that_name(repository: Repository) -> None:
    repository.git("branch", "0ld1", "HEAD")
    assert chosen(repository.path / "versions", since="0ld1") == (["new1"], "what comes after 0ld1")
    repository.git("branch", "0ld", "HEAD")
    assert "is a commit of git and the beginning of 0ld1" in refused(repository.path / "versions", "0ld")


def test_since_a_commit_without_a_common_one(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "--orphan", "apart")
    repository.commit("another beginning")
    assert "no common commit" in refused(repository.path / "versions", "main")


def test_paths(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(tree, paths=(tree / "b2bb.py", tree / "x1xx.py")) == (["b2bb", "x1xx"], "")
    assert len(chosen(tree, paths=(tmp_path,))[0]) == 7
    monkeypatch.chdir(tree)
    assert chosen(tree, paths=(Path("c3cc.py"),))[0] == ["c3cc"]
    (tree / "helper.py").write_text("x = 1\n")
    assert chosen(tree, paths=(tree / "helper.py", tree / "b2bb.py")) == (["b2bb"], "no revision to lint in helper.py")
    with pytest.raises(ConfigurationError, match="nowhere"):
        chosen(tree, paths=(tree / "nowhere.py",))


def test_paths_and_since_together(tree: Path) -> None:
    assert chosen(tree, since="b2bb", paths=(tree / "a1aa.py", tree / "c3cc.py"))[0] == ["c3cc"]


def test_a_revision_that_cannot_be_read_is_never_left_out(tree: Path) -> None:
    (tree / "broken.py").write_text("def upgrade(:\n")
    assert "broken.py" in {r.path.name for r in select(read_chain([tree], tree), tree, since="heads").revisions}


def test_folders_of_the_chain(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    inside = write(tmp_path / "migrations/versions", "a1")
    outside = write(tmp_path / "elsewhere/versions", "b1")
    project = load_project(None, tmp_path)
    own = (tmp_path / "migrations/versions",)
    assert chain_folders(project, ()) == own
    assert chain_folders(project, (inside,)) == own
    assert chain_folders(project, (tmp_path,)) == own
    assert chain_folders(project, (outside,)) == (outside.parent,)
    assert chain_folders(project, (tmp_path / "elsewhere",)) == (outside.parent,)
    empty = load_project(None, tmp_path / "elsewhere", require_environment=False)
    assert chain_folders(empty, (outside,)) == (outside.parent,)
    with pytest.raises(ConfigurationError, match="missing"):
        chain_folders(project, (tmp_path / "missing",))
