"""The feed as a WebSocket: /ws/notes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import APIRouter, FastAPI, WebSocket
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.errors import problem
from app.realtime.config import RealtimeSettings
from app.realtime.hub import Client, Hub
from app.realtime.listener import keep_listening
from app.realtime.origins import may_listen, refusal
from app.realtime.protocol import ABORT, PATIENCE, WebSocketProtocol

LONGEST_MESSAGE = 1024


async def _write(websocket: WebSocket, client: Client) -> None:
    while True:
        await websocket.send_text(await client.messages.get())


async def _ignore(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


async def _serve(websocket: WebSocket, client: Client) -> None:
    """Serve until one side has had enough."""
    tasks = [asyncio.create_task(work) for work in (_write(websocket, client), _ignore(websocket))]
    waiting: list[asyncio.Future[Any]] = [*tasks, client.ended]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await websocket.close(code)
    except TimeoutError:
        websocket.scope["extensions"][ABORT]["call"]()


def _may_listen(websocket: WebSocket, origin: str) -> bool:
    host = websocket.headers.get("host", "")
    return may_listen(origin, host, websocket.app.state.allowed_origins)


async def notes_feed(websocket: WebSocket) -> None:
    """Send every change to a note."""
    origins = websocket.headers.getlist("origin")
    # Programs that are no browsers have none.
    if origins and not _may_listen(websocket, origin := ",".join(origins)):
        await websocket.send_denial_response(problem(403, refusal(origin)))
        return
    hub: Hub = websocket.app.state.hub
    client = hub.join()
    if client is None:
        await websocket.send_denial_response(problem(503))
        return
    try:
        with suppress(WebSocketDisconnect):
            await websocket.accept()
            await _serve(websocket, client)
            if client.ended.done():
                await _close(websocket, client.ended.result())
    finally:
        hub.leave(client)


def _refuse_elsewhere(app: FastAPI) -> None:
    """Make an upgrade at an unknown path a 404, as any other request there."""
    otherwise = app.router.default

    async def default(scope: Scope, receive: Receive, send: Send) -> None:
        nowhere = problem(404) if scope["type"] == "websocket" else otherwise
        await nowhere(scope, receive, send)

    app.router.default = default


def add_realtime(app: FastAPI, settings: RealtimeSettings) -> None:
    """Listen while the application runs, and serve the feed."""
    hub = app.state.hub = Hub(settings.ws_max_connections)
    app.state.allowed_origins = settings.allowed_origins

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        listener = asyncio.create_task(keep_listening(settings.url, hub))
        # Clients come as soon as they can; a database that is away must not hold up the start.
        with suppress(TimeoutError):
            await asyncio.wait_for(hub.tried.wait(), 2)
        yield
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener

    router = APIRouter(lifespan=lifespan)
    router.add_api_websocket_route("/ws/notes", notes_feed)
    app.include_router(router)
    _refuse_elsewhere(app)
    app.state.lifecycle.before_close(hub.close)
    app.state.server_options.update(
        ws=WebSocketProtocol,
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=settings.ws_heartbeat_seconds,
        ws_ping_timeout=settings.ws_heartbeat_seconds,
        ws_per_message_deflate=False,
    )
