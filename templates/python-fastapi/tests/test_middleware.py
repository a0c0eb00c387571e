import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from sqlalchemy import text
from structlog.testing import capture_logs

from app.db import Session
from app.main import AppSettings, create_app
from tests.conftest import caller


async def test_a_sane_request_id_is_kept(client: AsyncClient) -> None:
    answer = await client.get("/livez", headers={"X-Request-Id": "Abc-1._"})

    assert answer.headers["x-request-id"] == "Abc-1._"


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "é", "a\tb", "<x>"])
async def test_any_other_is_replaced(client: AsyncClient, given: str) -> None:
    answer = await client.get("/livez", headers=[(b"X-Request-Id", given.encode())])

    made = answer.headers["x-request-id"]
    assert str(UUID(made)) == made


@pytest.mark.parametrize("path", ["/livez", "/nothing", "/api/notes", "/docs"])
async def test_every_answer_is_kept_from_misuse(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_production_insists_on_https(settings: AppSettings) -> None:
    app = create_app(settings.model_copy(update={"app_env": "production"}))

    async with caller(app) as client:
        answer = await client.get("/livez")

    assert re.match(r"max-age=\d{8}", answer.headers["strict-transport-security"])


@pytest.mark.parametrize("path", ["/livez", "/api/notes", "/docs", "/openapi.json", "/nothing"])
async def test_head_is_get_without_the_body(client: AsyncClient, path: str) -> None:
    head, get = await client.head(path), await client.get(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-length", "content-type"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, ["9.9.9.9"], "127.0.0.1"),
        (1, ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (2, ["6.6.6.6, 1.2.3.4", "10.0.0.1"], "1.2.3.4"),
        (2, ["1.2.3.4"], "127.0.0.1"),
    ],
)
async def test_only_our_own_proxies_are_believed(
    settings: AppSettings, hops: int, forwarded: list[str], seen: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxy_hops": hops}))

    with capture_logs() as logs:
        async with caller(app) as client:
            await client.get("/nothing", headers=[("X-Forwarded-For", one) for one in forwarded])

    assert logs[-1]["client"] == seen


async def test_a_request_that_takes_too_long_is_a_503_and_is_ended_in_the_database(
    settings: AppSettings,
) -> None:
    app = create_app(settings.model_copy(update={"request_timeout_ms": 300}))

    @app.get("/slow")
    async def slow(session: Session) -> None:
        await session.execute(text("SELECT pg_sleep(30)"))

    async with app.router.lifespan_context(app), caller(app) as client:
        answer = await client.get("/slow")
        async with asyncio.timeout(5), app.state.engine.connect() as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)'"
            while await connection.scalar(text(f"{query} AND state = 'active'")):
                await asyncio.sleep(0.05)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]


async def test_a_body_that_does_not_come_is_a_503(settings: AppSettings) -> None:
    app = create_app(settings.model_copy(update={"request_timeout_ms": 100}))

    async def slow_body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(10)

    async with caller(app) as client:
        answer = await client.post(
            "/api/notes", content=slow_body(), headers={"Content-Type": "application/json"}
        )

    assert answer.status_code == 503


async def test_a_statement_that_takes_too_long_is_a_503(settings: AppSettings) -> None:
    app = create_app(settings.model_copy(update={"database_statement_timeout_ms": 100}))

    @app.get("/slow")
    async def slow(session: Session) -> None:
        await session.execute(text("SELECT pg_sleep(30)"))

    async with app.router.lifespan_context(app), caller(app) as client:
        assert (await client.get("/slow")).status_code == 503


async def test_a_pool_that_is_used_up_is_a_503_and_no_endless_wait(settings: AppSettings) -> None:
    app = create_app(
        settings.model_copy(update={"database_pool_size": 1, "request_timeout_ms": 300})
    )

    async with (
        app.router.lifespan_context(app),
        caller(app) as client,
        app.state.engine.connect(),
    ):
        assert (await client.get("/api/notes")).status_code == 503
