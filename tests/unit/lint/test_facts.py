"""What the source of a revision tells."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from alembic_vibe.lint.facts import find_revision
from alembic_vibe.lint.model import START, Direction
from alembic_vibe.source import Source
from tests.unit.lint.revision_files import at, revision_of

HEAD = 'revision = "b2"\ndown_revision = "a1"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('down_revision = "a1"', ("a1",)),
        ("down_revision = None", ()),
        ('down_revision: str | None = "a1"', ("a1",)),
        ('down_revision: Union[str, Sequence[str], None] = ("a1", "a2")', ("a1", "a2")),
        ('down_revision = ["a1", "a2"]', ("a1", "a2")),
        ('down_revision = "a" "1"', ("a1",)),
        ('down_revision = "a" + "1"', ("a1",)),
        ('BEFORE = "a1"\ndown_revision = BEFORE', ("a1",)),
        ('BEFORE = "a1"\ndown_revision = (BEFORE, "x")', ("a1", "x")),
        ('down_revision = "zz"\ndown_revision = "a1"', ("a1",)),
        ('if True:\n    down_revision = "a1"', ("a1",)),
    ],
)
def test_parents(text: str, expected: tuple[str, ...]) -> None:
    revision = revision_of(f'revision = "b2"\n{text}\n')
    assert revision.down == expected
    assert revision.is_placed


def test_all_names_in_one_tuple() -> None:
    revision = revision_of('revision, down_revision = "b2", "a1"\n')
    assert (revision.id, revision.down) == ("b2", ("a1",))


def test_labels_and_dependencies() -> None:
    revision = revision_of(HEAD + 'branch_labels = ("shop",)\ndepends_on = "c3"\n')
    assert (revision.branch_labels, revision.depends_on) == (("shop",), ("c3",))
    revision = revision_of(HEAD + 'branch_labels: str = "shop"\ndepends_on = ["c3", "d4"]\n')
    assert (revision.branch_labels, revision.depends_on) == (("shop",), ("c3", "d4"))


def test_a_computed_label_is_a_label() -> None:
    revision = revision_of(HEAD + "branch_labels = (cli.SHOP,)\n")
    assert (revision.branch_labels, revision.is_placed) == (("(cli.SHOP,)",), True)


def test_places_are_those_of_the_values_in_characters() -> None:
    revision = revision_of('é = "ü"; revision: str = "b2"\ndown_revision = ("ä", "a1")\ndepends_on = None\n')
    assert at(revision.id_place, revision.source) == '"b2"'
    assert at(revision.down_place, revision.source) == '("ä", "a1")'


@pytest.mark.parametrize(
    "text",
    [
        'revision = make("b2")\ndown_revision = "a1"',
        'revision = f"{x}"\ndown_revision = "a1"',
        'from .ids import revision\ndown_revision = "a1"',
    ],
)
def test_a_computed_id_is_no_id(text: str) -> None:
    revision = revision_of(text)
    assert revision.id == ""
    assert not revision.is_placed
    assert find_revision(revision.path, revision.source) is not None


@pytest.mark.parametrize("value", ["before()", '("a1", before())', "[x for x in y]", 'f"{x}"', "a if b else c"])
def test_a_computed_parent_leaves_a_hole(value: str) -> None:
    revision = revision_of(f'revision = "b2"\ndown_revision = {value}\n')
    assert (revision.id, revision.down, revision.is_placed) == ("b2", (), False)


def test_names_that_refer_to_each_other_end() -> None:
    assert not revision_of("x = y\ny = x\ndown_revision = None\nrevision = x\n").is_placed


def test_a_file_without_revision_is_a_helper() -> None:
    assert find_revision(Path("helpers.py"), Source("helpers.py", "def run(): pass\n")) is None


def test_a_file_named_like_an_id_has_that_id() -> None:
    # Alembic 0.1 kept the id in the file's name, and Alembic still reads that.
    found = find_revision(Path("1a2b.py"), Source("1a2b.py", 'down_revision = "ff"\n'))
    assert found is not None
    assert (found.id, found.down) == ("1a2b", ("ff",))


# --- the docstring ----------------------------------------------------------------------------------------------------


def test_the_header_of_the_docstring() -> None:
    revision = revision_of(
        '"""contract orders.note\n\nSection 5.2, lines 1 to 9.\n\n'
        "Phase:           Contract (class C): after the old release is gone\n"
        "Locks:           SHARE on a\n                 SHARE on b\n"
        "Downgrade loses: nothing\n\n    not a continuation\n"
        'Revises: a1\nRevises: a2\n"""\n' + HEAD
    )
    header = revision.facts.header
    assert revision.facts.phase == "contract"
    assert header["locks"] == "SHARE on a\nSHARE on b"
    assert header["downgrade loses"] == "nothing"
    assert header["revises"] == "a1\na2"
    assert revision.facts.docstring.startswith("contract orders.note")


