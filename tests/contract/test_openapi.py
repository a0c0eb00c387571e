from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from tests.contract.expect import MISSING
from tests.support.http import JSON, PROBLEM, Answer, Api

NOTES, NOTE = "/api/notes", "/api/notes/{id}"
# What a client can get: the contract's own statuses, by operation.
STATUSES: dict[tuple[str, str], set[int]] = {
    ("get", "/livez"): {200},
    ("get", "/readyz"): {200, 503},
    ("get", NOTES): {200, 422, 500, 503},
    ("post", NOTES): {201, 400, 413, 415, 422, 500, 503},
    ("get", NOTE): {200, 404, 500, 503},
    ("patch", NOTE): {200, 400, 404, 413, 415, 422, 500, 503},
    ("delete", NOTE): {204, 404, 500, 503},
}
Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(api: Api) -> Document:
    answer = api.get("/openapi.json")
    assert (answer.status, answer.media_type) == (200, JSON)
    found: Document = answer.json()
    return found


def _operation(document: Document, method: str, path: str) -> Document:
    by_shape = {
        re.sub(r"\{\w+\}", "{id}", known): item for known, item in document["paths"].items()
    }
    operation: Document = by_shape[path][method]
    return operation


def _responses(document: Document, method: str, path: str) -> dict[str, Document]:
    found = _operation(document, method, path)["responses"]
    return {status: _resolved(document, response) for status, response in found.items()}


def _resolved(document: Document, value: Document) -> Document:
    while "$ref" in value:
        target: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        value = target
    return value


def _check(document: Document, method: str, path: str, answer: Answer) -> None:
    """Assert that the document knows this answer, its type and its form."""
    responses = _responses(document, method.lower(), path)
    assert str(answer.status) in responses, f"{method} {path}: {answer.status} is not documented"
    content = responses[str(answer.status)].get("content", {})
    if answer.body:
        assert answer.media_type in content
        schema = {**content[answer.media_type]["schema"], "components": document["components"]}
        OAS31Validator(schema).validate(answer.json())
    else:
        assert content == {}


def test_openapi_json_is_a_valid_openapi_3_1_document(document: Document) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document)


@pytest.mark.parametrize(("method", "path"), STATUSES, ids=lambda v: v.strip("/"))
def test_the_document_names_every_status(document: Document, method: str, path: str) -> None:
    documented = {int(status) for status in _responses(document, method, path)}
    assert documented >= STATUSES[method, path]
    assert {s for s in documented if s < 300} == {s for s in STATUSES[method, path] if s < 300}


@pytest.mark.parametrize(("method", "path"), STATUSES, ids=lambda v: v.strip("/"))
def test_every_documented_error_is_a_problem(document: Document, method: str, path: str) -> None:
    for status, response in _responses(document, method, path).items():
        if int(status) >= 400:
            assert set(response["content"]) == {PROBLEM}, status


@pytest.mark.parametrize(("method", "path"), STATUSES, ids=lambda v: v.strip("/"))
def test_every_operation_has_an_id_and_a_summary(
    document: Document, method: str, path: str
) -> None:
    operation = _operation(document, method, path)
    assert operation["operationId"]
    assert operation["summary"]


def _real_answers(api: Api) -> Iterator[tuple[str, str, Answer]]:
    note_id = api.create("Documented", "in full")["id"]
    path = f"/api/notes/{note_id}"
    text = {"Content-Type": "text/plain"}
    json = {"Content-Type": JSON}
    yield "GET", "/livez", api.get("/livez")
    yield "GET", "/readyz", api.get("/readyz")
    yield "GET", NOTES, api.get(NOTES)
    yield "GET", NOTES, api.get(NOTES, {"limit": 0, "cursor": "?"})
    for method, template, real in (("POST", NOTES, NOTES), ("PATCH", NOTE, path)):
        yield method, template, api.send(method, real, {"title": "Documented"})
        yield method, template, api.send(method, real, {"title": 1, "x": 1})
        yield method, template, api.request(method, real, b"{", json)
        yield method, template, api.request(method, real, b"{}", text)
        yield method, template, api.request(method, real, b" " * 100_001, json)
    yield "GET", NOTE, api.get(path)
    yield "DELETE", NOTE, api.delete(note_id)
    yield "GET", NOTE, api.get(path)
    yield "PATCH", NOTE, api.patch(note_id, {"title": "a"})
    yield "DELETE", NOTE, api.delete(note_id)
    yield "GET", NOTE, api.get("/api/notes/abc")


def test_every_answer_is_as_documented(api: Api, document: Document) -> None:
    for method, path, answer in _real_answers(api):
        _check(document, method, path, answer)


TEXT = st.text(max_size=30) | st.sampled_from(["", " ", "\u0000", "x" * 201, "😀" * 200])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
NOTES_LIKE = st.fixed_dictionaries({}, optional={"title": VALUES, "body": VALUES, "x": VALUES})
FUZZ = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FUZZ
@given(value=NOTES_LIKE | VALUES)
def test_no_json_whatever_gets_an_undocumented_answer(
    api: Api, document: Document, value: object
) -> None:
    for method, template, path in (
        ("POST", NOTES, NOTES),
        ("PATCH", NOTE, f"/api/notes/{MISSING}"),
    ):
        answer = api.send(method, path, value)
        assert answer.status < 500
        _check(document, method, template, answer)


@FUZZ
@given(query=st.dictionaries(st.sampled_from(["limit", "cursor"]), TEXT | st.integers()))
def test_no_query_whatever_gets_an_undocumented_answer(
    api: Api, document: Document, query: Mapping[str, object]
) -> None:
    answer = api.get(NOTES, query)
    assert answer.status < 500
    _check(document, "GET", NOTES, answer)


class _Page(HTMLParser):
    """Collects what a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = "href" if tag == "link" else "src"
        self.fetched.extend(value for key, value in attrs if key == name and value)


def _assets(api: Api) -> list[str]:
    page = _Page()
    page.feed(api.get("/docs").body.decode())
    return [link for link in page.fetched if not link.startswith("data:")]


def test_docs_is_a_page(api: Api) -> None:
    answer = api.get("/docs")
    assert (answer.status, answer.media_type) == (200, "text/html")


def test_what_docs_fetches_is_served_by_the_service_itself(api: Api) -> None:
    assets = _assets(api)
    assert assets
    for link in assets:
        assert not urlsplit(link).netloc, link
        answer = api.get(urljoin("/docs", link))
        assert answer.status == 200, link
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.media_type != "application/octet-stream"


def test_the_policy_of_docs_names_no_other_host(api: Api) -> None:
    policy = api.get("/docs").headers["content-security-policy"]
    sources = {word for part in policy.split(";") for word in part.split()[1:]}
    allowed = re.compile(r"'(self|none|unsafe-inline|sha256-[^']+|nonce-[^']+)'|data:|blob:")
    assert [source for source in sources if not allowed.fullmatch(source)] == []
    assert "frame-ancestors 'none'" in policy
