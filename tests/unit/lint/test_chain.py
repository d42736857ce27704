"""The chain that files make, against what Alembic makes of the same files."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError

from alembic_vibe.lint.chain import Chain, make_chain, read_chain
from tests.unit.lint.revision_files import at, chain_of, revision_of, simple


def alembic(folder: Path, *, recursive: bool = False) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("recursive_version_locations", str(recursive).lower())
    return ScriptDirectory.from_config(config)


def ids(chain: Chain) -> list[str]:
    return [revision.id for revision in chain.revisions]


def heads(chain: Chain) -> list[str]:
    return [revision.id for revision in chain.heads]


BRANCHES = {
    "d.py": simple("d", ("b", "c")),
    "a.py": simple("a"),
    "c.py": simple("c", "a"),
    "b.py": simple("b", "a"),
    "e.py": simple("e", "d"),
    "f.py": simple("f", None, "branch_labels = ('other',)"),
    "g.py": simple("g", "f", "depends_on = ('c', 'e')"),
    "h.py": simple("h", "g", "depends_on = 'other'"),
}


def test_the_same_chain_as_alembic_makes(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, BRANCHES)
    scripts = alembic(tmp_path)
    assert sorted(heads(chain)) == sorted(scripts.get_heads()) == ["e", "h"]
    assert {one.revision for one in scripts.walk_revisions()} == set(ids(chain))
    for revision in chain.revisions:
        theirs = {one.revision for one in scripts.iterate_revisions(revision.id, "base", inclusive=False)}
        assert {one.id for one in chain.ancestors(revision)} >= theirs - {revision.id}


def test_parents_come_first_and_the_order_does_not_change(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, BRANCHES)
    order = ids(chain)
    assert order == ["a", "b", "c", "d", "e", "f", "g", "h"]
    assert ids(make_chain(reversed(chain.revisions))) == order
    for revision in chain.revisions:
        assert all(order.index(parent.id) < order.index(revision.id) for parent in chain.parents(revision))


def test_parents_and_ancestors(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, BRANCHES)
    assert [one.id for one in chain.parents(chain.by_id["g"])] == ["f", "c", "e"]
    assert [one.id for one in chain.parents(chain.by_id["h"])] == ["g", "f"]
    assert [one.id for one in chain.ancestors(chain.by_id["d"])] == ["a", "b", "c"]
    assert chain.ancestors(chain.by_id["a"]) == ()


@pytest.mark.parametrize("recursive", [False, True])
def test_the_files_that_alembic_takes(tmp_path: Path, recursive: bool) -> None:
    files: dict[str, str | bytes] = {
        "a.py": simple("a"),
        "_b.py": simple("b", "a"),
        ".c.py": simple("c", "b"),
        "deep/d.py": simple("d", "c"),
        "deep/deeper/e.py": simple("e", "d"),
        "__init__.py": simple("x"),
        "__init__old.py": simple("x"),
        ".#a.py": simple("x"),
        "a.py.bak": simple("x"),
        "a.pyc": b"\0",
        "__pycache__/f.py": simple("x"),
    }
    chain = chain_of(tmp_path, files, recursive=recursive)
    theirs = {script.revision for script in alembic(tmp_path, recursive=recursive).walk_revisions()}
    assert set(ids(chain)) == theirs
    assert len(chain.revisions) == (5 if recursive else 3)


def test_helpers_are_no_revisions(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"a.py": simple("a"), "helpers.py": "def run(): pass\n"})
    assert ids(chain) == ["a"]


def test_a_folder_that_is_given_twice_or_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.py").write_text(simple("a"), encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    chain = read_chain([tmp_path / "in", tmp_path / "link", tmp_path / "none"], tmp_path)
    assert (ids(chain), chain.duplicates) == (["a"], ())
    assert chain.revisions[0].source.path == "in/a.py"


def test_an_empty_chain() -> None:
    assert make_chain([]) == Chain()


def test_two_files_with_one_id(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"1.py": simple("a"), "2.py": simple("b", "a"), "3.py": simple("b", "a")}
    chain = chain_of(tmp_path, files)
    assert [[one.path.name for one in group] for group in chain.duplicates] == [["2.py", "3.py"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept = alembic(tmp_path).get_revision("b")
    assert kept is not None
    assert chain.by_id["b"].path == Path(kept.path)
    assert [head.path.name for head in chain.heads] == ["3.py"]


@pytest.mark.filterwarnings("ignore:Revision")
def test_a_parent_that_no_file_has(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"a.py": simple("a"), "b.py": simple("b", ("a", "zz")), "c.py": simple("c", "b")})
    assert [(one.revision.id, one.parent, one.nearest) for one in chain.unknown] == [("b", "zz", ())]
    assert ids(chain) == ["a", "b", "c"]
    with pytest.raises(KeyError):
        alembic(tmp_path).get_heads()


@pytest.mark.filterwarnings("ignore:Revision")
@pytest.mark.parametrize("field", ["down_revision", "depends_on"])
def test_a_part_of_an_id_is_not_enough(tmp_path: Path, field: str) -> None:
    chain = chain_of(
        tmp_path, {"a.py": simple("abcdef"), "b.py": f"revision = 'b'\ndown_revision = None\n{field} = 'abc'\n"}
    )
    assert [(one.parent, one.nearest) for one in chain.unknown] == [("abc", ("abcdef",))]
    assert [one.id for one in chain.parents(chain.by_id["b"])] == ["abcdef"]  # the order is clear all the same
    with pytest.raises(KeyError):
        alembic(tmp_path).get_heads()


def test_alembic_refuses_a_revision_without_down_revision(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"a.py": "revision = 'a'\n"})
    assert not chain.is_whole
    with pytest.raises(AttributeError):
        alembic(tmp_path).get_heads()


def test_a_label_may_name_a_parent(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.py": simple("a", None, "branch_labels = 'shop'"),
        "b.py": simple("b", None, "depends_on = 'shop'"),
    }
    chain = chain_of(tmp_path, files)
    assert chain.unknown == ()
    assert [one.id for one in chain.parents(chain.by_id["b"])] == ["a"]
    assert sorted(heads(chain)) == sorted(alembic(tmp_path).get_heads()) == ["a", "b"]


@pytest.mark.parametrize(
    ("files", "cycles"),
    [
        ({"a.py": simple("a", "a")}, [["a"]]),
        ({"a.py": simple("a"), "b.py": simple("b", ("a", "d")), "c.py": simple("c", "b"), "d.py": simple("d", "c")},
         [["b", "c", "d"]]),
        ({"a.py": simple("a", "b"), "b.py": simple("b", "a"), "c.py": simple("c", "d"), "d.py": simple("d", "c")},
         [["a", "b"], ["c", "d"]]),
        ({"a.py": simple("a", None, "depends_on = 'b'"), "b.py": simple("b", "a"), "c.py": simple("c", "b")},
         [["a", "b"]]),
    ],
)  # fmt: skip
def test_circles_end(tmp_path: Path, files: dict[str, str | bytes], cycles: list[list[str]]) -> None:
    chain = chain_of(tmp_path, files)
    assert [[one.id for one in circle] for circle in chain.cycles] == cycles
    assert sorted(ids(chain)) == sorted(name.removesuffix(".py") for name in files)
    with pytest.raises(RevisionError):
        alembic(tmp_path).get_heads()


def test_no_circle_no_cycles(tmp_path: Path) -> None:
    assert chain_of(tmp_path, BRANCHES).cycles == ()


# --- files that cannot be read ----------------------------------------------------------------------------------------


def test_a_file_that_does_not_parse_keeps_its_place(tmp_path: Path) -> None:
    broken = simple("b", "a") + "def more(:\n"
    chain = chain_of(tmp_path, {"a.py": simple("a"), "b.py": broken, "c.py": simple("c", "b")})
    assert (ids(chain), heads(chain), chain.unknown, chain.is_whole) == (["a", "b", "c"], ["c"], (), True)


def test_a_hole_in_the_chain(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, {"a.py": simple("a"), "b.py": "revision = make()\ndown_revision = 'a'\n"})
    assert not chain.is_whole
    assert ids(chain) == ["", "a"] or ids(chain) == ["a", ""]


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (b"# \xe4\nrevision = 'a'\n", (1, 3), "UTF-8"),
        (b"revision = 'a'\nx = '\xc3\xa4' '\xff'\n", (2, 10), "0xff"),
        (b"# -*- coding: klingon -*-\nrevision = 'a'\n", (1, 1), "klingon"),
        (b"# -*- coding: ascii -*-\nrevision = 'a'\nx = '\xe4'\n", (3, 6), "ASCII"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_place(
    tmp_path: Path, data: bytes, place: tuple[int, int], word: str
) -> None:
    (revision,) = chain_of(tmp_path, {"a.py": data}).revisions
    error = revision.facts.syntax_error
    assert error is not None
    assert (error.place.line, error.place.column) == place
    assert word in error.reason
    assert revision.id == "a"


@pytest.mark.parametrize(
    "data",
    [
        "# -*- coding: latin-1 -*-\nrevision = 'ä'\n".encode("latin-1"),
        "\ufeffrevision = 'ä'\n".encode(),
        "# coding of it\r\nrevision = 'ä'\r\n".encode(),
        "x = 1\rrevision = 'ä'\r".encode(),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes) -> None:
    (revision,) = chain_of(tmp_path, {"a.py": data}).revisions
    assert revision.facts.syntax_error is None
    assert revision.id == "ä"
    assert at(revision.id_place, revision.source) == "'ä'"


def test_carriage_returns_stay_for_those_who_write_the_file_again(tmp_path: Path) -> None:
    text = "revision = 'a'\r\nx = 1\r\n"
    (revision,) = chain_of(tmp_path, {"a.py": text}).revisions
    assert revision.source.text == text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "gone.py")
    (revision,) = read_chain([tmp_path], tmp_path).revisions
    assert revision.facts.syntax_error is not None
    assert "cannot be read" in revision.facts.syntax_error.reason


def test_revisions_of_one_id_and_no_id_can_be_told_apart() -> None:
    chain = make_chain([revision_of("revision = x()", "1.py"), revision_of("revision = y()", "2.py")])
    assert len(chain.revisions) == 2
    assert chain.duplicates == ()
