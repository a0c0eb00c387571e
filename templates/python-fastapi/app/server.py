"""Run the service: `python -m app.server`."""

import signal
import socket
import sys
import time
from functools import partial
from types import FrameType
from typing import cast

import structlog
import uvicorn

from app.config import ConfigError, load
from app.http_protocol import HttpProtocol
from app.lifecycle import Lifecycle
from app.log import configure_logging
from app.main import AppSettings, create_app

# A platform commonly kills after ten seconds, or thirty; be gone before.
SECONDS_TO_LEAVE = 8

log = structlog.stdlib.get_logger()


class Server(uvicorn.Server):
    """uvicorn, but it leaves politely: first not ready, and only then not there."""

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle, drain_seconds: int) -> None:
        super().__init__(config)
        self.lifecycle = lifecycle
        self.drain_seconds = drain_seconds
        self.leave_at = 0.0

    @property
    def url(self) -> str:
        """Where we listen; with the port 0, the system has chosen one."""
        host, port, *_ = self.servers[0].sockets[0].getsockname()
        return f"http://{host}:{port}"

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        """Begin to leave; at once, when Ctrl-C is pressed a second time.

        uvicorn's own also keeps the signal, to die of it in the end; we exit with 0.
        """
        if self.should_exit:
            self.force_exit = sig == signal.SIGINT
            return
        self.should_exit = True
        self.lifecycle.draining = True
        self.leave_at = time.monotonic() + self.drain_seconds

    async def on_tick(self, counter: int) -> bool:
        """Serve on until those who route requests have seen that we are not ready."""
        leaving = await super().on_tick(counter)
        return leaving and (self.force_exit or time.monotonic() >= self.leave_at)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say where we are."""
        await super().startup(sockets)
        log.info("serving", url=self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connections, then close the open ones."""
        log.info("leaving")
        for server in self.servers:
            server.close()
        await self.lifecycle.close()
        await super().shutdown(sockets)


def create_server(settings: AppSettings) -> Server:
    """Put the application behind an address."""
    app = create_app(settings)
    seconds = settings.request_timeout_ms / 1000
    protocol = partial(HttpProtocol, seconds=seconds, refusal=app.state.refusal)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # psycopg cannot use the loop that is the default on Windows.
        loop="asyncio:SelectorEventLoop" if sys.platform == "win32" else "uvloop",
        http=cast("type[HttpProtocol]", protocol),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, SECONDS_TO_LEAVE - settings.drain_seconds),
        **app.state.server_options,
    )
    return Server(config, app.state.lifecycle, settings.drain_seconds)


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = load(AppSettings)
    except ConfigError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    create_server(settings).run()


if __name__ == "__main__":
    main()
