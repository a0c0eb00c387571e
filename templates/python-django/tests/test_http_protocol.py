import json
import socket

import pytest

from config.settings import AppEnvironment
from tests.test_server import process


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 1_000_000, 431),
        (b"GET / HTTP/1.1\r\nX-Slow: ", 503),
    ],
)
def test_what_is_no_request_gets_a_problem_in_time(
    env: AppEnvironment, request_text: bytes, status: int
) -> None:
    with process(env, REQUEST_TIMEOUT_MS="500") as (url, _):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(request_text)
            answer = b""
            while received := connection.recv(10_000):
                answer += received

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nx-request-id: " in head
    assert json.loads(body)["status"] == status
