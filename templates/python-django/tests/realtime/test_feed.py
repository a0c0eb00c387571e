import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from httpx2 import AsyncClient
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response
from websockets.typing import Origin

from config.server import Server
from config.settings import AppEnvironment
from realtime.listener import Joiner
from tests.serving import serving

INSERT = """
    INSERT INTO notes_note (id, title, body, created_at, updated_at)
    VALUES (gen_random_uuid(), '{}', '', now(), now())
"""


def feed(server: Server, path: str = "/ws/notes", **headers: str) -> connect:
    return connect(
        f"{server.url}{path}".replace("http", "ws"), proxy=None, additional_headers=headers
    )


async def refusal(feed: connect) -> Response:
    with pytest.raises(InvalidStatus) as refused:
        await feed.__aenter__()
    return refused.value.response


@asynccontextmanager
async def ready(server: Server) -> AsyncIterator[ClientConnection]:
    """A client that has been told that the feed is live."""
    for _ in range(200):
        try:
            async with feed(server) as client:
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


async def execute(env: AppEnvironment, *statements: str) -> None:
    connection = await psycopg.AsyncConnection.connect(env.url)
    async with connection:
        for statement in statements:
            await connection.execute(statement.encode())


async def test_changes_in_one_process_are_heard_in_order_in_another(env: AppEnvironment) -> None:
    async with (
        serving(env) as (here, _),
        serving(env) as (there, _),
        ready(there) as client,
        AsyncClient(base_url=here.url) as caller,
    ):
        note = (await caller.post("/api/notes", json={"title": "a", "body": "é😀" * 5000})).json()
        changed = (await caller.patch(f"/api/notes/{note['id']}", json={"title": "b"})).json()
        await caller.delete(f"/api/notes/{note['id']}")

        assert await hear(client) == {"type": "note.created", "note": note}
        assert await hear(client) == {"type": "note.updated", "note": changed}
        assert await hear(client) == {"type": "note.deleted", "note": {"id": note["id"]}}


async def test_what_is_rolled_back_is_not_heard_and_plain_sql_is(env: AppEnvironment) -> None:
    async with serving(env) as (server, _), ready(server) as client:
        await execute(env, INSERT.format("never"), "ROLLBACK", INSERT.format("kept"))

        assert (await hear(client))["note"]["title"] == "kept"


async def test_clients_are_told_to_come_back_when_changes_may_have_been_missed(
    env: AppEnvironment,
) -> None:
    async with serving(env) as (server, _):
        async with ready(server) as client:
            await execute(
                env,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query = 'LISTEN notes'",
            )
            assert await closed_with(client) == 1012

        async with ready(server) as client:
            await execute(env, INSERT.format("later"))
            assert (await hear(client))["note"]["title"] == "later"


async def test_clients_are_told_that_the_process_goes(env: AppEnvironment) -> None:
    async with serving(env) as (server, _), ready(server) as client:
        server.should_exit = True
        assert await closed_with(client) == 1001


async def test_more_clients_than_allowed_are_refused(env: AppEnvironment) -> None:
    few = env.model_copy(update={"ws_max_connections": 1})
    async with serving(few) as (server, _):
        async with ready(server):
            answer = await refusal(feed(server))
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-request-id"]

        async with ready(server):
            pass


async def test_there_is_no_other_feed(env: AppEnvironment) -> None:
    async with serving(env) as (server, _):
        assert (await refusal(feed(server, "/ws/nothing"))).status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_pages_of_others_may_not_listen(env: AppEnvironment, origin: str) -> None:
    async with serving(env) as (server, _):
        answer = await refusal(feed(server, Origin=origin))

    problem = json.loads(answer.body or b"")
    assert answer.status_code == problem["status"] == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"].startswith(f"Pages of {origin} may not listen; ALLOWED_ORIGINS")


async def test_pages_of_ours_and_allowed_ones_may_listen(env: AppEnvironment) -> None:
    friends = env.model_copy(update={"allowed_origins": frozenset({"https://app.example.com"})})
    async with serving(friends) as (server, _), ready(server):
        for origin in (server.url, "https://app.example.com"):
            async with feed(server, Origin=origin) as client:
                assert await hear(client) == {"type": "ready"}


async def test_nobody_listens_by_a_name_that_is_not_ours(env: AppEnvironment) -> None:
    async with serving(env) as (server, _):
        here = server.servers[0].sockets[0].getsockname()
        elsewhere = connect(
            "ws://evil.example/ws/notes",
            host=here[0],
            port=here[1],
            proxy=None,
            origin=Origin("http://evil.example"),
        )
        answer = await refusal(elsewhere)

    assert answer.status_code == json.loads(answer.body or b"")["status"] == 400


async def test_what_others_say_on_the_channel_is_not_passed_on_and_ends_nothing(
    env: AppEnvironment,
) -> None:
    async with serving(env) as (server, _), ready(server) as client:
        begun = f"NOTIFY notes, '1:{uuid4()}:never ended'"
        await execute(env, "NOTIFY notes, 'hello'", begun, INSERT.format("ours"))

        assert (await hear(client))["note"]["title"] == "ours"


async def test_a_fault_of_ours_is_told_and_listening_begins_anew(
    env: AppEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(env) as (server, app):
        async with ready(server) as client:
            with monkeypatch.context() as patch, capture_logs() as logs:
                patch.setattr(app.feed.hub, "broadcast", lambda _: 1 / 0)
                await execute(env, INSERT.format("lost"))
                assert await closed_with(client) == 1012
            assert {"not listening for changes"} == {
                line["event"] for line in logs if line["log_level"] == "error"
            }

        async with ready(server) as client:
            await execute(env, INSERT.format("later"))
            assert (await hear(client))["note"]["title"] == "later"


async def test_what_a_client_sends_is_ignored_unless_it_is_too_much(env: AppEnvironment) -> None:
    async with serving(env) as (server, _), ready(server) as client:
        await client.send("a" * 1024)
        await client.send(b"a" * 1024)
        await (await client.ping())

        await client.send("a" * 1025)
        assert await closed_with(client) == 1009


async def test_who_does_not_answer_a_ping_is_dropped(env: AppEnvironment) -> None:
    hasty = env.model_copy(update={"ws_heartbeat_seconds": 0.2})
    async with serving(hasty) as (server, app), ready(server) as client:
        client.transport.pause_reading()

        async with asyncio.timeout(5):
            while app.feed.hub.clients:
                await asyncio.sleep(0.02)
        client.transport.resume_reading()


async def test_who_does_not_read_is_dropped_and_others_are_not(env: AppEnvironment) -> None:
    async with serving(env) as (server, app), ready(server) as reader:
        hub = app.feed.hub
        lazy = socket.create_connection(server.servers[0].sockets[0].getsockname())
        lazy.sendall(
            b"GET /ws/notes HTTP/1.1\r\nHost: localhost\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
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


def test_pieces_are_joined_to_messages() -> None:
    joiner = Joiner()

    a, b = uuid4(), uuid4()

    heard = [joiner.add(piece) for piece in (f"1:{a}:{{", f"0:{a}:}}\n", f"0:{b}:[a:b]")]

    assert heard == [None, "{}\n", "[a:b]"]


@pytest.mark.parametrize("payload", ["hello", "", "1:2", "a:b:c", "0:x:y"])
def test_what_is_no_piece_spoils_no_message(payload: str) -> None:
    joiner = Joiner()
    number = uuid4()
    joiner.add(f"1:{number}:{{")

    with pytest.raises(ValueError, match="not a piece of a message"):
        joiner.add(payload)

    assert joiner.add(f"0:{number}:}}") == "{}"
