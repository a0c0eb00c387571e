import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from sqlalchemy import URL

from app.main import AppSettings

pytestmark = pytest.mark.usefixtures("settings")

SERVE = [sys.executable, "-m", "app.server"]
BEGUN = (
    b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 14\r\n\r\n"
)


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


@pytest.fixture(scope="module")
def production(url: URL) -> Iterator[str]:
    """A service as in production, and where it listens."""
    database = url.render_as_string(hide_password=False)
    with process(APP_ENV="production", DATABASE_URL=database) as (address, _):
        yield address


def connect(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def exchange(url: str, request: bytes) -> tuple[list[str], dict[str, Any]]:
    """Send bytes as they are, and read until the service hangs up: the head, and the problem."""
    with connect(url) as connection:
        connection.sendall(request)
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
        begun.sendall(BEGUN)

        server.send_signal(signal.SIGTERM)
        told = time.monotonic()
        while idle.get("/readyz").status_code == 200:
            assert time.monotonic() - told < 0.5
        assert httpx2.get(f"{url}/api/notes").status_code == 200

        while time.monotonic() - told < 10:
            try:
                httpx2.get(f"{url}/livez")
            except httpx2.TransportError:
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


def test_several_processes_are_not_ready_together() -> None:
    with (
        process(WEB_CONCURRENCY="2", DRAIN_SECONDS="3") as (url, server),
        httpx2.Client(base_url=url, headers={"Connection": "close"}) as client,
    ):
        assert client.get("/readyz").status_code == 200
        server.send_signal(signal.SIGTERM)
        time.sleep(0.5)

        assert {client.get("/readyz").status_code for _ in range(10)} == {503}
        assert server.wait(10) == 0


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: odd\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_gets_a_problem_too(
    production: str, request_text: bytes, status: int
) -> None:
    head, problem = exchange(production, request_text)

    assert head[0].startswith(f"http/1.1 {status} ")
    names = {line.partition(":")[0] for line in head[1:]}
    assert names >= {"x-request-id", "x-content-type-options", "strict-transport-security"}
    assert "server" not in names
    assert problem["status"] == status


def test_a_chunk_that_cannot_be_read_is_a_400(production: str) -> None:
    request = (
        b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"
    )

    lines, problem = exchange(production, request)

    assert lines[0].startswith("http/1.1 400 ")
    assert not any(line.startswith("server:") for line in lines)
    assert problem["status"] == 400


@pytest.mark.parametrize("unfinished", [b"GET /livez HTTP/1.1\r\nX-Slow: ", BEGUN])
def test_a_request_that_does_not_arrive_is_a_503_in_time(unfinished: bytes) -> None:
    with process(REQUEST_TIMEOUT_MS="500") as (url, _):
        head, problem = exchange(url, unfinished)

    assert head[0].startswith("http/1.1 503 ")
    assert problem["detail"] == "The request took too long."


def test_who_connects_but_asks_nothing_takes_no_thread() -> None:
    with process(DATABASE_POOL_SIZE="1") as (url, _):
        silent = [connect(url) for _ in range(40)]
        asked = time.monotonic()
        status = httpx2.get(f"{url}/livez").status_code
        taken = time.monotonic() - asked
        for connection in silent:
            connection.close()

    assert status == 200
    assert taken < 3


def test_a_bad_environment_is_named_and_it_exits_with_1() -> None:
    variables = {
        "APP_ENV": "production",
        "PORT": "x",
        "WEB_CONCURRENCY": "many",
        "PATH": os.environ["PATH"],
    }

    done = subprocess.run(SERVE, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "DATABASE_URL: Field required" in done.stderr
    assert "PORT: " in done.stderr
    assert "WEB_CONCURRENCY: " in done.stderr
    assert done.stdout == ""
