"""Which mask a name suggests: for columns, attributes of composite types, and keys of json."""

from __future__ import annotations

import re
from functools import cache

from alembic_vibe.data.meaning import Meaning, meaning_of

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

# The first that matches decides: the mask, what the comment says of it, and the words of the name.
_BY_NAME = (
    (
        "hash",
        "a hash of a password",
        r"passw(or)?d | passphrase | pwd | password_(hash|digest) | (hashed|encrypted)_password | salt",
    ),
    (
        "token",
        "gives access",
        r"""\w*(token|secret|otp|nonce|cookie|signature)s?(_hash|_value|_digest)?
        | \w*(api|access|private|secret|session|signing|encryption|license|recovery|backup)_(key|code|id)s?(_hash)?
        | session | credentials? | device_id | (\w+_)?fingerprint | (verification|confirmation|reset|invite)_code""",
    ),
    ("email", "an e-mail address", r"(\w+_)?(e_?)?mails?(_addresse?s?|_normali[sz]ed|_canonical|_lower)?"),
    ("phone", "a phone number", r"(\w+_)?(phone|mobile|telephone|fax|cell|msisdn|tel)s?(_number|_no)?"),
    ("iban", "a bank account", r"(\w+_)?iban"),
    ("card", "a payment card", r"(\w+_)?(card_number|credit_card|pan|cc_number)"),
    (
        "digits",
        "identifies a person or an account",
        r"""(\w+_)?(ssn|social_security\w*|national_id|passport\w*|tax_id|tax_number|vat(_number|_id|in)?|nin|driver\w*
        |licen[cs]e_number|account_number|routing_number|sort_code|bic|swift|cvv|cvc|card_last4|last_?four|last_?4
        |insurance_number|identity_number|id_number)""",
    ),
    ("first_name", "a first name", r"(\w+_)?(first|given|middle|fore)_?names? | fname"),
    ("last_name", "a last name", r"(\w+_)?(last|family|sur|maiden)_?names? | lname"),
    (
        "person_name",
        "a person's name",
        r"""(\w+_)?(full|display|contact|person|recipient|holder|customer|patient|author|owner|sender|real
        |employee|guest|account|billing|shipping|host)_name | cardholder\w* | recipient | author
        | (created|updated|deleted|changed|approved|performed)_by""",
    ),
    (
        "username",
        "a name to log in with",
        r"(\w+_)?(username|user_name|login|login_name|handle|nick|nickname|screen_name)",
    ),
    ("mac", "the address of a device", r"(\w+_)?mac(_address)?"),
    ("ip", "an address of the network", r"(\w+_)?ips?(_addresse?s?|_addr|v4|v6)? | \w*remote_addr\w*"),
    ("city", "a city", r"(\w+_)?(city|town|locality|village)"),
    ("postal_code", "a postal code", r"(\w+_)?(zip|zipcode|zip_code|postal_code|postcode|post_code)"),
    ("address", "an address", r"(\w+_)?(address|street)(_?line)?_?\d? | (\w+_)?(street|address)_\w+"),
    ("company", "a company", r"(\w+_)?(company|employer|organi[sz]ation|business)(_name)? | legal_name"),
    ("url", "a link", r"(\w+_)?(url|uri|website|homepage|link|href|avatar|webhook)s?(_\w+)?"),
    (
        "keep",
        "no data of anybody",
        r"""(\w+_)?(country|currency|locale|language|lang|time_?zone|tz|mime_type|content_type|status|kind|unit|color
        |colour|extension|sku|role|severity|priority|http_method|algorithm)(_code)? | type | \w+_type | version(_num)?
        | table_(name|schema) | schema_name | column_name | event_name | icon | format | encoding | operation""",
    ),
    ("slug", "is made of a name", r"(\w+_)?(slug|subdomain)"),
    (
        "digits",
        "a number or code",
        r"(\w+_)?(number|no|code|reference|ref|serial|identifier|external_id|(external|object|storage)_key)",
    ),
    ("digits", "an id", r"(\w+_)?(uu|gu)?ids?"),
    (
        "text",
        "free text",
        r"""(\w+_)?(description|body|content|message|comment|note|bio|subject|summary|reason|text|title|label|caption
        |detail|remark|feedback|about|user_agent|error_message|query|search_term)s?""",
    ),
)
_NUMBERS = (
    ("number", "money of a person", r"(\w+_)?(salary|income|wage|net_worth|bonus)(_\w+)?"),
    ("number", "where somebody is", r"(\w+_)?(lat|lng|lon|latitude|longitude)"),
    (
        "number",
        "about a body or a life",
        r"birth_?year | year_of_birth | age | weight(_\w+)? | height_(cm|in) | blood_\w+",
    ),
)
_DATES = (
    (
        "date_shift",
        "a date of somebody's life",
        r"(\w+_)?(dob|birth\w*|born\w*|death\w*|died\w*|deceased\w*|hired\w*|hire_date)",
    ),
)
_NUMBERED = frozenset({"phone", "digits", "card"})  # what may be a number as well …
_CODES = frozenset({"a number or code", "an id"})  # … but says nothing about a person then
_TYPES = {"number": "numeric", "money": "money", "date": "date", "timestamp": "timestamptz"}
_OF_NUMBERS = dict.fromkeys((Meaning.SALARY, Meaning.AGE, Meaning.LATITUDE, Meaning.LONGITUDE), "number")
_OF_MOMENTS = {Meaning.BIRTH_DATE: "date_shift"}
_SAME = (  # called like the mask
    Meaning.EMAIL, Meaning.PHONE, Meaning.PERSON_NAME, Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.USERNAME,
    Meaning.COMPANY, Meaning.ADDRESS, Meaning.CITY, Meaning.POSTAL_CODE, Meaning.IP, Meaning.MAC, Meaning.URL,
    Meaning.IBAN, Meaning.TOKEN, Meaning.HASH,
)  # fmt: skip
_KEPT = (
    Meaning.COUNTRY_CODE, Meaning.COUNTRY, Meaning.CURRENCY, Meaning.LOCALE, Meaning.TIME_ZONE, Meaning.COLOUR,
    Meaning.MIME_TYPE, Meaning.FILE_EXTENSION, Meaning.VERSION, Meaning.HTTP_METHOD, Meaning.STATUS, Meaning.KIND,
    Meaning.ROLE, Meaning.PRIORITY, Meaning.PERMISSION, Meaning.CATEGORY, Meaning.UNIT, Meaning.SKU,
)  # fmt: skip
_OF_TEXTS = {
    **{meaning: meaning.value.replace(" ", "_") for meaning in _SAME},
    **dict.fromkeys(_KEPT, "keep"),
    **dict.fromkeys((Meaning.STREET, Meaning.ADDRESS_LINE_2), "address"),
    **dict.fromkeys((Meaning.NATIONAL_ID, Meaning.TAX_ID, Meaning.LAST_FOUR), "digits"),
    Meaning.MIDDLE_NAME: "first_name",
    Meaning.IMAGE_URL: "url",
    Meaning.CARD_NUMBER: "card",
    Meaning.PASSWORD_HASH: "hash",
}
KEEP, _THING = "keep", "of things, not of people, by its table"
_HARMLESS = frozenset({"free text", "a number or code", "is made of a name", "a link"})  # where a table is about things
_PEOPLE = re.compile(
    r"""(\w+_)?(user|person|people|customer|client|contact|employee|member|patient|student|teacher|author|staff|actor
    |guest|driver|doctor|lead|subscriber|recipient|profile|account_holder|passenger)s?(_\w+)?""",
    re.VERBOSE,
)
_THINGS = re.compile(
    r"""(\w+_)?(role|permission|countr(y|ie)|currenc(y|ie)|language|categor(y|ie)|plan|feature|flag|amenit(y|ie)
    |time_?zone|unit|status|statuse|type|genre|product|template|locale|region)s? | tags?""",
    re.VERBOSE,
)


