"""Hear of every change in the database, whoever made it."""

import asyncio
import random

import psycopg
import structlog

from realtime.hub import Hub

CHANNEL = "notes"
FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0

log = structlog.stdlib.get_logger()


class Joiner:
    """Puts messages together again; those of a transaction come in order, and unmixed."""

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, payload: str) -> str | None:
        """Take a piece, and give the message that it completes."""
        left, _number, piece = payload.split(":", 2)
        self._pieces.append(piece)
        if left != "0":
            return None
        message = "".join(self._pieces)
        self._pieces.clear()
        return message


async def _listen(url: str, hub: Hub) -> None:
    connection = await psycopg.AsyncConnection.connect(
        url,
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
            if message := joiner.add(notification.payload):
                hub.broadcast(message)


async def keep_listening(url: str, hub: Hub) -> None:
    """Listen for ever, and come back when the connection is lost."""
    delay = FIRST_DELAY
    while True:
        try:
            await _listen(url, hub)
        except (psycopg.Error, OSError) as error:
            log.warning("not listening for changes", error=type(error).__name__)
        if hub.live:
            delay = FIRST_DELAY
        hub.lost()
        hub.tried.set()
        # Not all processes at once.
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311
        delay = min(delay * 2, LONGEST_DELAY)
