"""How the Markdown parser is set up: CommonMark with three departures that real specifications need.

Fences labelled ``markdown`` are transparent wrappers whose own fences are paired by nesting, because CommonMark would
end such a wrapper at the first bare fence inside it. A SQL fence also ends where another labelled fence opens, so that
one forgotten closing line does not swallow the rest. Front matter is skipped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

SQL_LANGUAGES = frozenset({"sql", "postgresql", "postgres", "pgsql", "psql", "plpgsql"})
WRAPPER_LANGUAGES = frozenset({"markdown", "md", "mdx", "gfm", "commonmark"})

_MIN_FENCE = 3
_TAB = 4


def language_of(info: str) -> str:
    """Return the first word of a fence's info string, in lower case: ``sql`` for ``SQL title="x"`` and ``{.sql}``."""
    words = info.replace("{", " ").replace("}", " ").replace(",", " ").split()
    return words[0].lstrip(".").lower() if words else ""


@lru_cache(maxsize=1)
def make_parser() -> MarkdownIt:
    """Make the parser: CommonMark blocks with tables; inline text is left as it is written."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    parser.block.ruler.at("fence", _fence_rule, {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.before("table", "front_matter", _front_matter_rule)
    return parser


class _Marker(NamedTuple):
    """A line that opens or closes a fence."""

    char: str
    length: int
    info: str

    @property
    def language(self) -> str:
        return language_of(self.info)

    def closes(self, opening: _Marker) -> bool:
        return not self.info and self.char == opening.char and self.length >= opening.length


def _marker_at(state: StateBlock, line: int) -> _Marker | None:
    start = state.bMarks[line] + state.tShift[line]
    end = state.eMarks[line]
    if end - start < _MIN_FENCE:
        return None
    char = state.src[start]
    if char not in "`~":
        return None
    text = state.src[start:end]
    info = text.lstrip(char)
    length = len(text) - len(info)
    if length < _MIN_FENCE or (char == "`" and "`" in info):
        return None
    return _Marker(char, length, info.strip())


def _fence_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    opening = _marker_at(state, start)
    if opening is None:
        return False
    if silent:
        return True
    if opening.language in WRAPPER_LANGUAGES:
        _wrapper(state, start, end, opening)
    else:
        _plain_fence(state, start, end, opening)
    return True


def _leaves_container(state: StateBlock, line: int) -> bool:
    """Whether a line is indented too little to belong to the list item that is open."""
    return not state.isEmpty(line) and state.sCount[line] < state.blkIndent


def _plain_fence(state: StateBlock, start: int, end: int, opening: _Marker) -> None:
    closed = False
    line = start + 1
    while line < end and not _leaves_container(state, line):
        marker = _marker_at(state, line)
        if marker is not None and not state.is_code_block(line):
            closed = marker.closes(opening)
            if closed or _reopens(marker, opening):
                break
        line += 1
    indent = state.sCount[start]
    token = state.push("fence", "code", 0)
    token.info = opening.info
    token.map = [start, line + closed]
    token.meta = {"closed": closed, "lines": [_content_of(state, n, indent) for n in range(start + 1, line)]}
    state.line = line + closed


def _reopens(marker: _Marker, opening: _Marker) -> bool:
    """Whether a labelled fence inside a SQL fence shows that the latter was never closed: SQL has no such line."""
    return bool(marker.info) and marker.char == opening.char and opening.language in SQL_LANGUAGES


def _content_of(state: StateBlock, line: int, indent: int) -> tuple[int, int]:
    """Return where a line of a fence starts and ends, without the indentation that the fence itself has.

    A tab that is only partly indentation is left out as a whole, so that offsets stay exact.
    """
    start, end = state.bMarks[line], state.eMarks[line]
    limit = min(start + state.tShift[line], end)
    width = 0
    while start < limit and width < indent:
        width += _TAB - (width + state.bsCount[line]) % _TAB if state.src[start] == "\t" else 1
        start += 1
    return start, end


def _wrapper(state: StateBlock, start: int, end: int, opening: _Marker) -> None:
    """Parse the inside of a ``markdown`` fence as if it stood there without the fence."""
    line, closed = _wrapper_end(state, start, end, opening)
    token = state.push("wrapper_open", "div", 1)
    token.map = [start, line + closed]
    token.meta = {"closed": closed}
    old_max, old_parent, old_tight = state.lineMax, state.parentType, state.tight
    state.lineMax, state.parentType = line, "root"
    state.md.block.tokenize(state, start + 1, line)
    state.lineMax, state.parentType, state.tight = old_max, old_parent, old_tight
    state.push("wrapper_close", "div", -1)
    state.line = line + closed


def _wrapper_end(state: StateBlock, start: int, end: int, opening: _Marker) -> tuple[int, bool]:
    """Find the closing line of a wrapper: labelled fences open a level, bare ones close the innermost.

    A bare fence with nothing to close ends the wrapper, unless it looks like the start of an unlabelled fence inside.
    """
    inside: list[_Marker] = []
    line = start + 1
    while line < end and not _leaves_container(state, line):
        marker = _marker_at(state, line)
        if marker is None:
            pass
        elif inside:
            if marker.closes(inside[-1]):
                inside.pop()
            elif marker.info and inside[-1].language in WRAPPER_LANGUAGES:
                inside.append(marker)
            elif _reopens(marker, inside[-1]):
                inside[-1] = marker
        elif marker.closes(opening) and not _opens_inside(state, line, end):
            return line, True
        else:
            inside.append(marker)
        line += 1
    return line, False


def _opens_inside(state: StateBlock, line: int, end: int) -> bool:
    """Whether a bare fence introduces something: text right below it, a blank line or an introduction above it."""
    above = _bare(state, line - 1)
    introduced = not above or above.startswith("#") or above.rstrip("*_").endswith(":")
    return introduced and line + 1 < end and bool(_bare(state, line + 1)) and _marker_at(state, line + 1) is None


def _front_matter_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Skip the YAML between two ``---`` lines at the very top, which CommonMark would read as a heading."""
    if start or state.blkIndent or _bare(state, 0) != "---":
        return False
    for line in range(1, end):
        if _bare(state, line) in {"---", "..."}:
            if not silent:
                state.line = line + 1
            return True
    return False


def _bare(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]].strip()
