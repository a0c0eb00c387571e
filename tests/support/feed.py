"""Clients of the WebSocket feed: one that behaves, and one that is only a socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.support.http import HOST, TIMEOUT, Answer, read_answer

PATH = "/ws/notes"
Event = dict[str, Any]
HANDSHAKE = (
    f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class Feed:
    """A client that behaves: it answers pings and reads what comes."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def next(self) -> Event:
        """Return the next message."""
        event: Event = json.loads(self.connection.recv(timeout=TIMEOUT))
        return event

    def take(self, count: int) -> list[Event]:
        """Return the next ``count`` messages."""
        return [self.next() for _ in range(count)]

    def close_code(self) -> int | None:
        """Read to the end and return the code the service closed with."""
        try:
            while True:
                self.connection.recv(timeout=TIMEOUT)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


@contextmanager
def connected(port: int, path: str = PATH, origin: str | None = None) -> Iterator[Feed]:
    """Yield a client before it has read anything: a program, or a page of ``origin``."""
    with connect(
        f"ws://{HOST}:{port}{path}",
        origin=Origin(origin) if origin else None,
        ping_interval=None,
        open_timeout=TIMEOUT,
        close_timeout=2,
        max_queue=None,
        proxy=None,
    ) as connection:
        yield Feed(connection)


@contextmanager
def subscribed(port: int) -> Iterator[Feed]:
    """Yield a client whose feed is live."""
    with connected(port) as feed:
        assert feed.next() == {"type": "ready"}
        yield feed


@contextmanager
def bare_feed(port: int, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    """Yield an upgraded connection that does nothing by itself: no pong, no reading."""
    with socket.socket() as connection:
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(TIMEOUT)
        connection.connect((HOST, port))
        connection.sendall(_handshake())
        head = _read_head(connection)
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield connection


def _handshake(**headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{HANDSHAKE}{lines}\r\n".encode()


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, head
        head += byte
    return head


def refused_upgrade(port: int, **headers: str) -> Answer:
    """Ask for an upgrade that the service has to refuse and return its answer."""
    with socket.create_connection((HOST, port), timeout=TIMEOUT) as connection:
        connection.sendall(_handshake(**headers))
        return read_answer(connection)


def read_to_the_end(connection: socket.socket) -> int:
    """Return how many bytes still come before the service has cut the connection."""
    total = 0
    try:
        while chunk := connection.recv(1 << 16):
            total += len(chunk)
    except ConnectionError:
        pass
    return total
