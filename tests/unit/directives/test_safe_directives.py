"""What env.py gets to see of the hook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from alembic_vibe.autogenerate.directives import safe_directives

if TYPE_CHECKING:
    from alembic_vibe.autogenerate.directives.hook import Hook


def script() -> ops.MigrationScript:
    index = ops.CreateIndexOp("ix_orders_note", "orders", ["note"])
    return ops.MigrationScript("1", ops.UpgradeOps([index]), ops.DowngradeOps([index.reverse()]))


def test_importing_it_imports_neither_alembic_nor_sqlalchemy() -> None:
    code = (
        "import sys; import alembic_vibe.autogenerate.directives;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'alembic', 'sqlalchemy', 'psycopg', 'mako'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_databases_are_left_alone() -> None:
    context = MigrationContext.configure(dialect_name="sqlite")
    directives = [script()]
    before = list(directives)
    safe_directives(context, "head", directives)
    assert directives == before


def test_revisions_of_several_databases_are_left_alone() -> None:
    context = MigrationContext.configure(dialect_name="postgresql")
    several = script()
    several.upgrade_ops_list[0].upgrade_token = "engine1_upgrades"
    directives = [several]
    safe_directives(context, "head", directives)
    assert directives == [several]


def test_hooks_run_in_order_and_the_first_object_stays_as_it_was() -> None:
    called: list[str] = []

    def hook(name: str) -> Hook:
        return lambda context, revision, directives: called.append(name)

    both = safe_directives.after(hook("one")).after(hook("two"), hook("three"))
    both(MigrationContext.configure(dialect_name="sqlite"), "head", [])
    assert called == ["one", "two", "three"]
    assert safe_directives.earlier == ()
    assert safe_directives.waiting("9s").lock_timeout == "9s"


def test_a_second_run_changes_nothing_and_what_follows_stays_behind() -> None:
    context = MigrationContext.configure(dialect_name="postgresql")
    first, second = script(), script()
    first.upgrade_ops_list[0].ops.append(ops.CreateIndexOp("ix_orders_b", "orders", ["b"]))
    first.upgrade_ops_list[0].ops.append(ops.CreateIndexOp("ix_orders_c", "orders", ["c"]))
    first.head, second.rev_id, second.head = "head", "3", "1"
    directives = [first, second]
    safe_directives(context, "head", directives)
    ids = [one.rev_id for one in directives]
    assert (ids[:2], ids[3], len(set(ids))) == (["1", "2"], "3", 4)  # the number that is taken is nobody else's
    assert [one.head for one in directives] == ["head", *ids[:3]]
    again = list(directives)
    safe_directives(context, "head", directives)
    assert directives == again
