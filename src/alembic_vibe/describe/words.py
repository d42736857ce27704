"""Words in names of tables, and titles made of them."""

from __future__ import annotations

import re

from alembic_vibe.naming import plural, singular

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W_A-Z]+|[^\W_]+")
# What people write in capitals; everything else gets a capital letter.
_CAPITALS = re.compile(
    r"(?:acl|ai|api|aws|cpu|crm|csv|cve|dag|db|dns|etl|gcp|gpu|gdpr|hr|html|https?|id|io|iot|ip|json|jwt|kpi|ldap|llm|mcp"
    r"|mfa|ml|nlp|oidc|otp|pdf|pii|qr|rbac|rest|rfq|rss|saml|sdk|seo|sftp|sku|sla|sms|smtp|sql|ssh|sso|ssl|tls|ui|uri|url"
    r"|utm|uuid|vat|vm|vpn|xml)(?P<many>s?)"
)
_SHORT = 3  # letters; shorter words, and those that nobody can say, are abbreviations
_SPELT = {
    "oauth2": "OAuth2",
    "oauth": "OAuth",
    "xcom": "XCom",
    "xcoms": "XComs",
    "github": "GitHub",
    "gitlab": "GitLab",
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
    if found := _CAPITALS.fullmatch(word):
        return word.removesuffix(found["many"]).upper() + found["many"]
    if len(word) <= _SHORT and (not set(word) & set("aeiouy") or any(map(str.isdigit, word)) or len(word) < _SHORT):
        return word.upper()
    return word[:1].upper() + word[1:]
