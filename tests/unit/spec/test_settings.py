import pytest

from alembic_vibe.source import Source
from alembic_vibe.spec.model import Configuration
from alembic_vibe.spec.reader import read_spec_text
from alembic_vibe.spec.settings import longest_duration


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30 seconds for complex queries, 5 seconds for simple queries", 30_000),
        ("5s / 1 min", 60_000),
        ("500ms", 500),
        ("250 milliseconds", 250),
        ("1.5 minutes", 90_000),
        ("a 30-second limit", 30_000),
        ("2 hours", 7_200_000),
        ("1h", 3_600_000),
        ("10 secs", 10_000),
        ("3 servers, 20 members", None),
        ("fast", None),
        ("100", None),
    ],
)
def test_longest_duration(text: str, milliseconds: int | None) -> None:
    assert longest_duration(text) == milliseconds


def configuration(lines: str) -> Configuration:
    text = (
        "## 5. Database Schema\n**Primary Database:** PostgreSQL\n### 5.2 Configuration\n"
        f"{lines}\n### 5.3 A\n```sql\nCREATE TABLE a ();\n```\n"
    )
    spec = read_spec_text(Source("spec.md", text)).spec
    assert spec is not None
    return spec.configuration


@pytest.mark.parametrize(
    ("lines", "connections"),
    [
        ("- **Connection Pooling:** PgBouncer/Connection pool with 100 max connections", 100),
        ("- **Connection Pooling:** at most 1,000 connections", 1000),
        ("- **Connection Pooling:** max_connections = 50", 50),
        ("- **Connection Pooling:** HikariCP", None),
        ("- **Max Connections:** 40", 40),
        ("Max connections: 30", 30),
        ("| Setting | Value |\n|---|---|\n| Max connections | 25 |", 25),
    ],
)
def test_max_connections(lines: str, connections: int | None) -> None:
    assert configuration(lines).max_connections == connections


def test_every_way_to_write_a_label() -> None:
    for written in (
        "**Query Timeout:** 3 s",
        "**Query Timeout**: 3 s",
        "__Query Timeout:__ 3 s",
        "- **Query Timeout:** `3 s`",
        "* **Query Time-out** \u2013 3 s",
        "1. **Query Timeout**: **3 s**",
        "**Query Timeout:**\n3 s",
        "- **Limits:**\n  - **Query Timeout:** 3 s",
        "> **Query Timeout:** 3 s",
    ):
        found = configuration(written)
        assert (found.query_timeout, found.statement_timeout_ms) == ("3 s", 3000), written


def test_label_with_a_list_as_its_value() -> None:
    found = configuration("**Monitoring:**\n- slow queries\n- locks")
    assert found.monitoring == "slow queries; locks"
