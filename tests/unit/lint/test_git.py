"""Which files a branch adds or changes, as real git repositories say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alembic_vibe.lint.git import CI_VARIABLES, GitError, changed_files, is_commit
from tests.unit.lint.repositories import Repository


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CI_VARIABLES, "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)


def put(path: Path, text: str = "1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def changed(repository: Repository, folder: str = "versions", ref: str | None = None) -> set[str]:
    found = changed_files([repository.path / folder], ref)
    return {path.relative_to(repository.path.resolve()).as_posix() for path in found.paths}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A default branch with two files, and a branch of it that is checked out."""
    made = Repository(tmp_path / "repo")
    put(made.path / "versions/old.py", "old\n")
    put(made.path / "versions/older.py", "older\n")
    put(made.path / "other/x.py")
    made.commit()
    made.git("checkout", "--quiet", "-b", "work")
    return made


def test_committed_staged_changed_and_untracked_files_count(repository: Repository) -> None:
    versions = repository.path / "versions"
    put(versions / "committed.py")
    repository.commit()
    put(versions / "staged.py")
    repository.git("add", "versions/staged.py")
    put(versions / "new one — é.py")
    put(versions / "old.py", "changed\n")
    put(repository.path / "other/y.py")
    assert changed(repository) == {
        "versions/committed.py",
        "versions/staged.py",
        "versions/new one — é.py",
        "versions/old.py",
    }


def test_what_the_default_branch_has_gained_since_does_not_count(repository: Repository) -> None:
    put(repository.path / "versions/mine.py")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    put(repository.path / "versions/theirs.py")
    put(repository.path / "versions/old.py", "theirs\n")
    repository.commit()
    repository.git("checkout", "--quiet", "work")
    assert changed(repository) == {"versions/mine.py"}
    repository.git("merge", "--quiet", "main")
    assert changed(repository) == {"versions/mine.py"}


def test_ignored_deleted_and_moved_files_do_not_count(repository: Repository) -> None:
    put(repository.path / ".gitignore", "*_draft.py\n")
    put(repository.path / "versions/a_draft.py")
    repository.git("rm", "--quiet", "versions/older.py")
    repository.git("mv", "versions/old.py", "versions/2026_old.py")
    assert changed(repository) == set()
    put(repository.path / "versions/2026_old.py", "old\nand more\n")
    assert changed(repository) == {"versions/2026_old.py"}


def test_on_the_default_branch_only_what_is_not_committed_counts(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "main")
    assert changed(repository) == set()
    put(repository.path / "versions/new.py")
    assert changed(repository) == {"versions/new.py"}


def test_origin_comes_before_the_local_branch(repository: Repository, tmp_path: Path) -> None:
    repository.git("checkout", "--quiet", "main")
    clone = repository.clone(tmp_path / "clone")
    put(clone.path / "versions/new.py")
    clone.commit()  # on main itself, not pushed
    found = changed_files([clone.path / "versions"])
    assert {path.name for path in found.paths} == {"new.py"}
    assert found.base == "origin/main"
    clone.git("remote", "set-head", "origin", "--delete")
    assert changed_files([clone.path / "versions"]) == found


@pytest.mark.parametrize("variable", CI_VARIABLES)
def test_a_ci_job_names_the_target(
    repository: Repository, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("checkout", "--quiet", "-b", "release/1", "main")
    put(repository.path / "versions/released.py")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "fix")
    put(repository.path / "versions/fix.py")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    clone = repository.clone(tmp_path / "clone", "--branch", "fix")
    assert changed(clone) == {"versions/released.py", "versions/fix.py"}
    monkeypatch.setenv(variable, "release/1")
    assert changed(clone) == {"versions/fix.py"}
    monkeypatch.setenv(variable, "elsewhere")
    with pytest.raises(GitError, match=f"`elsewhere` .{variable}. was not fetched"):
        changed(clone)


