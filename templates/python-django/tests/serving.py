"""A server within the tests, on a port of its own."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config.asgi import Application
from config.server import Server, create_server
from config.settings import AppEnvironment


@asynccontextmanager
async def serving(env: AppEnvironment) -> AsyncIterator[tuple[Server, Application]]:
    """A server with the application behind it."""
    app = Application(env)
    server = create_server(app, env.model_copy(update={"port": 0}))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server, app
    server.handle_exit(signal.SIGTERM, None)
    await task
    app.lifecycle.draining = False
