"""Hear of every change in the database, whoever made it."""

import asyncio
import random

import psycopg
import structlog
from sqlalchemy import URL

from app.realtime.announce import CHANNEL, Joiner
from app.realtime.hub import Hub

FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0

log = structlog.stdlib.get_logger()


async def _listen(conninfo: str, hub: Hub) -> None:
    connection = await psycopg.AsyncConnection.connect(
        conninfo,
        autocommit=True,
        connect_timeout=5,
        # Notice within half a minute that the other end is gone without a word.
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        hub.live = True
        hub.tried.set()
        log.info("listening for changes")
        joiner = Joiner()
        async for notification in connection.notifies():
            try:
                message = joiner.add(notification.payload)
            except ValueError as error:
                log.warning("ignored a notification", channel=CHANNEL, error=str(error))
                continue
            if message:
                hub.broadcast(message)


async def keep_listening(url: URL, hub: Hub) -> None:
    """Listen for ever, and come back when the connection is lost."""
    conninfo = url.render_as_string(hide_password=False)
    delay = FIRST_DELAY
    while True:
        try:
            await _listen(conninfo, hub)
        except (psycopg.Error, OSError) as error:
            log.warning("not listening for changes", error=type(error).__name__)
        except Exception:
            # Nobody waits for this task: its end would go unnoticed, and clients hear nothing more.
            log.exception("not listening for changes")
        if hub.live:
            delay = FIRST_DELAY
        hub.lost()
        hub.tried.set()
        # Not all processes at once.
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311
        delay = min(delay * 2, LONGEST_DELAY)
