"""Django behind an ASGI server: each request in a thread, and each thread with a connection.

Django's own ASGI handler starts a thread for each request and goes to and fro between it and the
event loop; for views that are not asynchronous this is twice as fast. Nor does a request that is
given up on, here, keep anybody but its thread waiting.
"""

import asyncio
import contextvars
import io
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeAlias

from django.db import connections

from config.asgi_types import Message, Receive, Scope, Send
from config.health import PROBES

Environ: TypeAlias = dict[str, Any]
WSGI: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# How long those who are free wait for those who are busy, in the end.
PATIENCE = 0.5


def environ(scope: Scope, body: bytes) -> Environ:
    """Say in WSGI's words what is asked for."""
    host, port = scope.get("server") or ("localhost", 80)
    found: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        # WSGI has bytes in strings.
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        found["REMOTE_ADDR"] = scope["client"][0]
    for name, value in scope["headers"]:
        # A name with an underscore would be taken for one with a hyphen.
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{joint}{text}" if key in found else text
    found["CONTENT_LENGTH"] = str(len(body))
    return found


def _body(content: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


def _leave(together: threading.Barrier) -> None:
    # Who waits for the others does not take the turn of one of them.
    with suppress(threading.BrokenBarrierError):
        together.wait(PATIENCE)
    connections.close_all()


class Threads:
    """An ASGI application that asks a WSGI application, in threads."""

    def __init__(self, wsgi: WSGI, count: int) -> None:
        self.wsgi = wsgi
        self.count = count
        self.threads = ThreadPoolExecutor(count, "request")
        self.probes = ThreadPoolExecutor(4, "probe")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break

        loop = asyncio.get_running_loop()

        async def put(message: Message) -> None:
            await send(message)

        def emit(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(put(message), loop).result()

        last = await loop.run_in_executor(
            self.probes if scope["path"] in PROBES else self.threads,
            contextvars.copy_context().run,
            self._respond,
            environ(scope, bytes(body)),
            emit,
        )
        for message in last:
            await send(message)

    async def close(self) -> None:
        """Have each thread close its connection; one that is busy keeps its own to the end."""
        loop = asyncio.get_running_loop()
        together = threading.Barrier(self.count)
        farewells = [
            loop.run_in_executor(self.threads, _leave, together) for _ in range(self.count)
        ]
        await asyncio.wait(farewells, timeout=2 * PATIENCE)

    def _respond(self, asked: Environ, emit: Callable[[Message], None]) -> list[Message]:
        """Give the messages of an answer: all, or of one that comes in pieces the last."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]

        answer = self.wsgi(asked, start_response)
        unsent = [start]
        try:
            pieces = iter(answer)
            body = next(pieces, b"")
            for following in pieces:
                for message in (*unsent, _body(body, more=True)):
                    emit(message)
                unsent, body = [], following
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return [*unsent, _body(body)]
