from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.expect import MISSING
from tests.support.http import JSON, Api
from tests.support.postgres import PASSWORD
from tests.support.service import Service

TOKEN = "tok3n-of-the-caller"
COOKIE = "c00kie-of-the-caller"


def _numbers(line: dict[str, Any]) -> set[object]:
    """Return every value of a log line, nested ones too."""
    found: set[object] = set()
    for value in line.values():
        found |= _numbers(value) if isinstance(value, dict) else {str(value)}
    return found


def test_logs_are_one_json_object_a_line(service: Service) -> None:
    service.api.get("/api/notes", X_Request_Id="one-object-a-line")
    service.logs_of("one-object-a-line")
    assert all(isinstance(json.loads(line), dict) for line in service.out[:])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/notes", 200),
        ("GET", f"/api/notes/{MISSING}", 404),
        ("PUT", "/api/notes", 405),
        ("POST", "/api/notes", 415),
    ],
)
def test_every_request_leaves_a_line_with_its_id_and_status(
    service: Service, method: str, path: str, status: int
) -> None:
    request_id = f"log-{method}-{status}"
    body = b"{}" if method == "POST" else None
    service.api.request(method, path, body, {"X-Request-Id": request_id})
    lines = service.logs_of(request_id)
    assert any(str(status) in _numbers(line) for line in lines), lines


def test_an_id_that_was_made_is_in_the_log_too(service: Service) -> None:
    assert service.logs_of(service.api.get("/api/notes").request_id)


def test_requests_at_the_same_time_keep_their_ids_apart(service: Service) -> None:
    ids = [f"mixed-{n}" for n in range(10)]
    for request_id in ids:
        service.api.post({"title": request_id}, X_Request_Id=request_id)
    counts = {len(service.logs_of(request_id)) for request_id in ids}
    assert len(counts) == 1


def test_logs_never_hold_a_secret(service: Service) -> None:
    api: Api = service.api
    secrets = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"session={COOKIE}"}
    for path in ("/api/notes", "/nowhere", "/readyz"):
        api.request("GET", path, headers={**secrets, "X-Request-Id": "secret"})
    api.request("POST", "/api/notes", b"{", {**secrets, "Content-Type": JSON})
    service.logs_of("secret")
    for word in (PASSWORD, TOKEN, COOKIE):
        assert word not in service.output
