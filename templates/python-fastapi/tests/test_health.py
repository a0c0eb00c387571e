import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg import sql
from sqlalchemy import URL, text

from app.main import AppSettings, create_app
from app.migrate import upgrade
from app.openapi import DescribedAPI
from tests.conftest import caller


async def test_it_is_alive_and_ready(client: AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


@pytest.mark.usefixtures("settings")
async def test_without_its_database_it_is_alive_but_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:s3cret@127.0.0.1:1/nothing")
    app = create_app(AppSettings())

    async with caller(app) as client:
        assert (await client.get("/livez")).status_code == 200
        for path in ("/readyz", "/api/notes"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert "nobody" not in answer.text


async def test_it_recovers_when_the_database_is_back(
    server: URL, url: URL, client: AsyncClient
) -> None:
    assert (await client.get("/api/notes")).status_code == 200

    database = sql.Identifier(url.database or "")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [url.database],
            )
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/api/notes")).status_code == 503
        finally:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))

    assert (await client.get("/readyz")).status_code == 200
    assert (await client.get("/api/notes")).status_code == 200


async def test_connections_that_were_cut_while_idle_are_not_noticed_outside(
    server: URL, url: URL, client: AsyncClient
) -> None:
    assert (await client.get("/api/notes")).status_code == 200

    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [url.database],
        )

    assert (await client.get("/api/notes")).status_code == 200


@pytest.mark.usefixtures("settings")
async def test_it_is_not_ready_before_the_migrations_are_in(
    empty_database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database.render_as_string(hide_password=False))
    app = create_app(AppSettings())

    async with app.router.lifespan_context(app), caller(app) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["detail"]) == (503, "A migration is missing.")

        upgrade(empty_database)
        assert (await client.get("/readyz")).status_code == 200


async def test_it_stays_ready_when_newer_code_has_migrated(
    app: DescribedAPI, client: AsyncClient
) -> None:
    async with app.state.engine.begin() as connection:
        old = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        await connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    try:
        assert (await client.get("/readyz")).status_code == 200
    finally:
        async with app.state.engine.begin() as connection:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :old"), {"old": old}
            )


async def test_it_is_not_ready_when_it_is_leaving(app: DescribedAPI, client: AsyncClient) -> None:
    app.state.lifecycle.draining = True

    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/livez")).status_code == 200
