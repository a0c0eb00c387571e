"""The feed as a WebSocket: /ws/notes."""

import asyncio
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from config.asgi_types import App, Receive, Scope, Send, headers
from config.errors import PROBLEM, problem_content
from realtime.env import RealtimeEnvironment
from realtime.hub import Client, Hub
from realtime.listener import keep_listening
from realtime.origins import may_listen, refusal
from realtime.protocol import ABORT, PATIENCE, WebSocketProtocol

PATH = "/ws/notes"
LONGEST_MESSAGE = 1024


async def _refuse(send: Send, status: int, detail: str | None = None) -> None:
    await send(
        {
            "type": "websocket.http.response.start",
            "status": status,
            "headers": [(b"content-type", PROBLEM.encode())],
        }
    )
    body = problem_content(status, detail)
    await send({"type": "websocket.http.response.body", "body": body})


async def _write(send: Send, client: Client) -> None:
    while True:
        await send({"type": "websocket.send", "text": await client.messages.get()})


async def _ignore(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _serve(receive: Receive, send: Send, client: Client) -> None:
    """Serve until one side has had enough."""
    tasks = [asyncio.create_task(work) for work in (_write(send, client), _ignore(receive))]
    waiting: list[asyncio.Future[Any]] = [*tasks, client.ended]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(scope: Scope, send: Send, code: int) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            with suppress(OSError):
                await send({"type": "websocket.close", "code": code})
    except TimeoutError:
        scope["extensions"][ABORT]["call"]()


class Feed:
    """Sends every change to whoever is connected; HTTP goes on to the next application."""

    def __init__(self, app: App, env: RealtimeEnvironment) -> None:
        self.app = app
        self.env = env
        self.hub = Hub(env.ws_max_connections)
        self.server_options: dict[str, Any] = {
            "ws": WebSocketProtocol,
            "ws_max_size": LONGEST_MESSAGE,
            "ws_ping_interval": env.ws_heartbeat_seconds,
            "ws_ping_timeout": env.ws_heartbeat_seconds,
            "ws_per_message_deflate": False,
        }

    async def start(self) -> None:
        """Listen for changes."""
        self._listener = asyncio.create_task(keep_listening(self.env.url, self.hub))
        # Clients come as soon as they can; a database that is away must not hold up the start.
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hub.tried.wait(), 2)

    async def stop(self) -> None:
        """Listen no longer."""
        self._listener.cancel()
        with suppress(asyncio.CancelledError):
            await self._listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or a WebSocket."""
        if scope["type"] == "http":
            await self.app(scope, receive, send)
        elif scope["path"] != PATH:
            await _refuse(send, 404)
        elif refused := self._refusal(scope):
            await _refuse(send, *refused)
        elif client := self.hub.join():
            try:
                await self._feed(scope, receive, send, client)
            finally:
                self.hub.leave(client)
        else:
            await _refuse(send, 503)

    def _refusal(self, scope: Scope) -> tuple[int, str | None] | None:
        """Say whether to refuse who calls us by another's name, or is a page of others.

        Who else may not listen is to be refused here, by `scope["headers"]`.
        """
        host = ",".join(headers(scope, b"host"))
        domain, _port = split_domain_port(host)
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return 400, None
        origins = headers(scope, b"origin")
        origin = ",".join(origins)
        # Programs that are no browsers have none.
        if origins and not may_listen(origin, host, self.env.allowed_origins):
            return 403, refusal(origin)
        return None

    async def _feed(self, scope: Scope, receive: Receive, send: Send, client: Client) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await _serve(receive, send, client)
        if client.ended.done():
            await _close(scope, send, client.ended.result())