def test_a_time_or_a_link_is_no_key() -> None:
    assert revision_of(f'"""at 12:30\n\nsee https://example.org/x\n"""\n{HEAD}').facts.header == {}


def test_without_a_docstring() -> None:
    facts = revision_of(HEAD).facts
    assert (facts.docstring, facts.header, facts.phase) == ("", {}, "")


# --- functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["pass", "...", '"""Nothing."""', '"""Nothing."""\n    pass', "return", "return None"])
def test_empty_functions(body: str) -> None:
    functions = revision_of(f"{HEAD}def downgrade():\n    {body}\n").facts.functions
    assert functions[Direction.DOWNGRADE].is_empty


@pytest.mark.parametrize("body", ["op.drop_table('a')", "return run()", "raise NotImplementedError", "x = 1"])
def test_functions_that_do_something(body: str) -> None:
    functions = revision_of(f"{HEAD}def downgrade():\n    {body}\n").facts.functions
    assert not functions[Direction.DOWNGRADE].is_empty


def test_a_function_that_refuses() -> None:
    text = f'{HEAD}def downgrade():\n    """Never."""\n    raise NotImplementedError("never")\n'
    assert revision_of(text).facts.functions[Direction.DOWNGRADE].raises
    assert not revision_of(text.replace('"""Never."""', "run()")).facts.functions[Direction.DOWNGRADE].raises


def test_the_place_and_the_comments_of_a_function() -> None:
    revision = revision_of(
        HEAD + "# before\n@traced\nasync def upgrade(engine_name, *, x=1):  # first\n"
        '    """Loses rows."""\n    # second\n    run("# none of it")  # third\n\n# after\n'
    )
    function = revision.facts.functions[Direction.UPGRADE]
    assert at(function.place, revision.source) == "async def upgrade(engine_name, *, x=1):  # first"
    assert (function.first_line, function.last_line, function.parameters) == (4, 8, 2)
    assert function.comments == ("Loses rows.", "first", "second", "third")


def test_another_name_for_a_function_is_that_function() -> None:
    revision = revision_of(HEAD + "def run(): pass\nupgrade = run\ndowngrade = lambda: run()\n")
    upgrade, downgrade = (revision.facts.functions[direction] for direction in Direction)
    assert (at(upgrade.place, revision.source), upgrade.is_empty) == ("def run(): pass", True)
    assert (at(downgrade.place, revision.source), downgrade.is_empty) == ("lambda: run()", False)


def test_imports_everywhere() -> None:
    facts = revision_of(
        "import a.b as c, d\nfrom e import f\nfrom . import g\nfrom .h import *\n"
        "try:\n    import i\nexcept ImportError:\n    import j\n"
        f"{HEAD}def upgrade():\n    if x:\n        from k import l\n"
    ).facts
    assert set(facts.imports) == {"a.b", "d", "e", "e.f", ".", ".g", ".h", "i", "j", "k", "k.l"}


# --- what does not parse ----------------------------------------------------------------------------------------------


def test_a_syntax_error_has_its_place_and_leaves_the_chain_whole() -> None:
    text = HEAD + 'depends_on = ("c3",)\ndef upgrade():\n    op.drop_table("ä" "b"; )\n'
    revision = revision_of(text)
    error = revision.facts.syntax_error
    assert error is not None
    assert at(error.place, revision.source) == ";"
    assert error.reason
    assert (revision.id, revision.down, revision.depends_on) == ("b2", ("a1",), ("c3",))
    assert revision.is_placed
    assert revision.facts.functions == {}


def test_a_merge_that_does_not_parse() -> None:
    text = 'revision: str = "b2"\ndown_revision: tuple[str, ...] = (\n    "a1",\n    "a2",\n)\ndef upgrade(:\n'
    assert revision_of(text).down == ("a1", "a2")
    assert revision_of('revision = "b2"\ndown_revision = None  # "a1"\ndef upgrade(:\n').down == ()


@pytest.mark.parametrize("text", ["x = (\n", 'x = "\n', "x = 1\n  y = 2\n", "\0", "x = 1\0\n", "(" * 500, "def\n"])
def test_any_text_that_does_not_parse_is_told(text: str) -> None:
    revision = revision_of(text)
    error = revision.facts.syntax_error
    assert error is not None
    assert error.place.line >= START.line
    at(error.place, revision.source)  # the place lies within the text
    assert not revision.is_placed


def test_null_bytes_have_a_place_where_python_gives_none() -> None:
    error = revision_of("x = 1\ny = '\0'\n").facts.syntax_error
    assert error is not None
    assert error.place.line in (1, 2)  # Python 3.12 and later answer the first line
    assert "null" in error.reason


def test_python_s_warnings_about_a_text_stay_away_from_the_terminal() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert revision_of(HEAD + 'x = "\\d"\n').facts.syntax_error is None
