"""What a text is by its looks: for leaves of json, and for what is searched in the output."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[A-Za-z0-9_.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
IPV6 = re.compile(r"(?<![0-9A-Za-z:])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])")
PHONE = re.compile(r"(?<![\w.])(?:\+|\(\d{1,4}\) ?|\d)[\d ()./-]{5,20}\d(?!\w)")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?(?:\d\d)?)?)?")
_URL = re.compile(r"[a-z][a-z+.-]{1,15}://\S+")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")

# The first that matches the whole text.
_LOOKS = (
    (EMAIL, "email"),
    (_UUID, "uuid"),
    (_DATE, "date_shift"),
    (_URL, "url"),
    (IPV4, "ip"),
    (_MAC, "mac"),
    (IPV6, "ip"),
    (re.compile(r"\d+"), "digits"),
    (PHONE, "phone"),
)
_LONGEST = 400


def mask_by_looks(text: str) -> str | None:
    """Return the name of the mask for a text that looks like an address, a number, a date …; ``None`` for words."""
    if len(text) > _LONGEST:
        return None
    return next((name for pattern, name in _LOOKS if pattern.fullmatch(text)), None)
