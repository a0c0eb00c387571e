"""Hear of every change in the database, whoever made it."""

import asyncio
import random
import re

import psycopg
import structlog

from realtime.hub import Hub

CHANNEL = "notes"
FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0

# As the trigger in `migrations/` makes them.
PIECE = re.compile(r"(\d+):([0-9a-f-]{36}):(.+)", re.ASCII | re.DOTALL)

log = structlog.stdlib.get_logger()


class Joiner:
    """Puts messages together again; those of a transaction come in order, and unmixed."""

    def __init__(self) -> None:
        self._number = ""
        self._pieces: list[str] = []

    def add(self, payload: str) -> str | None:
        """Take a piece, and give the message that it completes.

        Whoever may connect to the database may send some: a `ValueError` if this is not ours.
        """
        parts = PIECE.fullmatch(payload)
        if parts is None:
            raise ValueError("not a piece of a message")
        left, number, piece = parts.groups()
        if number != self._number:
            self._number = number
            self._pieces.clear()
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
            try:
                message = joiner.add(notification.payload)
            except ValueError as error:
                log.warning("ignored a notification", channel=CHANNEL, error=str(error))
                continue
            if message:
                hub.broadcast(message)


async def keep_listening(url: str, hub: Hub) -> None:
    """Listen for ever, and come back when the connection is lost."""
    delay = FIRST_DELAY
    while True:
        try:
            await _listen(url, hub)
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
