"""A revision that comes right after another: its id, its file, its text, and the children that follow it then."""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.lint.fixes.model import Edit, Refusal
from alembic_vibe.lint.places import Places
from alembic_vibe.lint.report import span_of
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from mako.lookup import TemplateLookup

    from alembic_vibe.lint.chain import Chain
    from alembic_vibe.lint.fixes.model import FollowUp
    from alembic_vibe.lint.model import Revision

_SLUG = 40  # Alembic's own limit (`truncate_slug_length`)
_LONGEST_NUMBER = 8  # twelve digits are a hash without letters, or a date
_DATED = re.compile(r"[\W\d_]*")


class NewFile(NamedTuple):
    """The new revision, and the edits of the files of its children."""

    id: str
    path: Path
    text: str
    children: Mapping[Path, list[Edit]]


def follow(
    chain: Chain, revision: Revision, what: FollowUp, ids: Collection[str], files: Collection[Path], now: datetime
) -> NewFile:
    """Return the revision that comes right after another one.

    Args:
        chain: All revisions.
        revision: The one that it follows.
        what: What it does.
        ids: Those that are taken.
        files: Those that are taken.
        now: Its date of creation.

    Raises:
        Refusal: A child cannot be made to follow it.
    """
    if not chain.is_whole or chain.duplicates or chain.cycles:
        raise Refusal("it cannot be told which revisions follow it")
    new_id = _id(revision, what, ids)
    path = _path(revision, new_id, what.title, files)
    children = [other for other in chain.revisions if any(parent is revision for parent in _parents(chain, other))]
    return NewFile(
        new_id,
        path,
        _text(revision, new_id, what, now),
        {one.path: _moved(one, revision.id, new_id) for one in children},
    )


def _id(revision: Revision, what: FollowUp, taken: Collection[str]) -> str:
    """Return an id in the style of the chain: the next number where it counts, else twelve hexadecimal digits."""
    if all(found.isdigit() and len(found) <= _LONGEST_NUMBER for found in taken):
        return f"{max(map(int, taken)) + 1:0{len(revision.id)}d}"
    text = f"{revision.id}\0{what.title}\0{what.upgrade}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _path(revision: Revision, new_id: str, title: str, taken: Collection[Path]) -> Path:
    """Return the path of the new file, named as the one of the revision that it follows."""
    slug = _slug(title)
    stem = revision.path.stem
    before, found, behind = stem.partition(revision.id)
    if not found:
        name = f"{stem}_{slug}"
    elif behind or _DATED.fullmatch(before):
        name = f"{before}{new_id}{behind[:1] + slug if behind else ''}"
    else:  # the id comes last
        name = f"{slug}{before[-1]}{new_id}"
    path = revision.path.with_name(f"{name}.py")
    return path if path not in taken and not path.exists() else path.with_name(f"{name}_{new_id}.py")


def _slug(title: str) -> str:
    """Return a title as Alembic makes a slug of it (``ScriptDirectory._rev_path`` in 1.20)."""
    slug = "_".join(re.findall(r"\w+", title.lower()))
    return slug if len(slug) <= _SLUG else slug[:_SLUG].rsplit("_", 1)[0] + "_"


def _text(revision: Revision, new_id: str, what: FollowUp, now: datetime) -> str:
    """Return the text of the new revision."""
    upgrade = _render("lint/follow_up_upgrade.mako", statements=what.upgrade, before=what.before, after=what.after)
    downgrade = _render("lint/follow_up_downgrade.mako", statements=what.downgrade)
    text = _render(
        "vibe/script.py.mako",
        message=_one_line(what.title),
        up_revision=new_id,
        down_revision=revision.id,
        branch_labels=None,
        depends_on=None,
        create_date=now,
        comma=str,
        imports="\n".join(what.imports),
        upgrades=upgrade.strip("\n"),
        downgrades=downgrade.strip("\n"),
    )
    require_python(text)
    return text


def require_python(text: str) -> None:
    """Raise ``Refusal`` for a text that is no Python."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise Refusal("the repaired text does not parse") from error


def _one_line(title: str) -> str:
    return " ".join(title.replace("\\", "").replace('"', "").split())


def _parents(chain: Chain, revision: Revision) -> tuple[Revision, ...]:
    downs = set(revision.down)
    return tuple(
        parent for parent in chain.parents(revision) if parent.id in downs or downs.intersection(parent.branch_labels)
    )


def _moved(child: Revision, old: str, new: str) -> list[Edit]:
    """Return the edits that give a child its new parent, in what Alembic reads and in the docstring."""
    text = child.source.text
    tree = ast.parse(text)
    places = Places(text)
    edits = []
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="down_revision")], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id="down_revision"), value=ast.expr() as value):
                pass
            case _:
                continue
        for node in ast.walk(value):
            if isinstance(node, ast.Constant) and node.value == old:
                span = span_of(places.of(node), child.source)
                quote = text[span.end - 1]
                edits.append(Edit(span.start, span.end, f"{quote}{new}{quote}"))
    if len(edits) != 1:
        raise Refusal(f"{child.source.path} does not name it plainly as its parent")
    docstring = tree.body[0]
    if isinstance(docstring, ast.Expr) and isinstance(docstring.value, ast.Constant):
        span = span_of(places.of(docstring), child.source)
        line = re.search(r"^Revises:[^\n]*", text[span.start : span.end], re.MULTILINE)
        if line is not None:
            for found in re.finditer(rf"(?<![\w-]){re.escape(old)}(?![\w-])", line[0]):
                at = span.start + line.start() + found.start()
                edits.append(Edit(at, at + len(old), new))
    return edits


@cache
def _lookup() -> TemplateLookup:
    from mako.lookup import TemplateLookup

    return TemplateLookup(directories=[str(template_dir())], strict_undefined=True, input_encoding="utf-8")


def _render(template: str, **values: object) -> str:
    return str(_lookup().get_template(template).render_unicode(**values))
