import asyncio
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from httpx2 import AsyncClient
from psycopg import sql
from pydantic import SecretStr

from config.asgi import Application
from config.health import lifecycle
from config.settings import AppEnvironment
from tests.conftest import caller
from tests.serving import serving


@pytest.mark.usefixtures("app")
def test_it_is_alive_and_ready(client: Client) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_without_its_database_it_is_alive_but_not_ready(
    client: Client, env: AppEnvironment, settings: Any
) -> None:
    away = SecretStr("postgresql://nobody:s3cret@127.0.0.1:1/nothing")
    settings.ENV = env.model_copy(update={"database_url": away})

    assert client.get("/livez").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "The database does not answer.")
    assert b"nobody" not in answer.content


async def test_it_recovers_when_the_database_is_back(app: Application, server: str) -> None:
    name = connection.settings_dict["NAME"]
    database = sql.Identifier(name)
    async with caller(app) as client:
        assert (await client.get("/api/notes")).status_code == 200

        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
            try:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [name],
                )
                for path in ("/readyz", "/api/notes"):
                    answer = await client.get(path)
                    assert answer.status_code == 503
                    assert answer.headers["content-type"] == "application/problem+json"
                page = await client.get("/notes/", headers={"Accept": "text/html"})
                assert page.status_code == 503
                assert "try again later" in page.text
            finally:
                admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))

        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/api/notes")).status_code == 200


async def test_connections_that_were_cut_while_idle_are_not_noticed_outside(
    app: Application, server: str
) -> None:
    async with caller(app) as client:
        assert (await client.get("/api/notes")).status_code == 200

        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [connection.settings_dict["NAME"]],
            )

        assert (await client.get("/api/notes")).status_code == 200


async def test_it_closes_its_connections_when_it_leaves(env: AppEnvironment, server: str) -> None:
    name = connection.settings_dict["NAME"]
    with psycopg.connect(server, autocommit=True) as admin:

        def opened() -> set[int]:
            asked = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
            return {pid for (pid,) in admin.execute(asked, [name])}

        before = opened()
        async with serving(env) as (running, _), AsyncClient(base_url=running.url) as client:
            await asyncio.gather(*(client.get("/api/notes") for _ in range(4)))
            used = opened() - before
            assert used
        async with asyncio.timeout(5):
            while used & opened():
                await asyncio.sleep(0.05)


def test_it_is_not_ready_before_the_migrations_are_in(
    client: Client, empty_database: str, env: AppEnvironment, settings: Any
) -> None:
    settings.ENV = env.model_copy(update={"database_url": SecretStr(empty_database)})

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["detail"]) == (503, "A migration is missing.")


@pytest.mark.usefixtures("app")
def test_it_is_not_ready_when_one_migration_is_missing(client: Client) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        assert client.get("/readyz").status_code == 503
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("app")
def test_it_stays_ready_when_newer_code_has_migrated(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('notes', '9999', now())"
        )
        try:
            assert client.get("/readyz").status_code == 200
        finally:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999'")


@pytest.mark.usefixtures("app")
def test_it_is_not_ready_when_it_is_leaving(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "draining", True)

    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200
