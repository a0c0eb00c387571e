import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path
from structlog.testing import capture_logs

from config.asgi import Application
from config.errors import PROBLEM
from config.settings import AppEnvironment
from config.urls import urlpatterns as ours
from tests.conftest import caller

JSON = {"Content-Type": "application/json"}


def slow(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse()


def pieces(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"one, ", b"two, ", b"three"])


def told(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.path} {request.GET['q']} {request.COOKIES['a']}")


def bound(_request: HttpRequest) -> HttpResponse:
    structlog.contextvars.bind_contextvars(user="ada")
    structlog.stdlib.get_logger().info("bound")
    return HttpResponse()


urlpatterns = [
    *ours,
    path("bound", bound),
    path("slow", slow),
    path("pieces", pieces),
    path("töld", told),
]


async def test_a_sane_request_id_is_kept(app: Application) -> None:
    async with caller(app) as client:
        answer = await client.get("/livez", headers={"X-Request-Id": "Abc-1._"})

    assert answer.headers["x-request-id"] == "Abc-1._"


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "é", "a\tb", "<x>"])
async def test_any_other_is_replaced(app: Application, given: str) -> None:
    async with caller(app) as client:
        answer = await client.get("/livez", headers=[(b"X-Request-Id", given.encode())])

    made = answer.headers["x-request-id"]
    assert str(UUID(made)) == made


@pytest.mark.urls("tests.test_middleware")
async def test_the_log_tells_of_a_request_nothing_that_another_left(app: Application) -> None:
    structlog.contextvars.bind_contextvars(left="over")

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        async with caller(app) as client:
            for where in ("/bound", "/nothing"):
                await client.get(where, headers={"X-Request-Id": where[1:]})
        structlog.stdlib.get_logger().info("of no request")

    told = [(line["event"], line.get("request_id"), line.get("user")) for line in logs]
    assert told == [
        ("bound", "bound", "ada"),
        ("request", "bound", None),
        ("request", "nothing", None),
        ("of no request", None, None),
    ]
    assert not any("left" in line for line in logs)


@pytest.mark.parametrize("where", ["/livez", "/nothing", "/api/notes", "/docs", "/notes/"])
async def test_every_answer_is_kept_from_misuse(app: Application, where: str) -> None:
    async with caller(app) as client:
        headers = (await client.get(where)).headers

    page = where == "/notes/"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == ("same-origin" if page else "no-referrer")
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_what_is_no_page_has_the_strictest_policy(app: Application) -> None:
    async with caller(app) as client:
        answer = await client.get("/api/notes")

    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


async def test_production_insists_on_https(env: AppEnvironment, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000

    async with caller(Application(env)) as client:
        answer = await client.get("/livez")

    assert re.match(r"max-age=\d{8}", answer.headers["strict-transport-security"])


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
    env: AppEnvironment, hops: int, forwarded: list[str], seen: str
) -> None:
    app = Application(env.model_copy(update={"trusted_proxy_hops": hops}))

    with capture_logs() as logs:
        async with caller(app) as client:
            await client.get("/nothing", headers=[("X-Forwarded-For", one) for one in forwarded])

    assert logs[-1]["client"] == seen


def test_a_platform_may_ask_for_health_by_any_name(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["shop.example"]

    assert client.get("/livez", headers={"Host": "10.0.0.7"}).status_code == 200
    assert client.get("/notes/", headers={"Host": "10.0.0.7"}).status_code == 400


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(11):
        yield b" " * 10_000


@pytest.mark.parametrize("body", [lambda: b" " * 100_001, _chunks])
async def test_a_body_that_is_too_large_is_a_413_whether_it_says_so_or_not(
    app: Application, body: Any
) -> None:
    async with caller(app) as client:
        answer = await client.post("/api/notes", content=body(), headers=JSON)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM


async def test_a_body_that_does_not_say_how_long_it_is_is_read(app: Application) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"title":'
        yield b' "a"}'

    async with caller(app) as client:
        answer = await client.post("/api/notes", content=parts(), headers=JSON)

    assert answer.status_code == 201


@pytest.mark.urls("tests.test_middleware")
async def test_an_answer_may_come_in_pieces(app: Application) -> None:
    async with caller(app) as client:
        answer = await client.get("/pieces")

    assert answer.text == "one, two, three"


@pytest.mark.urls("tests.test_middleware")
async def test_what_is_asked_arrives_as_it_was_sent(app: Application) -> None:
    headers = [(b"Cookie", b"b=1"), (b"Cookie", b"a=2"), (b"X_Underscore", b"1")]

    async with caller(app) as client:
        answer = await client.get("/töld?q=%C3%A9+1", headers=headers)

    assert answer.text == "/töld é 1 2"


@pytest.mark.urls("tests.test_middleware")
async def test_a_request_that_takes_too_long_is_a_503_at_once(env: AppEnvironment) -> None:
    app = Application(env.model_copy(update={"request_timeout_ms": 200}))

    async with caller(app) as client:
        started = time.monotonic()
        answer = await client.get("/slow")
        assert time.monotonic() - started < 0.9
        await asyncio.sleep(1)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["x-request-id"]


async def test_a_body_that_does_not_come_is_a_503(env: AppEnvironment) -> None:
    app = Application(env.model_copy(update={"request_timeout_ms": 100}))

    async def slow_body() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(10)

    async with caller(app) as client:
        answer = await client.post("/api/notes", content=slow_body(), headers=JSON)

    assert answer.status_code == 503


@pytest.mark.urls("tests.test_middleware")
async def test_who_asks_for_health_waits_for_nobody(env: AppEnvironment) -> None:
    app = Application(env.model_copy(update={"database_pool_size": 1}))

    async with caller(app) as client:
        busy = asyncio.create_task(client.get("/slow"))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        assert (await client.get("/livez")).status_code == 200
        assert time.monotonic() - started < 0.9
        await busy
