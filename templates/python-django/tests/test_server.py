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

from config.settings import AppEnvironment

SERVE = [sys.executable, "-m", "config.server"]


@contextmanager
def process(env: AppEnvironment, **more: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The service as a process of its own, and where it listens."""
    variables = os.environ | {"PORT": "0", "DATABASE_URL": env.url, **more}
    with subprocess.Popen(SERVE, env=variables, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            line: dict[str, Any] = {}
            while line.get("event") != "serving":
                line = json.loads(server.stdout.readline())
            yield line["url"], server
        finally:
            server.kill()


def test_its_log_is_json_with_the_request_in_every_line_of_it(env: AppEnvironment) -> None:
    with process(env, LOG_LEVEL="debug") as (url, server):
        httpx2.get(f"{url}/api/notes?token=s3cret", headers={"X-Request-Id": "r-1"})
        server.terminate()
        output, _ = server.communicate(timeout=10)

    lines = [json.loads(line) for line in output.splitlines()]
    (request,) = [line for line in lines if line["event"] == "request"]
    assert request["request_id"] == "r-1"
    assert (request["method"], request["path"], request["status"]) == ("GET", "/api/notes", 200)
    assert "s3cret" not in output
    assert env.url not in output


def test_it_serves_on_while_it_drains_then_finishes_what_it_has_begun(env: AppEnvironment) -> None:
    with process(env, DRAIN_SECONDS="1") as (url, server), httpx2.Client(base_url=url) as idle:
        assert idle.get("/readyz").status_code == 200
        host, port = url.removeprefix("http://").split(":")
        begun = socket.create_connection((host, int(port)))
        begun.sendall(
            b"POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 14\r\n\r\n"
        )

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
def test_it_exits_with_0_when_told_to(env: AppEnvironment, number: signal.Signals) -> None:
    with process(env) as (_, server):
        server.send_signal(number)

        assert server.wait(10) == 0


def test_a_bad_environment_is_named_and_it_exits_with_1() -> None:
    variables = {"APP_ENV": "production", "PORT": "x", "PATH": os.environ["PATH"]}

    done = subprocess.run(SERVE, env=variables, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "DATABASE_URL: must be set in production" in done.stderr
    assert "PORT: " in done.stderr
    assert done.stdout == ""
