"""What every error and every answer has in common."""

from __future__ import annotations

from http import HTTPStatus

from tests.support.http import PROBLEM, Answer

# The phrases RFC 9110 changed; older run-times still say the old ones.
RENAMED = {
    413: {"Content Too Large", "Payload Too Large", "Request Entity Too Large"},
    422: {"Unprocessable Content", "Unprocessable Entity"},
}
MISSING = "00000000-0000-4000-8000-000000000000"


def problem(answer: Answer, status: int) -> None:
    """Assert that ``answer`` is the problem of this status, with its members and no more."""
    assert answer.status == status, (answer.status, answer.body)
    assert answer.media_type == PROBLEM
    members = answer.json()
    expected = {"type", "title", "status", "detail"} | ({"errors"} if status == 422 else set())
    assert set(members) == expected
    assert members["type"] == "about:blank"
    assert members["title"] in RENAMED.get(status, {HTTPStatus(status).phrase})
    assert members["status"] == status
    assert isinstance(members["detail"], str)
    assert members["detail"].strip()
    assert answer.headers.get("x-request-id")


def invalid(answer: Answer, *pointers: str) -> None:
    """Assert that ``answer`` names exactly the faults at ``pointers``."""
    problem(answer, 422)
    errors = answer.json()["errors"]
    assert all(set(error) == {"pointer", "detail"} for error in errors)
    assert all(isinstance(error["detail"], str) and error["detail"] for error in errors)
    assert {error["pointer"] for error in errors} == set(pointers), errors
