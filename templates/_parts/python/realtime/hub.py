"""Who is connected to this process, and what is still to be sent to them."""

import asyncio

# Messages kept for a client that reads more slowly than notes change.
BACKLOG = 100
READY = '{"type": "ready"}'

GOING_AWAY = 1001
SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013


class Client:
    """One connection: what to send to it, and whether to end it."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.messages.put_nowait(READY)

    def send(self, message: str) -> None:
        """Keep a message for sending; a client that has too many waiting is let go."""
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.end(TRY_AGAIN_LATER)

    def end(self, code: int) -> None:
        """Have the connection closed, with this code."""
        if not self.ended.done():
            self.ended.set_result(code)


class Hub:
    """All clients of this process."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.clients: set[Client] = set()
        self.live = False
        self.tried = asyncio.Event()
        self._empty = asyncio.Event()

    def join(self) -> Client | None:
        """Let a client in, if the feed is live and there is room."""
        if not self.live or len(self.clients) >= self.limit:
            return None
        client = Client()
        self.clients.add(client)
        self._empty.clear()
        return client

    def leave(self, client: Client) -> None:
        """Forget a client."""
        self.clients.discard(client)
        if not self.clients:
            self._empty.set()

    def broadcast(self, message: str) -> None:
        """Send to all."""
        for client in self.clients:
            client.send(message)

    def lost(self) -> None:
        """End all: what they did not hear of in the meantime, they must read anew."""
        self.live = False
        for client in self.clients:
            client.end(SERVICE_RESTART)

    async def close(self) -> None:
        """End all, since the process ends, and wait until they are gone."""
        self.live = False
        for client in self.clients:
            client.end(GOING_AWAY)
        if self.clients:
            await self._empty.wait()
