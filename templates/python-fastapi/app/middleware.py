"""What wraps every request: plain ASGI, since it is on the way of each one."""

import asyncio
import re
import time
import uuid
from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import problem

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
STARTS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}

SECURE = {"http": False, "https": True, "ws": False, "wss": True}

log = structlog.stdlib.get_logger()


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


class RequestContext:
    """Gives a request its id, an answer its headers, and the log its line."""

    def __init__(self, app: ASGIApp, *, trusted_proxy_hops: int, https_only: bool) -> None:
        self.app = app
        self.hops = trusted_proxy_hops
        self.headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"cache-control", b"no-store"),
        ]
        if https_only:
            self.headers.append(
                (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or a WebSocket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return

        given = ",".join(_values(scope, b"x-request-id"))
        request_id = given if SANE_ID.fullmatch(given) else str(uuid.uuid4())
        # A pipelined request begins in the context of the one before it.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if self.hops:
            self._believe_proxies(scope)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message.get("status", HTTPStatus.SWITCHING_PROTOCOLS)
                own = list(message.get("headers", ()))
                names = {name for name, _ in own}
                own.append((b"x-request-id", request_id.encode()))
                own.extend(pair for pair in self.headers if pair[0] not in names)
                message["headers"] = own
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            # Here and not in Starlette's outermost layer, where the headers would be missing.
            log.exception("a request failed")
            if status == 0:
                await problem(500)(scope, receive, send_with_headers)
        finally:
            probe = scope["path"] in {"/livez", "/readyz"}
            (log.debug if probe else log.info)(
                "request",
                method=scope.get("method", "WEBSOCKET"),
                path=scope["path"],
                status=int(status),
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
                client=scope["client"][0] if scope.get("client") else None,
            )

    def _believe_proxies(self, scope: Scope) -> None:
        """Have the caller's address and scheme be what the outermost of our own proxies saw."""
        if address := self._seen(scope, b"x-forwarded-for"):
            scope["client"] = (address, 0)
        secure = SECURE.get(self._seen(scope, b"x-forwarded-proto"))
        if secure is not None:
            plain = "http" if scope["type"] == "http" else "ws"
            scope["scheme"] = f"{plain}s" if secure else plain

    def _seen(self, scope: Scope, name: bytes) -> str:
        values = ",".join(_values(scope, name)).split(",")
        return values[-self.hops].strip() if len(values) >= self.hops else ""


class BodyLimit:
    """Refuses a body that is too large, told by its header or counted as it comes."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.detail = f"The body is larger than {limit} bytes."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        told = _values(scope, b"content-length")
        if told and int(told[0]) > self.limit:
            await problem(413, self.detail)(scope, receive, send)
            return

        size = 0

        async def receive_within_limit() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.limit:
                raise HTTPException(413, self.detail)
            return message

        await self.app(scope, receive_within_limit, send)


class HeadAsGet:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if "body" in message else message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class Timeout:
    """Ends a request that takes too long, and what it still does in the database."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        started = False
        refusal: asyncio.Task[None] | None = None

        async def send_in_time(message: Message) -> None:
            nonlocal started
            if refusal is None:
                started = True
                await send(message)

        def refuse() -> None:
            nonlocal refusal
            log.warning("a request took too long")
            limit.reschedule(loop.time())
            # Not once it is cancelled: when the database hangs, that takes long as well.
            if not started:
                answer = problem(503, "The request took too long.")
                refusal = asyncio.create_task(answer(scope, receive, send))

        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(None)
        timer = loop.call_later(self.seconds, refuse)
        try:
            async with limit:
                await self.app(scope, receive, send_in_time)
        except TimeoutError:
            if refusal is None or not limit.expired():
                raise
        finally:
            timer.cancel()
            if refusal is not None:
                await refusal
