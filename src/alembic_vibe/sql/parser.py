"""Parse: the SQL blocks of a specification → statements with places, kinds, comments and annotations."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Severity
from alembic_vibe.source import Source, SourceMap, Span
from alembic_vibe.sql import grammar, rules, tree
from alembic_vibe.sql.classify import classify
from alembic_vibe.sql.comments import Comment, directly_above, is_annotation, read_annotations, read_comment
from alembic_vibe.sql.outline import Outline
from alembic_vibe.sql.problem import Excerpt, SyntaxProblem, guess_made
from alembic_vibe.sql.rules.annotation import stray
from alembic_vibe.sql.statement import (
    Annotation,
    BrokenStatement,
    ParsedSql,
    Statement,
)
from alembic_vibe.sql.suppress import suppress
from alembic_vibe.sql.targets import Targets

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.spec.model import Spec, SqlBlock

__all__ = ["ParsedSql", "parse_spec"]

_ATOMIC = re.compile(r"\bBEGIN\s+ATOMIC\b", re.IGNORECASE)


def parse_spec(spec: Spec) -> ParsedSql:
    """Parse every SQL block of a specification and report each mistake that shows without a server.

    Args:
        spec: The specification as read.

    Returns:
        The statements in document order, what is wrong with them (sorted by place; nothing is raised), and which of
        them must not be executed.
    """
    with grammar.collector_paused():
        run = _Run(spec.source)
        for block in spec.blocks:
            run.block(block)
        outline = Outline(tuple(run.statements))
        run.diagnostics.extend(rules.check(outline))
        diagnostics = suppress(run.statements, run.diagnostics)
        return ParsedSql(
            statements=outline.statements,
            diagnostics=tuple(sorted(diagnostics, key=_place)),
            broken=tuple(run.broken),
            refused=_refused(run.statements, diagnostics),
            repeated=outline.repeated,
            missing_extensions=outline.missing_extensions,
        )


def _place(diagnostic: Diagnostic) -> tuple[int, str]:
    return (diagnostic.span.start if diagnostic.span else 0, diagnostic.code)


def _refused(statements: list[Statement], diagnostics: list[Diagnostic]) -> frozenset[int]:
    """Return the indexes of the definitions inside which an error stands."""
    starts = [statement.span.start for statement in statements]
    refused = set()
    for diagnostic in diagnostics:
        if diagnostic.severity is not Severity.ERROR or diagnostic.span is None:
            continue
        index = bisect_right(starts, diagnostic.span.start) - 1
        if index >= 0 and diagnostic.span.start < statements[index].span.end:
            refused.add(statements[index].index)
    return frozenset(refused)


@dataclass
class _Run:
    source: Source
    statements: list[Statement] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    broken: list[BrokenStatement] = field(default_factory=list)

    def block(self, block: SqlBlock) -> None:
        excerpt = Excerpt(block, self.source, 0, len(block.text))
        found, refused = rules.check_block(excerpt)
        self.diagnostics.extend(found)
        if refused:
            for match in re.finditer(r"\bCREATE\s[^;]*", excerpt.code, re.IGNORECASE):
                self._break(excerpt.block, match.start(), match.end())
            return
        comments = _comments(block.text)
        first, whole = len(self.statements), len(self.broken)
        for start, end, node in self._pieces(block):
            self._add(block, comments, start, end, node)
        self._annotate_trailing(block, comments, first)
        if len(self.broken) == whole:  # else it may belong to what does not parse
            self._report_strays(block, comments, first)

    def _pieces(self, block: SqlBlock) -> list[tuple[int, int, dict[str, Any]]]:
        """Return place and tree of each statement of a block that parses; report the others."""
        text = block.text
        if not grammar.is_too_large(text):
            try:
                return [(start, end, _tree(text[start:end])) for start, end in grammar.split(text)]
            except grammar.GrammarError:
                pass  # One bad statement must not lose the others: split by tokens, and see which one it is.
        try:
            ranges = grammar.split_tolerantly(text)
        except grammar.GrammarError as error:
            self._report(block, 0, len(text), error)
            return []
        pieces: list[tuple[int, int, dict[str, Any]]] = []
        ranges = _join_atomic(text, ranges)
        for start, end in ranges:
            pieces.extend(self._tolerant(block, start, end))
        return pieces

    def _tolerant(self, block: SqlBlock, start: int, end: int) -> list[tuple[int, int, dict[str, Any]]]:
        text = block.text[start:end]
        if not text:
            return []
        if grammar.is_too_large(text):
            self._report(block, start, end, grammar.GrammarError("the statement is too large", 0))
            return []
        try:
            return [(start, end, _tree(text))]
        except grammar.GrammarError as error:
            self._report(block, start, end, error)
            return []

    def _report(self, block: SqlBlock, start: int, end: int, error: grammar.GrammarError) -> None:
        offset = end - start if error.offset is None else min(error.offset, end - start)
        problem = SyntaxProblem(block, self.source, start, end, error.message, offset)
        self.diagnostics.extend(rules.explain(problem))
        self._break(block, start, end)

    def _break(self, block: SqlBlock, start: int, end: int) -> None:
        excerpt = Excerpt(block, self.source, start, end)
        _, name = guess_made(excerpt.text)
        self.broken.append(BrokenStatement(name, excerpt.span(0, end - start), self.source, block.section))

    def _add(self, block: SqlBlock, comments: _Comments, start: int, end: int, node: dict[str, Any]) -> None:
        text = block.text[start:end]
        node_type, body = tree.unwrap(node)
        source_map = _slice_map(block.map, start, end)
        above = directly_above(block.text, comments.all, comments.starts, start)
        inside = comments.between(start, end)
        annotations: list[Annotation] = []
        if any(is_annotation(comment.text) for comment in (*above, *inside)):
            targets = Targets(node_type, body, text)
            for comment in above:
                annotations += [targets.around(found, above=True) for found in self._annotations(block, comment)]
            for comment in inside:
                found = self._annotations(block, comment)
                if found:
                    part = targets.inside(comment.start - start, comment.end - start, full_line=comment.full_line)
                    annotations += [replace(one, target=part.name, target_kind=part.kind) for one in found]
        self.statements.append(
            Statement(
                index=len(self.statements),
                text=text,
                span=Span(source_map.source_starts[0], block.map.to_source(end - 1) + 1),
                source=self.source,
                map=source_map,
                kind=classify(node_type, body),
                node_type=node_type,
                node=node,
                section=block.section,
                heading=block.heading,
                comments=tuple(c.text for c in above if any(map(str.isalnum, c.text)) and not is_annotation(c.text)),
                annotations=tuple(annotations),
            )
        )

    def _annotations(self, block: SqlBlock, comment: Comment) -> tuple[Annotation, ...]:
        return read_annotations(comment.text, _span(block, comment))

    def _annotate_trailing(self, block: SqlBlock, comments: _Comments, first: int) -> None:
        """Give ``CREATE …; -- vibe: ignore …`` to the statement on whose last line it stands."""
        for comment in comments.all:
            if comment.full_line or not is_annotation(comment.text):
                continue
            place = block.map.to_source(comment.start)
            for i in range(len(self.statements) - 1, first - 1, -1):
                statement = self.statements[i]
                if statement.span.start > place:
                    continue
                if statement.span.end <= place and "\n" not in self.source.text[statement.span.end : place]:
                    node_type, body = tree.unwrap(statement.node)
                    targets = Targets(node_type, body, statement.text)
                    added = [targets.around(one, above=False) for one in self._annotations(block, comment)]
                    self.statements[i] = replace(statement, annotations=(*statement.annotations, *added))
                break

    def _report_strays(self, block: SqlBlock, comments: _Comments, first: int) -> None:
        """Report instructions that no statement has taken."""
        taken = {annotation.span for statement in self.statements[first:] for annotation in statement.annotations}
        for comment in comments.all:
            span = _span(block, comment)
            if is_annotation(comment.text) and span not in taken:
                self.diagnostics.append(stray(self.source, span))


def _span(block: SqlBlock, comment: Comment) -> Span:
    return Span(block.map.to_source(comment.start), block.map.to_source(comment.end - 1) + 1)


@dataclass(frozen=True)
class _Comments:
    all: list[Comment]
    starts: list[int]

    def between(self, start: int, end: int) -> list[Comment]:
        return self.all[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _comments(text: str) -> _Comments:
    if "--" not in text and "/*" not in text:
        return _Comments([], [])
    found = [read_comment(text, q.start, q.end) for q in grammar.quoted_ranges(text) if q.kind == "comment"]
    return _Comments(found, [comment.start for comment in found])


def _tree(text: str) -> dict[str, Any]:
    trees = grammar.parse(text)
    return trees[0] if len(trees) == 1 else {}


def _join_atomic(text: str, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what the token splitter tore apart at the semicolons inside ``BEGIN ATOMIC … END``."""
    joined: list[tuple[int, int]] = []
    i = 0
    while i < len(ranges):
        start, end = ranges[i]
        if _ATOMIC.search(grammar.mask(text[start:end])):
            for j in range(i, len(ranges)):
                try:
                    _tree(text[start : ranges[j][1]])
                except grammar.GrammarError:
                    continue
                end, i = ranges[j][1], j
                break
        joined.append((start, end))
        i += 1
    return joined


def _slice_map(block: SourceMap, start: int, end: int) -> SourceMap:
    """Cut the map of a block down to the characters of one statement."""
    first = bisect_right(block.text_starts, start)
    last = bisect_left(block.text_starts, end, first)
    return SourceMap(
        (0, *(line - start for line in block.text_starts[first:last])),
        (block.to_source(start), *block.source_starts[first:last]),
    )
