from __future__ import annotations

from uuid import UUID

import pytest

from tests.contract.expect import MISSING
from tests.support.http import JSON, Answer, Api

STRICT = "default-src 'none'; frame-ancestors 'none'"
KEPT = ["a", "0", "abc-DEF_123.4", "x" * 128]
REFUSED = ["", "x" * 129, "a b", "a;b", "a/b", "é", '"a"', "a\tb", "${jndi:ldap://x}"]


def _every_kind(api: Api) -> dict[str, Answer]:
    """Return an answer of every kind a caller can provoke."""
    wrong_type = {"Content-Type": "text/plain"}
    return {
        "livez": api.get("/livez"),
        "readyz": api.get("/readyz"),
        "list": api.get("/api/notes"),
        "201": api.post({"title": "Headers"}),
        "204": api.delete(api.create("Gone")["id"]),
        "400": api.request("POST", "/api/notes", b"{", {"Content-Type": JSON}),
        "404 path": api.get("/nowhere"),
        "404 note": api.get(f"/api/notes/{MISSING}"),
        "405": api.request("PUT", "/api/notes"),
        "413": api.request("POST", "/api/notes", b" " * 100_001, {"Content-Type": JSON}),
        "415": api.request("POST", "/api/notes", b"{}", wrong_type),
        "422": api.post({}),
        "openapi": api.get("/openapi.json"),
        "docs": api.get("/docs"),
    }


def _without(answers: dict[str, Answer], name: str, value: str) -> list[str]:
    return [kind for kind, answer in answers.items() if answer.headers.get(name) != value]


@pytest.fixture(scope="module")
def answers(api: Api) -> dict[str, Answer]:
    return _every_kind(api)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
    ],
)
def test_every_answer_carries_the_security_headers(
    answers: dict[str, Answer], name: str, value: str
) -> None:
    assert _without(answers, name, value) == []


def test_every_answer_but_the_docs_has_the_strict_content_security_policy(
    answers: dict[str, Answer],
) -> None:
    assert _without(answers, "content-security-policy", STRICT) == ["docs"]


def test_every_answer_in_production_has_strict_transport_security(
    answers: dict[str, Answer],
) -> None:
    values = {answer.headers.get("strict-transport-security", "") for answer in answers.values()}
    assert len(values) == 1
    assert "max-age=" in values.pop()


def test_no_answer_tells_the_software(answers: dict[str, Answer]) -> None:
    telling = [
        kind for kind, a in answers.items() if "x-powered-by" in a.headers or "server" in a.headers
    ]
    assert telling == []


def test_answers_of_the_api_are_not_stored(answers: dict[str, Answer]) -> None:
    ours = {k: a for k, a in answers.items() if k in {"list", "201", "204", "404 note", "422"}}
    assert _without(ours, "cache-control", "no-store") == []


def test_every_answer_has_a_request_id_of_its_own(answers: dict[str, Answer]) -> None:
    ids = [answer.request_id for answer in answers.values()]
    assert len(set(ids)) == len(ids)
    assert all(str(UUID(request_id)) == request_id for request_id in ids)


@pytest.mark.parametrize("request_id", KEPT, ids=lambda i: str(len(i)))
def test_a_sane_request_id_is_taken_over(api: Api, request_id: str) -> None:
    for path in ("/livez", "/api/notes", "/nowhere"):
        assert api.get(path, X_Request_Id=request_id).request_id == request_id


@pytest.mark.parametrize("request_id", REFUSED, ids=range(len(REFUSED)))
def test_any_other_request_id_is_replaced_by_a_uuid(api: Api, request_id: str) -> None:
    given = api.get("/nowhere", X_Request_Id=request_id).request_id
    assert str(UUID(given)) == given
