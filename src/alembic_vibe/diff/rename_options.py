"""``--rename old=new``: which table or column each name means, found in both states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.identifiers import read_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.results import Rename

_PUBLIC = "public"


class Claim(NamedTuple):
    """Somebody says that ``new`` was called ``old``; ``option`` is what was given on the command line."""

    new: Key
    old: Key
    option: str = ""


@dataclass
class ReadOptions:
    """What the options mean, and what is wrong with those that mean nothing, or more than one thing."""

    claims: list[Claim] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_options(
    options: Sequence[Rename], before: Catalog, after: Catalog, tables: Mapping[Key, Key] | None = None
) -> ReadOptions:
    """Find the tables and columns that ``--rename`` names.

    ``a.b=c`` may mean a column or a table in schema ``a``: what exists decides. A name without quotes is first taken as
    it is written, then as PostgreSQL folds it (a shell takes quotes away).

    Args:
        options: The options.
        before: What the chain makes.
        after: What the spec says.
        tables: Tables that have a new name anyway, by the new key: their columns may be named with either.
    """
    result = ReadOptions()
    known = dict(tables or {})
    texts = {option: f"{option.old}={option.new}" for option in options}
    for option in options:
        found = _best([c for c in _meanings(option, texts[option], {}) if c.new.kind is Kind.TABLE], before, after)
        known.update({claim.new: claim.old for claim in found[:1] if _fit(claim, before, after, {}) == _FITS})
    for option in options:
        claims = _best(list(_meanings(option, texts[option], known)), before, after, known)
        if len(claims) > 1 and len(read_name(option.new)) > 1:
            claims = [claim for claim in claims if claim.new.kind is Kind.TABLE]  # both names are qualified alike
        if len(claims) == 1:
            result.claims += claims
        elif claims:
            names = " or ".join(str(claim.old) for claim in claims)
            result.problems.append(f"--rename {texts[option]} can mean {names}: name the schema as well")
        else:
            result.problems.append(
                f"--rename {texts[option]}: the chain has no table or column {option.old} that the specification calls "
                f"{option.new}"
            )
    return result


_FITS, _IS_DONE, _FITS_NOT = 2, 1, 0


def _best(claims: list[Claim], before: Catalog, after: Catalog, tables: Mapping[Key, Key] | None = None) -> list[Claim]:
    """Return the meanings that fit; failing that those which have been carried out already."""
    ranked = [(_fit(claim, before, after, tables or {}), claim) for claim in dict.fromkeys(claims)]
    highest = max((rank for rank, _ in ranked), default=_FITS_NOT)
    return [claim for rank, claim in ranked if rank == highest > _FITS_NOT]


def _fit(claim: Claim, before: Catalog, after: Catalog, tables: Mapping[Key, Key]) -> int:
    if not _exists(claim.new, after):
        return _FITS_NOT
    if claim.new.kind is Kind.TABLE:
        was_old, was_new = _exists(claim.old, before), _exists(claim.new, before)
    else:
        table = Key(Kind.TABLE, claim.new.schema, claim.new.name)
        source = tables.get(table, table)
        at_source = claim.old._replace(schema=source.schema, name=source.name)
        was_old, was_new = _exists(at_source, before), _exists(at_source._replace(member=claim.new.member), before)
    if was_old:
        return _FITS
    return _IS_DONE if was_new else _FITS_NOT


def _exists(key: Key, catalog: Catalog) -> bool:
    table = catalog.facts.get(Key(Kind.TABLE, key.schema, key.name))
    if not isinstance(table, Table):
        return False
    return key.kind is Kind.TABLE or any(column.name == key.member for column in table.columns)


def _meanings(option: Rename, text: str, tables: Mapping[Key, Key]) -> Iterator[Claim]:
    for fold in (False, True):
        old, new = read_name(option.old, fold=fold), read_name(option.new, fold=fold)
        if not old or not new:
            continue
        if len(old) < 3 and len(new) < 3:
            was = Key(Kind.TABLE, old[0] if len(old) > 1 else _PUBLIC, old[-1])
            yield Claim(Key(Kind.TABLE, new[0] if len(new) > 1 else was.schema, new[-1]), was, text)
        if len(old) > 1:
            named = Key(Kind.TABLE, *(old[:2] if len(old) > 2 else (_PUBLIC, old[0])))
            for table in [named, *(now for now, was in tables.items() if was == named)]:
                if len(new) == 1 or _names(new[:-1], table):
                    key = Key(Kind.COLUMN, table.schema, table.name, new[-1])
                    yield Claim(key, key._replace(member=old[-1]), text)


def _names(parts: tuple[str, ...], table: Key) -> bool:
    return parts == (table.schema, table.name) or (table.schema == _PUBLIC and parts == (table.name,))
