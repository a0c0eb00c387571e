"""The fuzz finds out every service that does not do what its document says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.support.fuzz import Fuzz, fuzz
from tests.support.http import HOST, JSON
from tests.support.ports import free_port

FINE = {"status": "ok"}
# What each path answers, and what is wrong with that.
ANSWERS: dict[str, tuple[int, str, object, set[str]]] = {
    "/honest": (200, JSON, FINE, set()),
    "/fault": (500, JSON, FINE, {"Server error"}),
    "/status": (418, JSON, FINE, {"Undocumented status code", "Schema-valid request rejected"}),
    "/form": (200, JSON, {"status": 1}, {"Response violates schema"}),
    "/type": (200, "text/plain", FINE, {"Undocumented Content-Type"}),
    "/headers": (200, JSON, FINE, {"Missing required response headers"}),
    "/limits": (200, JSON, FINE, {"Schema-violating request accepted"}),
    "/methods": (200, JSON, FINE, {"Wrong response to undeclared method"}),
}


def _operation(path: str) -> dict[str, Any]:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}}
    header = {"required": True, "schema": {"type": "string"}}
    answer = {
        "description": "What it says",
        "content": {JSON: {"schema": {"properties": {"status": {"type": "string"}}}}},
        "headers": {"X-Request-Id": header} if path == "/headers" else {},
    }
    statuses = ("200", "500") if path == "/fault" else ("200",)
    return {
        "parameters": [limit] if path == "/limits" else [],
        "responses": dict.fromkeys(statuses, answer),
    }


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Lies", "version": "1"},
    "paths": {path: {"get": _operation(path)} for path in ANSWERS},
}


class Liar(BaseHTTPRequestHandler):
    """A service of which only the path /honest does what the document says."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        answers = {**ANSWERS, "/openapi.json": (200, JSON, DOCUMENT, set())}
        status, content_type, value, _ = answers[path]
        if self.command != "GET" and path != "/methods":
            status = HTTPStatus.METHOD_NOT_ALLOWED
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Allow", "GET")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *arguments: object) -> None:
        """Write nothing among the tests' own lines."""


@contextmanager
def _served() -> Iterator[int]:
    with ThreadingHTTPServer((HOST, 0), Liar) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Fuzz:
    with _served() as port:
        return fuzz(port, tmp_path_factory.mktemp("fuzz"), examples=5)


@pytest.mark.parametrize("path", ANSWERS)
def test_a_lie_is_found_out_and_the_truth_is_not_blamed(fuzzed: Fuzz, path: str) -> None:
    faults = [fault.partition(f" {path}: ") for fault in fuzzed.faults]
    assert {title for _, at, title in faults if at} == ANSWERS[path][-1], fuzzed.text


def test_who_answers_with_errors_alone_has_accepted_nothing(fuzzed: Fuzz) -> None:
    refused = {"/fault", "/status"}
    assert fuzzed.accepted == {f"GET {path}" for path in ANSWERS if path not in refused}


def test_a_phase_that_finds_nothing_to_do_did_not_run(fuzzed: Fuzz) -> None:
    assert fuzzed.phases == {"coverage", "fuzzing"}


def test_a_service_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    nothing = fuzz(free_port(), tmp_path, examples=1)
    assert nothing.faults == ["Schema Loading Error"]
    assert (nothing.phases, nothing.accepted) == (set(), set())
