"""Words in names of tables, and titles made of them."""

from __future__ import annotations

import re

from alembic_vibe.naming import plural, singular

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W_A-Z]+|[^\W_]+")
# What people write in capitals; everything else gets a capital letter.
_CAPITALS = frozenset(
    [
        "acl",
        "ai",
        "api",
        "aws",
        "cpu",
        "crm",
        "csv",
        "cve",
        "dag",
        "db",
        "dns",
        "etl",
        "gcp",
        "gpu",
        "gdpr",
        "hr",
        "html",
        "http",
        "https",
        "id",
        "io",
        "iot",
        "ip",
        "json",
        "jwt",
        "kpi",
        "ldap",
        "llm",
        "mcp",
        "mfa",
        "ml",
        "nlp",
        "oidc",
        "otp",
        "pdf",
        "pii",
        "pk",
        "qr",
        "rbac",
        "rest",
        "rfq",
        "rss",
        "saml",
        "sdk",
        "seo",
        "sftp",
        "sku",
        "sla",
        "sms",
        "smtp",
        "sql",
        "ssh",
        "sso",
        "ssl",
        "tls",
        "ui",
        "uri",
        "url",
        "utm",
        "uuid",
        "vat",
        "vm",
        "vpn",
        "xml",
    ]
)
_SPELT = {
    "oauth": "OAuth",
    "xcom": "XCom",
    "xcoms": "XComs",
    "github": "GitHub",
    "gitlab": "GitLab",
    "graphql": "GraphQL",
}


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: ``order_items`` and ``OrderItems`` → ``order``, ``items``."""
    return tuple(word.lower() for word in _PARTS.findall(name)) or (name.lower(),)


def stem(name: str) -> tuple[str, ...]:
    """Return the words of a name in the singular."""
    return tuple(singular(word) for word in words_of(name))


def title_of(words: tuple[str, ...], *, many: bool = False) -> str:
    """Return words as a title: ``order item`` → ``Order Items`` with ``many``."""
    found = [*words[:-1], plural(words[-1]) if many and words[-1] not in _SPELT else words[-1]]
    return " ".join(map(_capital, found))


def _capital(word: str) -> str:
    if word in _SPELT:
        return _SPELT[word]
    if word in _CAPITALS:
        return word.upper()
    if word.endswith("s") and word[:-1] in _CAPITALS:
        return f"{word[:-1].upper()}s"
    return word[:1].upper() + word[1:]
