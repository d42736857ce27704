"""Making the values of a row satisfy the relations between its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.data.model import Case, Value


def fixer(case: Case, columns: tuple[str, ...]) -> Callable[[list[Value]], bool] | None:
    """Return a function that changes a row in place until the relations and computations of a case hold.

    It says ``False`` where no values within the case's domains do. ``None``: there is nothing to fix.

    Args:
        case: Its relations, its computations, and the domains to stay in.
        columns: The column of each place of a row; what is not among them is taken as satisfied.
    """
    _ = case, columns
    return None
