from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from alembic_vibe.postgres.server import ScratchServer

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(texts, texts, texts, st.sampled_from(["localhost", "10.0.0.1", "::1", "/run/my sockets"]))
def test_urls_carry_everything(user: str, password: str, database: str, host: str) -> None:
    parameters = {"host": host, "port": "6432", "user": user, "password": password, "sslmode": "require"}
    server = ScratchServer(parameters=parameters, maintenance_database="postgres", is_private=False)
    assert conninfo_to_dict(server.url(database)) == {**parameters, "dbname": database}
    url = make_url(server.sqlalchemy_url(database))
    assert (url.username, url.password, url.database, url.drivername) == (
        user,
        password,
        database,
        "postgresql+psycopg",
    )
    assert (url.host or url.query["host"]) == host
    assert "password" not in repr(server)
    assert f"{password!r}" not in repr(server)
    assert server.ini_url(database).replace("%%", "%") == server.sqlalchemy_url(database)
