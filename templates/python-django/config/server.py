"""Run the service: `python -m config.server`."""

import os
import signal
import socket
import sys
import time
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, cast

import django
import structlog
import uvicorn
from django.conf import settings

from config.env import Environment, InvalidEnvironmentError
from config.http_protocol import HttpProtocol
from config.lifecycle import Lifecycle

if TYPE_CHECKING:
    from config.asgi import Application

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


def create_server(app: "Application", env: Environment) -> Server:
    """Put the application behind an address."""
    seconds = env.request_timeout_ms / 1000
    protocol = partial(HttpProtocol, seconds=seconds, refusal=app.refusal)
    config = uvicorn.Config(
        app,
        host=env.host,
        port=env.port,
        # psycopg cannot use the loop that is the default on Windows.
        loop="asyncio:SelectorEventLoop" if sys.platform == "win32" else "uvloop",
        http=cast("type[HttpProtocol]", protocol),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, SECONDS_TO_LEAVE - env.seconds_to_drain),
        **app.server_options,
    )
    return Server(config, app.lifecycle, env.seconds_to_drain)


def main() -> None:
    """Serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except InvalidEnvironmentError as fault:
        sys.exit(str(fault))
    if not settings.ENV.url:
        sys.exit("DATABASE_URL is not set. `poe dev` starts a database itself.")
    from config.asgi import Application  # noqa: PLC0415, since it needs the settings

    create_server(Application(settings.ENV), settings.ENV).run()
    sys.stdout.flush()
    # A thread that still waits for the database would hold up the exit.
    os._exit(0)


if __name__ == "__main__":
    main()
