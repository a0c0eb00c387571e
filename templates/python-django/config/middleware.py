"""What wraps Django: plain ASGI, before a thread is taken."""

import asyncio
import re
import time
import uuid

import structlog

from config.asgi_types import App, Message, Receive, Scope, Send, headers
from config.errors import PROBLEM, problem_content
from config.health import PROBES

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)
STARTS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}

log = structlog.stdlib.get_logger()


async def send_problem(send: Send, status: int, detail: str | None = None) -> None:
    """Answer with a problem."""
    body = problem_content(status, detail)
    headers = [
        (b"content-type", PROBLEM.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class RequestContext:
    """Gives a request its id, an answer its headers, and the log its line."""

    def __init__(self, app: App, *, trusted_proxy_hops: int, hsts_seconds: int) -> None:
        self.app = app
        self.hops = trusted_proxy_hops
        self.always = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]
        if hsts_seconds:
            value = f"max-age={hsts_seconds}; includeSubDomains"
            self.always.append((b"strict-transport-security", value.encode()))
        # A page tells itself what it needs.
        self.unless_page = [
            (b"referrer-policy", b"no-referrer"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or a WebSocket."""
        given = ",".join(headers(scope, b"x-request-id"))
        request_id = given if SANE_ID.fullmatch(given) else str(uuid.uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        scope["client"] = self._client(scope)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message.get("status", 101)
                message["headers"] = self._headers(list(message.get("headers", ())), request_id)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            log.exception("a request failed")
            if status == 0:
                await send_problem(send_with_headers, 500)
        finally:
            (log.debug if scope["path"] in PROBES else log.info)(
                "request",
                method=scope.get("method", "WEBSOCKET"),
                path=scope["path"],
                status=status,
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
                client=scope["client"] and scope["client"][0],
            )
            # What runs in this context next is of no request, or of another.
            structlog.contextvars.clear_contextvars()

    def _headers(
        self, own: list[tuple[bytes, bytes]], request_id: str
    ) -> list[tuple[bytes, bytes]]:
        if not dict(own).get(b"content-type", b"").startswith(b"text/html"):
            strict = {name for name, _ in self.unless_page}
            own = [pair for pair in own if pair[0] not in strict] + self.unless_page
        names = {name for name, _ in own}
        own.extend(pair for pair in self.always if pair[0] not in names)
        return [*own, (b"x-request-id", request_id.encode())]

    def _client(self, scope: Scope) -> tuple[str, int] | None:
        """The caller's address as the outermost of our own proxies saw it."""
        if self.hops:
            seen = ",".join(headers(scope, b"x-forwarded-for")).split(",")
            if len(seen) >= self.hops:
                return seen[-self.hops].strip(), 0
        client: tuple[str, int] | None = scope.get("client")
        return client


class BodyLimit:
    """Refuses a body that is too large, told by its header or counted as it comes."""

    def __init__(self, app: App, *, limit: int) -> None:
        self.app = app
        self.limit = limit
        self.detail = f"The body is larger than {limit} bytes."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        told = headers(scope, b"content-length")
        if told and int(told[0]) > self.limit:
            await send_problem(send, 413, self.detail)
            return

        size = 0

        async def receive_within_limit() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.limit:
                raise TooLargeError
            return message

        try:
            await self.app(scope, receive_within_limit, send)
        except TooLargeError:
            await send_problem(send, 413, self.detail)


class TooLargeError(Exception):
    """There is more of a body than is taken."""


class Timeout:
    """Ends a request that takes too long; its thread ends by the limit of its statement."""

    def __init__(self, app: App, *, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        limit = asyncio.timeout(self.seconds)
        try:
            async with limit:
                await self.app(scope, receive, watch)
        except TimeoutError:
            if started or not limit.expired():
                raise
            log.warning("a request took too long")
            await send_problem(send, 503, "The request took too long.")