def test_a_detached_merge_commit_as_ci_checks_it_out(repository: Repository) -> None:
    put(repository.path / "versions/mine.py")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    put(repository.path / "versions/theirs.py")
    repository.commit()
    repository.git("checkout", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-ff", "-m", "merge", "work")
    assert changed(repository) == {"versions/mine.py"}


def test_a_shallow_clone_without_a_common_commit(repository: Repository, tmp_path: Path) -> None:
    put(repository.path / "versions/mine.py")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    put(repository.path / "versions/theirs.py")
    repository.commit()
    clone = repository.clone(tmp_path / "clone", "--depth=1", "--no-single-branch", "--branch", "work")
    with pytest.raises(GitError, match="shallow"):
        changed(clone)
    alone = repository.clone(tmp_path / "alone", "--depth=1", "--branch", "work")
    with pytest.raises(GitError, match="no branch to compare with"):
        changed(alone)


def test_a_commit_to_compare_with(repository: Repository) -> None:
    put(repository.path / "versions/one.py")
    first = repository.commit()
    put(repository.path / "versions/two.py")
    repository.commit()
    repository.git("tag", "v1", first)
    assert changed(repository, ref="v1") == {"versions/two.py"}
    assert changed(repository, ref=first[:10]) == {"versions/two.py"}
    assert changed(repository, ref="HEAD~2") == {"versions/one.py", "versions/two.py"}
    assert is_commit(repository.path, "v1")
    assert not is_commit(repository.path, "v2")
    assert not is_commit(repository.path, "--help")
    with pytest.raises(GitError, match="`v2` is not"):
        changed(repository, ref="v2")


def test_a_repository_without_commits_or_branches(tmp_path: Path) -> None:
    made = Repository(tmp_path / "repo", branch="odd")
    put(made.path / "versions/a.py")
    with pytest.raises(GitError, match="no branch to compare with"):
        changed(made)
    made.commit()
    with pytest.raises(GitError, match="no branch to compare with"):
        changed(made)


def test_unrelated_histories(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "--orphan", "apart")
    with pytest.raises(GitError, match="no commit yet"):
        changed(repository)
    repository.commit("another beginning")
    with pytest.raises(GitError, match="no common commit"):
        changed(repository)


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(GitError, match=r"^this is not a git repository$"):
        changed_files([tmp_path / "versions"])
    assert not is_commit(tmp_path, "main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match=r"^git is not installed$"):
        changed_files([tmp_path / "versions"])


def test_a_project_below_the_top_of_its_repository(repository: Repository) -> None:
    put(repository.path / "services/shop api/migrations/versions/a.py")
    put(repository.path / "services/billing/migrations/versions/b.py")
    assert changed(repository, "services/shop api/migrations") == {"services/shop api/migrations/versions/a.py"}


def test_another_working_tree_of_the_repository(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "-b", "beside", str(tmp_path / "tree"), "main")
    put(tmp_path / "tree/versions/beside.py")
    put(repository.path / "versions/here.py")
    found = changed_files([tmp_path / "tree/versions"])
    assert {path.name for path in found.paths} == {"beside.py"}


def test_a_submodule_is_a_repository_of_its_own(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    put(inner.path / "versions/in_main.py")
    inner.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"file://{inner.path}", "db")
    put(repository.path / "db/versions/new.py")
    put(repository.path / "versions/mine.py")
    found = changed_files([repository.path / "versions", repository.path / "db/versions"])
    assert {path.name for path in found.paths} == {"new.py", "mine.py"}


def test_the_variables_of_a_hook_do_not_mislead(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    put(repository.path / "versions/new.py")
    monkeypatch.chdir(repository.path)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert changed(repository) == {"versions/new.py"}


def test_settings_of_the_user_do_not_change_the_answer(repository: Repository) -> None:
    for key, value in {
        "diff.external": "false",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "status.showUntrackedFiles": "no",
    }.items():
        repository.git("config", key, value)
    put(repository.path / "versions/old.py", "changed\n")
    put(repository.path / "versions/ñ.py")
    assert changed(repository) == {"versions/old.py", "versions/ñ.py"}


def test_a_new_time_alone_is_no_change(repository: Repository) -> None:
    os.utime(repository.path / "versions/old.py", (1, 1))
    assert changed(repository) == set()
