import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import httpx2
import pytest

from app.main import AppSettings

pytestmark = pytest.mark.usefixtures("settings")

SERVE = [sys.executable, "-m", "app.server"]
GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def process(**environment: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The service as a process of its own, and where it listens."""
    variables = os.environ | {"PORT": "0", **environment}
    with subprocess.Popen(SERVE, env=variables, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            line: dict[str, Any] = {}
            while line.get("event") != "serving":
                line = json.loads(server.stdout.readline())
            yield line["url"], server
        finally:
            server.kill()


def connect(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def ask(connection: socket.socket, request: bytes) -> int:
    """Send bytes as they are, and read one answer."""
    connection.sendall(request)
    with HTTPResponse(connection) as answer:
        answer.begin()
        answer.read()
        return answer.status


def exchange(url: str, *pieces: bytes) -> tuple[list[str], dict[str, Any]]:
    """Send bytes as they are, and read until the service hangs up: the head, and the problem."""
    with connect(url) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while received := connection.recv(10_000):
            answer += received
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head.lower().splitlines(), json.loads(body)


def test_its_log_is_json_with_the_request_in_every_line_of_it(settings: AppSettings) -> None:
    with process(LOG_LEVEL="debug") as (url, server):
        httpx2.get(f"{url}/api/notes?token=s3cret", headers={"X-Request-Id": "r-1"})
        server.terminate()
        output, _ = server.communicate(timeout=10)

    lines = [json.loads(line) for line in output.splitlines()]
    (request,) = [line for line in lines if line["event"] == "request"]
    assert request["request_id"] == "r-1"
    assert (request["method"], request["path"], request["status"]) == ("GET", "/api/notes", 200)
    assert "s3cret" not in output
    assert settings.database_url.get_secret_value() not in output


def test_it_serves_on_while_it_drains_then_finishes_what_it_has_begun() -> None:
    with process(DRAIN_SECONDS="1") as (url, server), httpx2.Client(base_url=url) as idle:
        assert idle.get("/readyz").status_code == 200
        begun = connect(url)
        begun.sendall(
            b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 14\r\n\r\n"
        )

        server.send_signal(signal.SIGTERM)
        told = time.monotonic()
        while idle.get("/readyz").status_code == 200:
            assert time.monotonic() - told < 0.9
        assert httpx2.get(f"{url}/api/notes").status_code == 200

        while time.monotonic() - told < 10:
            try:
                httpx2.get(f"{url}/livez")
            except httpx2.TransportError:  # refused, or dropped from the queue
                break
        assert time.monotonic() - told > 0.9
        begun.sendall(b'{"title": "a"}')
        assert begun.recv(1000).startswith(b"HTTP/1.1 201 ")
        begun.close()

        assert server.wait(10) == 0
        assert time.monotonic() - told < 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_exits_with_0_when_told_to(number: signal.Signals) -> None:
    with process() as (_, server):
        server.send_signal(number)

        assert server.wait(10) == 0


def test_what_is_no_request_gets_a_problem_too() -> None:
    requests = [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 1_000_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"X-Many: 1\r\n" * 100_000, 431),
    ]
    with process(APP_ENV="production", DRAIN_SECONDS="0") as (url, server):
        answers = [exchange(url, text) for text, _ in requests]
        server.terminate()
        output, _ = server.communicate(timeout=10)

    for (head, problem), (_, status) in zip(answers, requests, strict=True):
        assert head[0].startswith(f"http/1.1 {status} ")
        names = {line.partition(":")[0] for line in head[1:]}
        assert names >= {"x-request-id", "x-content-type-options", "strict-transport-security"}
        assert problem["status"] == status
    told = [line["status"] for line in map(json.loads, output.splitlines()) if "status" in line]
    assert told == [status for _, status in requests]


def test_a_head_that_does_not_arrive_is_a_503_in_time() -> None:
    with process(REQUEST_TIMEOUT_MS="500") as (url, _), connect(url) as resting:
        assert ask(resting, GET) == 200

        head, problem = exchange(url, b"GET /livez HTTP/1.1\r\n", b"X-Slow: ")

        assert head[0].startswith("http/1.1 503 ")
        assert problem["detail"] == "The request took too long."
        assert ask(resting, GET) == 200


def test_a_connection_over_which_no_request_comes_is_closed() -> None:
    with process(REQUEST_TIMEOUT_MS="500") as (url, _):
        for first in (b"", GET):
            with connect(url) as connection:
                if first:
                    assert ask(connection, first) == 200
                connection.sendall(b"\r\n")
                begun = time.monotonic()
                assert connection.recv(1) == b""
                assert time.monotonic() - begun < 3


def test_the_end_of_a_body_that_was_refused_is_no_head(settings: AppSettings) -> None:
    body = b"a" * settings.body_limit_bytes * 2
    post = b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    with process() as (url, _), connect(url) as connection:
        assert ask(connection, post) == 413
        connection.sendall(body + GET[:10])
        assert ask(connection, GET[10:]) == 200


def test_requests_in_a_row_are_answered_in_their_order() -> None:
    with process(REQUEST_TIMEOUT_MS="500") as (url, _), connect(url) as connection:
        connection.sendall(GET * 3 + GET[:10])
        time.sleep(0.3)
        connection.sendall(GET[10:].replace(b"Host", b"Connection: close\r\nHost"))
        answers = b""
        while received := connection.recv(10_000):
            answers += received

    assert answers.count(b"HTTP/1.1 200 OK") == 4


def test_a_bad_environment_is_named_and_it_exits_with_1() -> None:
    variables = {"APP_ENV": "production", "PORT": "x", "PATH": os.environ["PATH"]}

    done = subprocess.run(SERVE, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "DATABASE_URL: Field required" in done.stderr
    assert "PORT: " in done.stderr
    assert done.stdout == ""
