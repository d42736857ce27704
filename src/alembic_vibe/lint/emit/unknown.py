"""Values that only a database knows, as far as a revision may look at them without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VALUE = "vibe_unknown_value"  # what an unknown value looks like inside a text


class Unknown:
    """The result of a query, or a part of it: empty, zero and false, so that loops over it end.

    ``touched`` is called whenever somebody looks at it: from then on the way through the revision is a guess.
    ``counted`` is called instead when somebody looks at the number of rows of a statement.
    """

    def __init__(self, touched: Callable[[], None], counted: Callable[[], None] | None = None) -> None:
        self.__dict__["_touched"] = touched
        self.__dict__["_counted"] = counted or touched

    @property
    def rowcount(self) -> Unknown:
        """How many rows a statement has changed: mostly asked for to know whether to go on."""
        return Unknown(self.__dict__["_counted"])

    def _look(self, *_: Any, **__: Any) -> Unknown:
        self._touched()
        return self

    def __getattr__(self, name: str) -> Unknown:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._look()

    __call__ = __getitem__ = __enter__ = _look
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __truediv__ = __mod__ = _look

    def __setattr__(self, name: str, value: Any) -> None:
        self._touched()

    def __exit__(self, *_: object) -> None:
        return None

    def __bool__(self) -> bool:
        self._touched()
        return False

    def __iter__(self) -> Iterator[Any]:
        self._touched()
        return iter(())

    def __len__(self) -> int:
        self._touched()
        return 0

    def __contains__(self, item: object) -> bool:
        self._touched()
        return False

    def __index__(self) -> int:
        self._touched()
        return 0

    __int__ = __index__

    def __float__(self) -> float:
        self._touched()
        return 0.0

    def __str__(self) -> str:
        self._touched()
        return VALUE

    def __repr__(self) -> str:
        return VALUE

    def __format__(self, spec: str) -> str:
        return str(self)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        self._touched()
        return not other

    def __lt__(self, other: Any) -> bool:
        self._touched()
        return bool(isinstance(other, int | float) and other > 0)

    def __le__(self, other: Any) -> bool:
        return bool(self < other or self == other)

    def __gt__(self, other: Any) -> bool:
        self._touched()
        return bool(isinstance(other, int | float) and other < 0)

    def __ge__(self, other: Any) -> bool:
        return bool(self > other or self == other)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an unknown value cannot be copied")