@cache
def words(name: str) -> str:
    """Return a name in small letters, its words joined by underscores: ``lastName`` is ``last_name``."""
    return "_".join(word.lower() for word in _WORD.findall(name))


@cache
def mask_for_name(table: str, column: str, kind: str = "text") -> tuple[str, str] | None:
    """Return the mask that the name of a column suggests, and why.

    Args:
        table: The table, for names that say little by themselves.
        column: The column.
        kind: Of its type, as in :class:`~alembic_vibe.subset.masking.model.Shape`.
    """
    name = words(column)
    special = {"number": _NUMBERS, "money": _NUMBERS, "date": _DATES, "timestamp": _DATES}.get(kind, ())
    things = _THINGS.fullmatch(words(table)) is not None and _PEOPLE.fullmatch(words(table)) is None
    numbered = [row for row in _BY_NAME if row[0] in _NUMBERED and row[1] not in _CODES and kind == "number"]
    for mask, what, pattern in (*special, *numbered) if special else _BY_NAME:
        if re.fullmatch(pattern, name, re.VERBOSE):
            return (KEEP, _THING) if things and what in _HARMLESS else (mask, what)
    if things and not special:
        return KEEP, _THING
    if name == "name" and not special and _PEOPLE.fullmatch(words(table)):
        return "person_name", "a person's name"
    # What the makers of development data know of names that say nothing about masks in particular.
    meaning = meaning_of(table, column, _TYPES.get(kind, "text"))
    known = _OF_NUMBERS if kind == "number" else _OF_MOMENTS if special else _OF_TEXTS
    return (known[meaning], f"{meaning.value}, by its name") if meaning in known else None


@cache
def mask_for_key(table: str, key: str) -> str | None:
    """Return the mask for a key of json or an attribute, ``None`` where its name says nothing that can be relied on."""
    found = mask_for_name(table, key) or mask_for_name(table, key, "number")
    if found is None or found[0] in {"text", "keep"} or found[1] in _CODES:
        return None
    return found[0]
