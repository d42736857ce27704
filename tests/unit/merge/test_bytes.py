"""Whatever a file looks like, only the statements of what changed are touched: line endings, encoding and all else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Constraint, Table, TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.merge import Merged, Request, merge_models
from alembic_vibe.render.models import ModelSection

KEY = Key(Kind.TABLE, "public", "things")
INTEGER = TypeRef(text="integer", base="integer")
TEXT = TypeRef(text="text", base="text")
ID = Column(name="id", type=INTEGER, not_null=True)
NAME = Column(name="name", type=TEXT)
OLD = Column(name="old", type=TEXT)
PRIMARY = Constraint(
    key=Key(Kind.CONSTRAINT, "public", "things", "things_pkey"),
    kind="p",
    definition="PRIMARY KEY (id)",
    columns=("id",),
)


def catalog(*columns: Column) -> Catalog:
    """Return a catalog of one table."""
    return Catalog({KEY: Table(key=KEY, columns=(ID, *columns)), PRIMARY.key: PRIMARY})


def merge(data: bytes, before: Catalog, after: Catalog) -> Merged:
    """Merge one file."""
    sections = [ModelSection("things", "Things", (KEY,))]
    return merge_models(Request({"models.py": data}, {"models.py": "models"}, before, after, after, sections))


HEAD = "from sqlalchemy import Column, Integer, Text\nfrom sqlalchemy.orm import declarative_base\n"
NOISE = st.lists(
    st.sampled_from(
        [
            "",
            "# a comment: (, [, {, ' and \"",
            "    # indented, é",
            "x  =  {'a':1 ,'b' : [ 1,2 ]}   # odd",
            "def f( a,b = 2 ) :\n\treturn (a,\n  b)  ;  g = 3",
            "if x : y = 1 ; z = 2",
            'TEXT = """\n  Column("old", Text)\n"""',
            "class Other :\n\told = 1\n\t# old",
            "lambda : ( yield )",
            "    ",
            "\f",
        ]
    ),
    max_size=6,
)
INSIDE = st.lists(
    st.sampled_from(
        [
            "",
            "# inside",
            "    # deeper than it should be",
            "def method(self) : return ( self.id, )",
            "@property\n{pad}def p( self ):\n{pad}  # why\n{pad}  return {{ 'a' : self.id }}",
            "limit = 3 ; other = 'x'",
            "'a string'",
        ]
    ),
    max_size=4,
)


STARTS = [("utf-8", b"", ""), ("utf-8", b"\xef\xbb\xbf", ""), ("latin-1", b"", "# coding: latin-1\n")]


@settings(max_examples=20, deadline=None)
@given(
    before=NOISE,
    after=NOISE,
    inside=INSIDE,
    pad=st.sampled_from(["    ", "  ", "\t"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    start=st.sampled_from(
        [("utf-8", b"", ""), ("utf-8", b"\xef\xbb\xbf", ""), ("latin-1", b"", "# coding: latin-1\n")]
    ),
    ends=st.booleans(),
)
def test_everything_else_stays(
    before: list[str],
    after: list[str],
    inside: list[str],
    pad: str,
    newline: str,
    start: tuple[str, bytes, str],
    ends: bool,
) -> None:
    encoding, bom, cookie = start
    noise = "".join(f"{line}\n" for line in before if line.strip() != "lambda : ( yield )")
    members = "".join(f"{pad}{part.format(pad=pad)}\n" if part else "\n" for part in inside)
    old = f"{pad}old = Column(Text)  # goes\n"
    changed = f"{pad}name = Column(Text)"
    text = (
        f"{cookie}{HEAD}{noise}\nBase = declarative_base()\nclass Thing(Base):\n{pad}__tablename__ = 'things'\n"
        f"{pad}id = Column(Integer, primary_key=True)\n{old}{changed}  # stays\n{members}\n"
        + "".join(f"{line}\n" for line in after if line.strip() != "lambda : ( yield )")
    )
    text = text if ends else text.rstrip("\n")
    data = bom + text.replace("\n", newline).encode(encoding)
    merged = merge(data, catalog(OLD, NAME), catalog(replace(NAME, not_null=True)))
    out = merged.files["models.py"]
    assert [d.code for d in merged.diagnostics if d.code != "AV854"] == []
    wanted = text.replace(old, "").replace(changed, f"{pad}name = Column(Text, nullable=False)")
    assert (out.encode() if isinstance(out, str) else out) == bom + wanted.replace("\n", newline).encode(encoding)
    assert merge(data, catalog(NAME), catalog(NAME)).files == {}


@pytest.mark.parametrize(
    ("data", "line"), [(b"class Thing(Base:\n    pass\n", 1), (b"x = 1\ny = (\n", 2), (b"x = '\xff'\n", 0)]
)
def test_a_file_that_is_no_python_stops_the_merge(data: bytes, line: int) -> None:
    merged = merge(data, catalog(OLD), catalog(NAME))
    assert merged.files == {}
    (found,) = merged.diagnostics
    assert (found.code, found.shown_path) == ("AV852", "models.py")
    assert found.line in {line, line + 1}
    assert merge(data, catalog(OLD), catalog(OLD)).diagnostics == ()
