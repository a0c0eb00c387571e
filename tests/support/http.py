"""HTTP without a client library in between: what goes over the wire is what the test says."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode

HOST = "127.0.0.1"
TIMEOUT = 20.0
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """A whole response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, decoded."""
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str:
        """The id the service gave or took over."""
        return self.headers["x-request-id"]

    @classmethod
    def read(cls, response: HTTPResponse) -> Answer:
        """Read ``response`` to its end."""
        body = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return cls(response.status, headers, body)


@dataclass(frozen=True)
class Api:
    """A client of the service on ``port``; every request has its own connection."""

    port: int

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> Answer:
        """Send one request and return its answer."""
        connection = HTTPConnection(HOST, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {"Connection": "close", **(headers or {})})
            return Answer.read(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str, query: Mapping[str, object] | None = None, **headers: str) -> Answer:
        """GET ``path``; header names are written with underscores."""
        target = f"{path}?{urlencode(query)}" if query else path
        return self.request("GET", target, headers=_names(headers))

    def send(self, method: str, path: str, value: object, **headers: str) -> Answer:
        """Send ``value`` as JSON in UTF-8."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return self.request(method, path, body, {"Content-Type": JSON, **_names(headers)})

    def post(self, value: object, **headers: str) -> Answer:
        """Ask for a new note."""
        return self.send("POST", "/api/notes", value, **headers)

    def patch(self, note_id: str, value: object) -> Answer:
        """Change a note."""
        return self.send("PATCH", f"/api/notes/{note_id}", value)

    def delete(self, note_id: str) -> Answer:
        """Delete a note."""
        return self.request("DELETE", f"/api/notes/{note_id}")

    def create(self, title: str, body: str = "") -> dict[str, Any]:
        """Create a note that is fine and return it."""
        answer = self.post({"title": title, "body": body})
        assert answer.status == 201, answer
        note: dict[str, Any] = answer.json()
        return note


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def answers(port: int) -> bool:
    """Tell whether a service is live on ``port``."""
    try:
        return Api(port).request("GET", "/livez", timeout=5).status == 200
    except (OSError, HTTPException):
        return False


def accepts(port: int) -> bool:
    """Tell whether anybody takes a new connection on ``port``."""
    try:
        socket.create_connection((HOST, port), timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def raw_connection(port: int) -> Iterator[socket.socket]:
    """Yield a bare connection."""
    with socket.create_connection((HOST, port), timeout=TIMEOUT) as connection:
        yield connection


def read_answer(connection: socket.socket, method: str = "GET") -> Answer:
    """Read one answer from a bare connection."""
    response = HTTPResponse(connection, method=method)
    try:
        response.begin()
        return Answer.read(response)
    finally:
        response.close()


def exchange(port: int, request: bytes) -> Answer:
    """Send bytes as they are and read the answer."""
    with raw_connection(port) as connection:
        connection.sendall(request)
        return read_answer(connection)
