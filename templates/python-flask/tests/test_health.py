import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import URL, text

from app.main import AppSettings, create_app
from app.migrate import upgrade
from tests.conftest import application, content


def test_it_is_alive_and_ready(client: FlaskClient) -> None:
    assert content(client.get("/livez")) == {"status": "ok"}
    assert content(client.get("/readyz")) == {"status": "ready"}


@pytest.mark.usefixtures("settings")
def test_without_its_database_it_is_alive_but_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:s3cret@127.0.0.1:1/nothing")
    client = create_app(AppSettings()).test_client()

    assert client.get("/livez").status_code == 200
    for path in ("/readyz", "/api/notes"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "nobody" not in answer.text


def test_it_recovers_when_the_database_is_back(server: URL, url: URL, client: FlaskClient) -> None:
    assert client.get("/api/notes").status_code == 200

    database = sql.Identifier(url.database or "")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [url.database],
            )
            assert client.get("/readyz").status_code == 503
            assert client.get("/api/notes").status_code == 503
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))

    assert client.get("/readyz").status_code == 200
    assert client.get("/api/notes").status_code == 200


def test_connections_that_were_cut_while_idle_are_not_noticed_outside(
    server: URL, url: URL, client: FlaskClient
) -> None:
    assert client.get("/api/notes").status_code == 200

    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [url.database],
        )

    assert client.get("/api/notes").status_code == 200


@pytest.mark.usefixtures("settings")
def test_it_is_not_ready_before_the_migrations_are_in(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.render_as_string(hide_password=False))
    with application(AppSettings()) as app:
        client = app.test_client()
        answer = client.get("/readyz")
        assert (answer.status_code, content(answer)["detail"]) == (503, "A migration is missing.")

        upgrade(empty_database)
        assert client.get("/readyz").status_code == 200


def test_it_stays_ready_when_newer_code_has_migrated(app: Flask, client: FlaskClient) -> None:
    with app.extensions["engine"].begin() as connection:
        old = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    try:
        assert client.get("/readyz").status_code == 200
    finally:
        with app.extensions["engine"].begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": old})


def test_it_is_not_ready_when_it_is_leaving(app: Flask, client: FlaskClient) -> None:
    app.extensions["lifecycle"].drain()

    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200
