"""People: names and what they are reached by."""

from __future__ import annotations

from alembic_vibe.subset.masking.drawing import tail, word
from alembic_vibe.subset.masking.model import Form, Mask
from alembic_vibe.subset.masking.pools import draw

_TEXT = frozenset({"text"})
# Reserved for documentation: RFC 2606.
_DOMAINS = ("example.com", "example.org", "example.net")
_AREAS = tuple(str(area) for area in range(201, 990) if area % 100 != 11 and area // 10 % 10 != 9)


def _cased(name: str, original: str) -> str:
    """Names in capitals or small letters stay so."""
    return name.upper() if original.isupper() and len(original) > 1 else name.lower() if original.islower() else name


def _first(number: int, original: str) -> str:
    return _cased(draw(number, "first_names")[1], original)


def _last(number: int, original: str) -> str:
    return _cased(draw(number, "last_names")[1], original)


def _person(number: int, original: str) -> str:
    number, first = draw(number, "first_names")
    number, last = draw(number, "last_names")
    return _cased(f"{first} {last}", original)


def _with_word(number: int, original: str) -> str:
    return f"{_person(number, original)} {_cased(word(number >> 32).capitalize(), original)}"


def _word(number: int, original: str) -> str:
    return _cased(word(number).capitalize(), original)


def _initials(number: int, original: str) -> str:
    number, first = draw(number, "first_names")
    return _cased(f"{first[0]}. {draw(number, 'last_names')[1]}", original)


def _email(number: int, original: str) -> str:
    _ = original
    name, domain = _address(number)
    number, first = draw(number >> 64, "first_names")
    return f"{first.lower()}.{draw(number, 'last_names')[1].lower()}.{name}@{domain}"


def _short_email(number: int, original: str) -> str:
    _ = original
    return "@".join(_address(number))


def _shorter_email(number: int, original: str) -> str:
    _ = original
    return f"{tail(number, 4)}@example.com"


def _shortest_email(number: int, original: str) -> str:
    _ = original
    return f"{tail(number, 2)}@example.com"


def _address(number: int) -> tuple[str, str]:
    return tail(number), _DOMAINS[(number >> 60) % 3]


def _username(number: int, original: str) -> str:
    _ = original
    return f"{draw(number >> 64, 'first_names')[1].lower()}_{tail(number)}"


def _plain_username(number: int, original: str) -> str:
    _ = original
    return word(number)


def _short_username(number: int, original: str) -> str:
    _ = original
    return word(number, 8)


def _phone(number: int, original: str) -> str:
    """555-0100 to 555-0199 are not given to anyone, in every area of North America."""
    _ = original
    number, line = divmod(number, 100)
    return f"+1{_AREAS[number % len(_AREAS)]}55501{line:02}"


def _wide_phone(number: int, original: str) -> str:
    """No country has the code 999."""
    _ = original
    return f"+999{number % 10**11:011}"


def _national(opening: str, middle: str, last: str) -> Form:

    def write(number: int, original: str) -> str:
        text = _phone(number, original)[2:]
        start = f"({text[:3]}) " if opening == "(" else text[:3] + middle
        return f"{start}{text[3:6]}{last}{text[6:]}"

    return Form(write, 16)


_SIGNS = (("(", "", "-"), ("", "-", "-"), ("", "", ""), ("", ".", "."), ("", " ", " "))

MASKS = (
    Mask(
        "email",
        _TEXT,
        (Form(_email, 60), Form(_short_email, 60), Form(_shorter_email, 40), Form(_shortest_email, 20)),
        folded=True,
        joined=True,
        distinctive=True,
    ),
    Mask(
        "phone",
        frozenset({"text", "number"}),
        (Form(_phone, 16), Form(_wide_phone, 36), *(_national(*signs) for signs in _SIGNS)),
        joined=True,
        distinctive=True,
    ),
    Mask("person_name", _TEXT, (Form(_person, 17), Form(_initials, 13), Form(_with_word, 60)), distinctive=True),
    Mask("first_name", _TEXT, (Form(_first, 8), Form(_word, 60))),
    Mask("last_name", _TEXT, (Form(_last, 8), Form(_word, 60))),
    Mask(
        "username",
        _TEXT,
        (Form(_username, 60), Form(_plain_username, 60), Form(_short_username, 37)),
        folded=True,
        joined=True,
        distinctive=True,
    ),
    # Made of common words as well: two tables may have the same one by chance.
    Mask(
        "slug",
        _TEXT,
        (Form(_username, 60), Form(_plain_username, 60), Form(_short_username, 37)),
        folded=True,
        joined=True,
    ),
)
