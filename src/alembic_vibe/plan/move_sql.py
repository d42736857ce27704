"""The SQL of columns that move to another table (recipes 45 and 46): triggers both ways, and filling one.

AFTER triggers write what has changed into the other table, where it is not there yet; that ends the circle, however
deep triggers stand in each other. Whoever writes a child's row locks its parent's row, so that two writers wait for
each other there; where they do so crosswise PostgreSQL ends one with 40P01, and that one tries again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.blocks import execute, vibe_name
from alembic_vibe.plan.casting import compared_as_text
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.plan.written import written
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.plan.moving import Move
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.sql.compose import Part


@dataclass(frozen=True)
class _Written:
    """A pair of columns in a template; ``…_required``: no NULL can be written there."""

    parent: Name
    child: Name
    parent_required: bool
    child_required: bool
    text: str


class MoveSql:
    """The statements of one move."""

    def __init__(self, move: Move) -> None:
        self.move = move
        self.link = move.link
        self.parent, self.child = name_of(move.link.parent), name_of(move.link.child)
        self._keys = list(zip(map(Name, self.link.parent_columns), map(Name, self.link.child_columns), strict=True))
        self._pairs = [self._written(old, new) for old, new in move.pairs]

    def _written(self, old: Column, new: Column) -> _Written:
        needs_old = old.not_null and old.name not in self.move.loosened
        needs_new = self.move.split and new.not_null
        text = "::text" if compared_as_text(old.type) else ""
        if self.move.from_parent:
            return _Written(Name(old.name), Name(new.name), needs_old, needs_new, text)
        return _Written(Name(new.name), Name(old.name), needs_new, needs_old, text)

    # -- triggers ---------------------------------------------------------------------------------------------------

    @property
    def pulls(self) -> bool:
        """Whether new rows of the child take their values from the parent, which the running release writes."""
        return self.move.from_parent and not self.move.split

    @property
    def _deletes(self) -> bool:
        """Whether a release that deletes a parent's row would be stopped by a child's that it does not know."""
        return not self.link.cascades and not self.pulls

    def make(self, table: Key) -> tuple[Operation, ...]:
        """Return what makes the function and the triggers that watch one of the tables."""
        known = {
            "parent": self.parent,
            "child": self.child,
            "keys": [(str(p), str(c)) for p, c in self._keys],
            "pairs": self._pairs,
            "deletes": self._deletes,
        }
        if table == self.link.parent:
            wanted = [compose("{p} IS NOT NULL", p=pair.parent) for pair in self._pairs if pair.child_required]
            if not self.move.split:
                some = [compose("{p} IS NOT NULL", p=pair.parent) for pair in self._pairs]
                wanted.append(f"({' OR '.join(some)})")
            known |= {"grows": self.move.grows, "wanted": " AND ".join(wanted)}
            create = written("move_parent", function=name_of(self._function(table)), **known)
        else:
            create = written("move_child", function=name_of(self._function(table)), pulls=self.pulls, **known)
        return (create, *(execute(sql, **parts) for sql, parts in self._triggers(table)))

    def remove(self, table: Key) -> tuple[Operation, ...]:
        """Return what removes them."""
        return (
            *(
                execute("DROP TRIGGER {trigger} ON {table}", trigger=parts["trigger"], table=parts["table"])
                for _, parts in reversed(list(self._triggers(table)))
            ),
            execute("DROP FUNCTION {function}()", function=name_of(self._function(table))),
        )

    def _triggers(self, table: Key) -> Iterator[tuple[str, dict[str, Part]]]:
        known: dict[str, Part] = {"table": name_of(table), "function": name_of(self._function(table))}
        rows = "FOR EACH ROW EXECUTE FUNCTION {function}()"
        if table == self.link.child:
            event = "INSERT OR UPDATE" if self.pulls else "INSERT"
            sql = f"CREATE TRIGGER {{trigger}} BEFORE {event} ON {{table}} {rows}"
            yield sql, {**known, "trigger": self._name("first")}
            event = "INSERT OR UPDATE" if self.pulls else "INSERT OR UPDATE OR DELETE"
            sql = f"CREATE TRIGGER {{trigger}} AFTER {event} ON {{table}} {rows}"
            yield sql, {**known, "trigger": self._name("back")}
            return
        changed = " OR ".join(
            compose(
                "OLD.{column}{text} IS DISTINCT FROM NEW.{column}{text}", column=pair.parent, text=Printed(pair.text)
            )
            for pair in self._pairs
        )
        if self.move.grows:
            sql = "CREATE CONSTRAINT TRIGGER {trigger} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED " + rows
            yield sql, {**known, "trigger": self._name("insert")}
        sql = "CREATE TRIGGER {trigger} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({changed}) "
        sql += "EXECUTE FUNCTION {function}()"
        yield sql, {**known, "trigger": self._name("update"), "changed": Printed(changed)}
        if self._deletes:
            yield (
                "CREATE TRIGGER {trigger} BEFORE DELETE ON {table} " + rows,
                {**known, "trigger": self._name("delete")},
            )

    def _name(self, what: str) -> Name:
        return Name(vibe_name("move", what, *_parts(self.move.old_table), *_parts(self.move.new_table)))

    def _function(self, table: Key) -> Key:
        side = "parent" if table == self.link.parent else "child"
        name = vibe_name("move", side, *_parts(self.move.old_table), *_parts(self.move.new_table))
        return Key(Kind.FUNCTION, SCHEMA, name)

    # -- conditions -------------------------------------------------------------------------------------------------

    @property
    def _joined(self) -> str:
        return " AND ".join(
            compose("{child}.{c} = {parent}.{p}", child=self.child, parent=self.parent, c=c, p=p) for p, c in self._keys
        )

    def _differs(self, *, required: bool) -> str:
        """Return the condition that a pair differs; ``required``: but for a NULL that cannot be written."""
        sql = "{parent}.{p}{text} IS DISTINCT FROM {child}.{c}{text}"
        found = []
        for pair in self._pairs:
            parts: dict[str, Part] = {"parent": self.parent, "child": self.child, "p": pair.parent, "c": pair.child}
            text = compose(sql, **parts, text=Printed(pair.text))
            if required and pair.child_required:
                text += compose(" AND {parent}.{p} IS NOT NULL", parent=self.parent, p=pair.parent)
            if required and pair.parent_required:
                text += compose(" AND {child}.{c} IS NOT NULL", child=self.child, c=pair.child)
            found.append(text)
        return " OR ".join(found)

    def _some(self) -> str:
        """Return the condition of parent rows that have something to say, and can say it in a child's row."""
        one = "{parent}.{p} IS NOT NULL"
        some = " OR ".join(compose(one, parent=self.parent, p=pair.parent) for pair in self._pairs)
        needed = [compose(one, parent=self.parent, p=pair.parent) for pair in self._pairs if pair.child_required]
        return " AND ".join([f"({some})", *needed])

    @property
    def _without_child(self) -> str:
        sql = "NOT EXISTS (SELECT FROM {child} WHERE {joined})"
        return compose(sql, child=self.child, joined=Printed(self._joined))

    # -- filling ----------------------------------------------------------------------------------------------------

    def to_do(self) -> str:
        """Return the condition of rows that the backfill has still to do: of the parent in a split."""
        if self.move.split:
            needed = [
                compose("{parent}.{p} IS NOT NULL", parent=self.parent, p=pair.parent)
                for pair in self._pairs
                if pair.child_required
            ]
            return " AND ".join([self._without_child, *needed])
        other = self.parent if self.move.from_parent else self.child
        sql = "EXISTS (SELECT FROM {other} WHERE {joined} AND ({differs}))"
        return compose(sql, other=other, joined=Printed(self._joined), differs=Printed(self._differs(required=False)))

    def insert(self) -> str:
        """Return the INSERT … SELECT … FROM the parent that makes children."""
        sql = "INSERT INTO {child} ({columns}) SELECT {values} FROM {parent}"
        return compose(
            sql,
            child=self.child,
            columns=[*(c for _, c in self._keys), *(pair.child for pair in self._pairs)],
            values=[*(p for p, _ in self._keys), *(pair.parent for pair in self._pairs)],
            parent=self.parent,
        )

    def assignments(self) -> str:
        """Return what follows SET where the new table, which is in use, is filled."""
        sql = "{new} = (SELECT {old} FROM {table} WHERE {joined})"
        table = name_of(self.move.old_table)
        return ", ".join(
            compose(
                sql,
                new=Name(new.name),
                old=Printed(compose("{table}.{old}", table=table, old=Name(old.name))),
                table=table,
                joined=Printed(self._joined),
            )
            for old, new in self.move.pairs
        )

    def disagreeing(self) -> str:
        """Return the query that counts the rows of the old table whose values are not in the new one."""
        if self.move.split:
            sql = "SELECT count(*) FROM {parent} LEFT JOIN {child} ON {joined} WHERE {differs}"
        else:
            sql = "SELECT count(*) FROM {parent} JOIN {child} ON {joined} WHERE {differs}"
        return compose(
            sql,
            parent=self.parent,
            child=self.child,
            joined=Printed(self._joined),
            differs=Printed(self._differs(required=True)),
        )

    def refill(self, names: Mapping[str, str] | None = None) -> Iterator[Operation]:
        """Yield what fills the old columns from the new ones.

        Args:
            names: The names that old columns have now, by their own; only these are filled.
        """
        table, source = name_of(self.move.old_table), name_of(self.move.new_table)
        pairs = [(old, new) for old, new in self.move.pairs if names is None or old.name in names]
        written_names = {old.name: Name((names or {}).get(old.name, old.name)) for old, _ in pairs}
        values, differs = [], []
        for old, new in pairs:
            parts: dict[str, Part] = {"table": table, "source": source}
            parts |= {"old": written_names[old.name], "new": Name(new.name)}
            text = Printed("::text" if compared_as_text(old.type) else "")
            keep = old.not_null and old.name not in self.move.loosened
            sql = "{old} = coalesce({source}.{new}, {table}.{old})" if keep else "{old} = {source}.{new}"
            used = {name: part for name, part in parts.items() if keep or name != "table"}
            values.append(compose(sql, **used))
            sql = "{table}.{old}{text} IS DISTINCT FROM {source}.{new}{text}"
            differs.append(
                compose(sql, **parts, text=text)
                + (compose(" AND {source}.{new} IS NOT NULL", source=source, new=Name(new.name)) if keep else "")
            )
        yield execute(
            "UPDATE {table} SET {values} FROM {source} WHERE {joined} AND ({differs})",
            table=table,
            values=Printed(", ".join(values)),
            source=source,
            joined=Printed(self._joined),
            differs=Printed(" OR ".join(differs)),
        )
        if self.move.split:
            nothing = ", ".join(compose("{old} = NULL", old=name) for name in written_names.values())
            some = " OR ".join(compose("{old} IS NOT NULL", old=name) for name in written_names.values())
            yield execute(
                "UPDATE {table} SET {nothing} WHERE {alone} AND ({some})",
                table=table,
                nothing=Printed(nothing),
                alone=Printed(self._without_child),
                some=Printed(some),
            )
        elif self.move.grows and names is None:
            sql = "{insert} WHERE {some} AND {alone} ON CONFLICT DO NOTHING"
            yield execute(
                sql, insert=Printed(self.insert()), some=Printed(self._some()), alone=Printed(self._without_child)
            )
        yield Execute("SET CONSTRAINTS ALL IMMEDIATE")


def _parts(table: Key) -> Iterable[str]:
    return (table.name,) if table.schema == "public" else (table.schema, table.name)
