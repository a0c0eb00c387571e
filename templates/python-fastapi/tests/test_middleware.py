import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import AsyncMock
from uuid import UUID

import pytest
import structlog
from fastapi import Request
from httpx2 import AsyncClient
from sqlalchemy import text
from structlog.testing import capture_logs

from app.db import Session
from app.main import AppSettings, create_app
from app.openapi import DescribedAPI
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


@pytest.mark.parametrize(
    ("hops", "forwarded", "seen"),
    [
        (0, ["https"], "http"),
        (1, ["https"], "https"),
        (1, ["https, http"], "http"),
        (2, ["https", "http"], "https"),
        (2, ["https"], "http"),
        (1, ["gopher"], "http"),
        (1, [], "http"),
    ],
)
async def test_routes_see_what_our_own_proxies_saw(
    settings: AppSettings, hops: int, forwarded: list[str], seen: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxy_hops": hops}))

    @app.get("/seen")
    async def see(request: Request) -> list[str]:
        return [request.url.scheme, request.client.host if request.client else ""]

    headers = [("X-Forwarded-Proto", one) for one in forwarded]
    async with caller(app) as client:
        answer = await client.get("/seen", headers=[*headers, ("X-Forwarded-For", "1.2.3.4")])

    assert answer.json() == [seen, "1.2.3.4" if hops == 1 else "127.0.0.1"]


@pytest.mark.parametrize(("told", "scheme"), [("https", "wss"), ("wss", "wss"), ("http", "ws")])
async def test_a_websocket_has_the_scheme_of_one(
    settings: AppSettings, told: str, scheme: str
) -> None:
    scope = {
        "type": "websocket",
        "path": "/",
        "scheme": "ws",
        "client": ("10.0.0.1", 1),
        "headers": [(b"x-forwarded-proto", told.encode())],
    }

    app = create_app(settings.model_copy(update={"trusted_proxy_hops": 1}))
    await app(scope, AsyncMock(), AsyncMock())

    assert scope["scheme"] == scheme


async def test_what_a_request_binds_for_its_log_is_not_in_the_next_ones(
    app: DescribedAPI, client: AsyncClient
) -> None:
    @app.get("/bind")
    async def bind() -> None:
        structlog.contextvars.bind_contextvars(user="alice")

    seen: list[dict[str, Any]] = []

    @app.get("/look")
    async def look() -> None:
        seen.append(structlog.contextvars.get_contextvars())

    await client.get("/bind")
    await client.get("/look", headers={"X-Request-Id": "r-2"})

    assert seen == [{"request_id": "r-2"}]


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
