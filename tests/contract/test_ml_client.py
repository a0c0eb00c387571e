"""The client of the ML service, with a service of this test's own in its place."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.contract.expect import invalid
from tests.support.http import HOST, Api
from tests.support.ports import free_port
from tests.support.service import Installed
from tests.support.waiting import eventually
from tests.support.wine import WINE, predict

TIMEOUT_MS = 1500
ANSWER = {
    "model": {"name": "wine", "version": "7", "sha256": "0" * 64},
    "predictions": [{"label": "class_0", "probabilities": {"class_0": 0.75, "class_1": 0.25}}],
}
DEGRADED = {"degraded": True, "model": None, "predictions": None}
# As the contract has it: failures that open the circuit, and for how long, and what is slow here.
TO_OPEN, OPEN_SECONDS, SLACK = 5, 5.0, 5.0


@dataclass
class Models:
    """What stands in for the ML service: it answers what it was told to, or nothing at all."""

    status: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    hangs: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.asked.append({"id": handler.headers["X-Request-Id"], "body": json.loads(body)})
        if self.hangs.is_set():
            time.sleep(TIMEOUT_MS / 1000 * 2)
        status = self.status.pop(0) if self.status else 200
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        if status == 503:
            handler.send_header("Retry-After", "0")
        content = json.dumps(ANSWER if status == 200 else {}).encode()
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@pytest.fixture
def models() -> Models:
    return Models()


@pytest.fixture
def url(models: Models) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            models.answer(self)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever asked may have gone by the time it is answered."""

    server = Server((HOST, free_port()), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{HOST}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(installed: Installed, database_url: str, url: str) -> Iterator[Api]:
    settings = {"ML_URL": url, "ML_TIMEOUT_MS": str(TIMEOUT_MS)}
    with installed.service(database_url, **settings) as service:
        yield service.api


def test_predictions_come_from_the_service_beside_it(client: Api, models: Models) -> None:
    answer = predict(client, WINE, X_Request_Id="seen-by-both")
    assert (answer.status, answer.json()) == (200, {"degraded": False, **ANSWER})
    assert models.asked == [{"id": "seen-by-both", "body": {"inputs": [WINE]}}]


def test_what_passes_is_tried_again(client: Api, models: Models) -> None:
    models.status = [503]
    assert predict(client, WINE).json()["degraded"] is False
    assert len(models.asked) == 2


def test_an_input_that_would_be_refused_there_is_refused_here(client: Api, models: Models) -> None:
    invalid(predict(client, WINE | {"ash": "much"}), "/body/inputs/0/ash")
    assert models.asked == []


def test_a_service_that_hangs_costs_no_more_than_the_deadline(client: Api, models: Models) -> None:
    models.hangs.set()
    started = time.monotonic()
    answer = predict(client, WINE)
    assert (answer.status, answer.json()) == (200, DEGRADED)
    assert time.monotonic() - started < TIMEOUT_MS / 1000 + SLACK
    assert client.get("/readyz").status == 200


def test_a_circuit_opens_and_closes_again(client: Api, models: Models) -> None:
    models.status = [500] * TO_OPEN
    for _ in range(TO_OPEN):
        assert predict(client, WINE).json() == DEGRADED
    before = len(models.asked)
    assert predict(client, WINE).json() == DEGRADED
    assert len(models.asked) == before
    eventually(
        lambda: predict(client, WINE).json()["degraded"] is False,
        what="the circuit closes",
        within=OPEN_SECONDS + SLACK,
    )


def test_nothing_depends_on_a_service_that_is_not_there(api: Api) -> None:
    answer = predict(api, WINE)
    assert (answer.status, answer.json()) == (200, DEGRADED)
    assert api.get("/readyz").status == 200
