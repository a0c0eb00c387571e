import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from httpx2 import AsyncClient
from sqlalchemy import URL, func, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from app.main import AppSettings
from app.notes import service
from app.openapi import DescribedAPI
from app.realtime.announce import CHANNEL
from app.realtime.hub import Hub
from app.server import Server
from tests.conftest import serving


def feed(server: Server, origin: str | None = None) -> connect:
    return connect(
        f"{server.url}/ws/notes".replace("http", "ws"),
        origin=Origin(origin) if origin else None,
        proxy=None,
    )


@asynccontextmanager
async def ready(server: Server, origin: str | None = None) -> AsyncIterator[ClientConnection]:
    """A client that has been told that the feed is live."""
    for _ in range(200):
        try:
            async with feed(server, origin) as client:
                assert await hear(client) == {"type": "ready"}
                yield client
                return
        except InvalidStatus:
            await asyncio.sleep(0.02)
    raise AssertionError("the feed did not come up")


async def hear(client: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(client.recv(), 5))
    return message


async def closed_with(client: ClientConnection) -> int | None:
    await asyncio.wait_for(client.wait_closed(), 5)
    return client.close_code


async def terminate_listeners(url: URL) -> None:
    connection = await psycopg.AsyncConnection.connect(
        url.render_as_string(hide_password=False), autocommit=True
    )
    async with connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = 'LISTEN notes'"
        )


@pytest.mark.usefixtures("app")
async def test_changes_in_one_process_are_heard_in_order_in_another(settings: AppSettings) -> None:
    async with (
        serving(settings) as here,
        serving(settings) as there,
        ready(there) as client,
        AsyncClient(base_url=here.url) as caller,
    ):
        note = (await caller.post("/api/notes", json={"title": "a", "body": "é😀" * 5000})).json()
        changed = (await caller.patch(f"/api/notes/{note['id']}", json={"title": "b"})).json()
        await caller.delete(f"/api/notes/{note['id']}")

        assert await hear(client) == {"type": "note.created", "note": note}
        assert await hear(client) == {"type": "note.updated", "note": changed}
        assert await hear(client) == {"type": "note.deleted", "note": {"id": note["id"]}}


async def test_what_is_rolled_back_is_not_heard(settings: AppSettings, app: DescribedAPI) -> None:
    async with serving(settings) as server, ready(server) as client:
        async with app.state.sessions() as session:
            await service.create(session, title="never", body="")
            await session.rollback()
        async with app.state.sessions.begin() as session:
            await service.create(session, title="kept", body="")

        assert (await hear(client))["note"]["title"] == "kept"


async def test_clients_are_told_to_come_back_when_changes_may_have_been_missed(
    settings: AppSettings, url: URL, app: DescribedAPI
) -> None:
    async with serving(settings) as server:
        async with ready(server) as client:
            await terminate_listeners(url)
            assert await closed_with(client) == 1012

        async with ready(server) as client, app.state.sessions.begin() as session:
            await service.create(session, title="later", body="")
            await session.commit()
            assert (await hear(client))["note"]["title"] == "later"


async def test_what_others_say_on_the_channel_is_not_passed_on(
    settings: AppSettings, app: DescribedAPI
) -> None:
    async with serving(settings) as server, ready(server) as client:
        for payload in ("hello", "0:x:anything"):
            async with app.state.engine.begin() as connection:
                await connection.execute(select(func.pg_notify(CHANNEL, payload)))
        async with app.state.sessions.begin() as session:
            await service.create(session, title="kept", body="")

        assert (await hear(client))["note"]["title"] == "kept"


async def test_a_fault_of_ours_does_not_end_the_listening(
    settings: AppSettings, app: DescribedAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(settings) as server:
        async with ready(server) as client:
            with monkeypatch.context() as patch:
                patch.setattr(Hub, "broadcast", Mock(side_effect=RuntimeError))
                async with app.state.sessions.begin() as session:
                    await service.create(session, title="lost", body="")
                assert await closed_with(client) == 1012

        async with ready(server) as client:
            async with app.state.sessions.begin() as session:
                await service.create(session, title="later", body="")
            assert (await hear(client))["note"]["title"] == "later"


async def test_pages_of_other_origins_are_refused_unless_they_are_named(
    settings: AppSettings,
) -> None:
    named = "https://app.example.com"
    allowing = settings.model_copy(update={"allowed_origins": frozenset({named})})
    async with serving(allowing) as server:
        for origin in (server.url, named):
            async with ready(server, origin):
                pass
        for origin in ("https://evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                await feed(server, origin).__aenter__()
            answer = refused.value.response
            assert answer.status_code == 403
            assert answer.headers["content-type"] == "application/problem+json"
            assert json.loads(answer.body or b"")["detail"].startswith(f"Pages of {origin} may")


async def test_clients_are_told_that_the_process_goes(settings: AppSettings) -> None:
    async with serving(settings) as server, ready(server) as client:
        server.should_exit = True
        assert await closed_with(client) == 1001


async def test_more_clients_than_allowed_are_refused(settings: AppSettings) -> None:
    few = settings.model_copy(update={"ws_max_connections": 1})
    async with serving(few) as server:
        async with ready(server):
            with pytest.raises(InvalidStatus) as refused:
                await feed(server).__aenter__()
            answer = refused.value.response
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-request-id"]

        async with ready(server):
            pass


async def test_an_upgrade_elsewhere_is_a_404(settings: AppSettings) -> None:
    async with serving(settings) as server:
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"{server.url}/ws/nothing".replace("http", "ws"), proxy=None)

    assert refused.value.response.status_code == 404


async def test_what_a_client_sends_is_ignored_unless_it_is_too_much(settings: AppSettings) -> None:
    async with serving(settings) as server, ready(server) as client:
        await client.send("a" * 1024)
        await client.send(b"a" * 1024)
        await (await client.ping())

        await client.send("a" * 1025)
        assert await closed_with(client) == 1009


async def test_who_does_not_answer_a_ping_is_dropped(settings: AppSettings) -> None:
    hasty = settings.model_copy(update={"ws_heartbeat_seconds": 0.2})
    async with serving(hasty) as server, ready(server) as client:
        hub = server.config.app.state.hub  # type: ignore[union-attr]
        client.transport.pause_reading()

        async with asyncio.timeout(5):
            while hub.clients:
                await asyncio.sleep(0.02)
        client.transport.resume_reading()


async def test_who_does_not_read_is_dropped_and_others_are_not(settings: AppSettings) -> None:
    async with serving(settings) as server, ready(server) as reader:
        hub = server.config.app.state.hub  # type: ignore[union-attr]
        lazy = socket.create_connection(server.servers[0].sockets[0].getsockname())
        lazy.sendall(
            b"GET /ws/notes HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        async with asyncio.timeout(20):
            while len(hub.clients) < 2:
                await asyncio.sleep(0.01)
            sent = 0
            while len(hub.clients) == 2:
                hub.broadcast(json.dumps("x" * 60_000))
                sent += 1
                await hear(reader)
            assert sent > 100
            while len(server.server_state.connections) > 1:
                await asyncio.sleep(0.01)
        lazy.close()
