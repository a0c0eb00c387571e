"""uvicorn's HTTP protocol, that does not wait for a request's head for ever, nor take any."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

# One read of the system's buffer more is not noticed.
LARGEST_HEAD = 65_536
# To close at once would take the answer away from a client that is still sending.
SECONDS_TO_READ = 1

Refusal = Callable[[int, str], Callable[[Any, Any, Any], Awaitable[None]]]


class HttpProtocol(HttpToolsProtocol):
    """Bounds what comes before the application, and answers what never gets there.

    Between requests uvicorn has a timer of its own, and a shorter one; but what arrives stops it,
    even if it is no request.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        seconds: float,
        refusal: Refusal,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.seconds = seconds
        self.refusal = refusal
        self.timer: asyncio.TimerHandle | None = None
        self.waiting = True
        self.refused = False
        # How much there is of a head that is not complete.
        self.head: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._wait_no_longer()

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is too much."""
        if self.refused:
            return
        if self.head is not None:
            self.head += len(data)
        super().data_received(data)
        if self.waiting and not self.timer and not self.refused:
            self._wait()
        if self.head and self.head > LARGEST_HEAD:
            self._refuse(431, f"The request's head is larger than {LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self.waiting = True
        self.head = 0

    def on_headers_complete(self) -> None:
        """Leave the rest to the application, which has limits of its own."""
        self.waiting = False
        self.head = None
        self._wait_no_longer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, if it is not there already."""
        if not self.pipeline:
            self.waiting = True
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse what cannot be read as every other error is told."""
        self._refuse(400, "The request is not HTTP.")

    def _answering(self) -> bool:
        # There is no cycle before the first request.
        return not getattr(self.cycle, "response_complete", True)

    def _wait(self) -> None:
        self.timer = self.loop.call_later(self.seconds, self._give_up)

    def _wait_no_longer(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def _give_up(self) -> None:
        if self._answering():
            # It waits for us: until an answer is complete, no more is read of the next request.
            self._wait()
        elif self.head is None:
            self.transport.close()
        else:
            self._refuse(503, "The request took too long.")

    def _refuse(self, status: int, detail: str) -> None:
        self.refused = True
        self._wait_no_longer()
        if self._answering():
            self.transport.close()
            return
        # Of the request nothing is known for certain.
        super().on_message_begin()
        scope = {**self.scope, "method": "", "path": "", "raw_path": b"", "query_string": b""}
        answer = self.refusal(status, detail)(scope, self._nothing, self._send)
        task = asyncio.ensure_future(answer, loop=self.loop)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        self.loop.call_later(SECONDS_TO_READ, self.transport.close)

    async def _nothing(self) -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"connection", b"close")]
            lines = [name + b": " + value + b"\r\n" for name, value in headers]
            self.transport.write(b"".join([STATUS_LINE[message["status"]], *lines, b"\r\n"]))
        else:
            self.transport.write(message["body"])
