"""Whatever a document looks like, it is read without an exception and every place in it is exact."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from alembic_vibe.source import Source
from alembic_vibe.spec.coverage import coverage
from alembic_vibe.spec.reader import SpecReading, read_spec_text

sql_lines = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r`~"), max_size=30),
    min_size=1,
    max_size=8,
)
pieces = st.sampled_from(
    [
        "## 5. Database Architecture & Schema Design",
        "# Section 5: Database Schema",
        "### 5.3 Core",
        "### 5.P Performance",
        "### {Feature Name} Schema",
        "#### Users",
        "```sql",
        "```markdown",
        "```",
        "````",
        "~~~sql",
        "~~~",
        "   ```sql",
        "   ```",
        "- item",
        "  - **Name:** value",
        "**Primary Database:** PostgreSQL 15+",
        "**Query Timeout:** 30 seconds",
        "> quoted",
        "> ```sql",
        "> ```",
        "\t\tCREATE TABLE a (id int);",
        "CREATE TABLE é (id int); -- 😀",
        "| a | b\\|c |",
        "|---|---|",
        "<!--",
        "-->",
        "---",
        "",
        "[A / B / C]",
        "\u2028 \x0b \x00",
    ]
)
newlines = st.sampled_from(["\n", "\r\n", "\r"])


def check_places(reading: SpecReading, text: str) -> None:
    for diagnostic in reading.diagnostics:
        assert diagnostic.source is not None
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    if reading.spec is None:
        return
    for block in reading.spec.blocks:
        for offset, char in enumerate(block.text):
            assert text[block.map.to_source(offset)] == char
        assert block.map.to_source(len(block.text) - 1) + 1 == block.span.end
        assert block.map.to_source(0) == block.span.start
    for section in reading.spec.sections:
        for label in section.labels:
            assert label.name in text[label.span.start : label.span.end]
        for item in (*section.items, *section.headings):
            first_word = item.text.split()[:1]
            assert not first_word or first_word[0].strip("*_`") in text[slice(*item.span)].replace("\0", "\ufffd")


@settings(deadline=None, max_examples=150)
@given(
    lines=sql_lines,
    fence=st.sampled_from(["```", "````", "~~~", "~~~~~"]),
    info=st.sampled_from(["sql", "SQL", "postgresql", "pgsql", 'sql title="x"', " postgres"]),
    style=st.sampled_from(["plain", "list", "deep list", "quote", "spaces", "tab list", "wrapped", "wrapped list"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    bom=st.booleans(),
    final=st.booleans(),
)
def test_sql_is_read_exactly(
    lines: list[str], fence: str, info: str, style: str, newline: str, bom: bool, final: bool
) -> None:
    lines = ["CREATE TABLE t (", *lines, ");"]
    prefix = {
        "list": "   ",
        "deep list": "      ",
        "quote": "> ",
        "spaces": "  ",
        "tab list": "\t",
        "wrapped list": "  ",
    }
    indent = prefix.get(style, "")
    document = ["## 5. Database Architecture & Schema Design", "", "**Primary Database:** PostgreSQL", ""]
    if style.startswith("wrapped"):
        document.insert(0, "```markdown")
    document += {
        "list": ["1. one"],
        "deep list": ["1. one", "   - two", "     1. three"],
        "tab list": ["- one", ""],
    }.get(style, ["- item"] if style == "wrapped list" else [])
    document += [indent + line for line in (fence + info, *lines, fence)]
    if style.startswith("wrapped"):
        document.append("```")
    text = "\ufeff" * bom + newline.join(document) + newline * final
    reading = read_spec_text(Source("spec.md", text))
    assert reading.spec is not None, reading.diagnostics
    check_places(reading, text)
    (block,) = reading.spec.blocks
    assert [line.strip() for line in block.text.split("\n")[:-1]] == [line.strip() for line in lines]
    if style != "tab list":
        assert block.text == "".join(line + "\n" for line in lines)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(pieces, newlines), max_size=40))
@example([("# Section 5: Database Schema", "\n"), ("```sql", "\n"), ("CREATE TABLE a ();", "\r\n"), ("```", "\r")])
def test_any_document_is_read_without_an_exception(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + newline for piece, newline in parts)
    reading = read_spec_text(Source("spec.md", text))
    check_places(reading, text)
    if reading.spec is not None:
        check_nothing_is_passed_over(reading)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(pieces, newlines), max_size=25))
def test_nothing_in_a_section_is_passed_over(parts: list[tuple[str, str]]) -> None:
    start = "## 5. Database Architecture & Schema Design\n```sql\nCREATE TABLE a ();\n```\n"
    skipped = ("```", "~~~", "   ```", "> ```", "# Section", "[A / B")
    text = start + "".join(piece + newline for piece, newline in parts if not piece.startswith(skipped))
    reading = read_spec_text(Source("spec.md", text))
    assume(reading.spec is not None)
    check_places(reading, text)
    check_nothing_is_passed_over(reading)


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    check_places(read_spec_text(Source("spec.md", text)), text)


def check_nothing_is_passed_over(reading: SpecReading) -> None:
    """Every line with a letter in it has an entry, but for comments in SQL, fences and the heads of tables."""
    spec = reading.spec
    assert spec is not None
    covered = {line for entry in coverage(spec) for line in range(entry.line, entry.last_line + 1)}
    for extent in spec.extents:
        first, last = spec.source.position(extent.start).line, spec.source.position(extent.end - 1).line
        for line in range(first, last + 1):
            text = spec.source.line_text(line).strip("> \t\r")
            if text.startswith(("```", "~~~", "|")) or not any(char.isalpha() for char in text):
                continue
            assert line in covered, (line, text)
