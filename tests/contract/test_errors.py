from __future__ import annotations

from contextlib import suppress

import pytest

from tests.contract.expect import MISSING, invalid, problem
from tests.support.http import JSON, Api, exchange, raw_connection, read_answer

NOTE = f"/api/notes/{MISSING}"
LIMIT = 100_000
KNOWN = {
    "/livez": {"GET"},
    "/readyz": {"GET"},
    "/openapi.json": {"GET"},
    "/docs": {"GET"},
    "/api/notes": {"GET", "POST"},
    NOTE: {"GET", "PATCH", "DELETE"},
}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'{"title": "a",}', b"\xff\xfe", b'{"title": NaN}']
)
def test_a_body_that_is_not_json_is_400(api: Api, body: bytes) -> None:
    headers = {"Content-Type": JSON}
    problem(api.request("POST", "/api/notes", body, headers), 400)
    note = api.create("To change")
    problem(api.request("PATCH", f"/api/notes/{note['id']}", body, headers), 400)


def test_a_body_in_an_other_encoding_is_a_4xx(api: Api) -> None:
    body = '{"title": "é"}'.encode("latin-1")
    problem(api.request("POST", "/api/notes", body, {"Content-Type": JSON}), 400)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api", "/api/", "/api/users", "/livez/x"])
def test_an_unknown_path_is_404(api: Api, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        problem(api.request(method, path), 404)


@pytest.mark.parametrize("path", KNOWN)
def test_another_method_on_a_known_path_is_405_with_allow(api: Api, path: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - KNOWN[path]:
        answer = api.request(method, path)
        problem(answer, 405)
        allowed = {name.strip() for name in answer.headers["allow"].split(",")}
        assert allowed - {"HEAD", "OPTIONS"} == KNOWN[path]


def test_a_method_nobody_knows_is_405_or_refused(api: Api) -> None:
    assert api.request("PROPFIND", "/api/notes").status in {400, 405, 501}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", None],
)
def test_a_body_of_another_type_is_415(api: Api, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    problem(api.request("POST", "/api/notes", b'{"title": "a"}', headers), 415)
    note = api.create("To change")
    answer = api.request("PATCH", f"/api/notes/{note['id']}", b'{"title": "a"}', headers)
    problem(answer, 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_named_with_its_charset_and_in_any_case(api: Api, content_type: str) -> None:
    body = '{"title": "é"}'.encode()
    answer = api.request("POST", "/api/notes", body, {"Content-Type": content_type})
    assert (answer.status, answer.json()["title"]) == (201, "é")


def _padded(size: int) -> bytes:
    text = b'{"title": "fits"}'
    return text + b" " * (size - len(text))


def test_a_body_of_exactly_the_limit_is_taken(api: Api) -> None:
    answer = api.request("POST", "/api/notes", _padded(LIMIT), {"Content-Type": JSON})
    assert answer.status == 201


def test_a_larger_body_is_413_with_content_length(api: Api) -> None:
    answer = api.request("POST", "/api/notes", _padded(LIMIT + 1), {"Content-Type": JSON})
    problem(answer, 413)


def test_a_larger_body_is_413_before_it_has_arrived(api: Api) -> None:
    head = (
        "POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000000000\r\n\r\n"
    )
    problem(exchange(api.port, head.encode() + b"{"), 413)


def test_a_larger_body_is_413_without_content_length(api: Api) -> None:
    head = (
        b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    problem(exchange(api.port, head + chunk * 11), 413)


def test_a_chunked_body_within_the_limit_is_taken(api: Api) -> None:
    request = (
        b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b'Transfer-Encoding: chunked\r\n\r\n9\r\n{"title":\r\n5\r\n "a"}\r\n0\r\n\r\n'
    )
    assert exchange(api.port, request).status == 201


def test_the_service_lives_on_after_a_body_that_was_refused(api: Api) -> None:
    head = b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
    with raw_connection(api.port) as connection:
        connection.sendall(head + b"Content-Length: 2\r\n\r\nhi")
        problem(read_answer(connection), 415)
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(connection).status == 200


def test_a_connection_serves_several_requests(api: Api) -> None:
    with raw_connection(api.port) as connection:
        for _ in range(3):
            connection.sendall(b"GET /api/notes?limit=1 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert read_answer(connection).status == 200


@pytest.mark.parametrize(
    "request_text",
    [
        b"nonsense\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        b"POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    ],
    ids=["nonsense", "bad-header", "bad-length"],
)
def test_a_malformed_request_is_a_4xx_and_does_no_harm(api: Api, request_text: bytes) -> None:
    assert 400 <= exchange(api.port, request_text).status < 500
    assert api.get("/livez").status == 200


def test_a_huge_header_does_no_harm(api: Api) -> None:
    request = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 60_000 + b"\r\n\r\n"
    assert exchange(api.port, request).status < 500
    assert api.get("/livez").status == 200


def test_a_head_that_is_larger_than_any_is_a_4xx(api: Api) -> None:
    with raw_connection(api.port) as connection:
        # Its end is never sent, and not waited for.
        with suppress(ConnectionError):
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1_000_000)
        assert 400 <= read_answer(connection).status < 500
    assert api.get("/livez").status == 200


def test_a_422_names_every_fault_at_once(api: Api) -> None:
    value = {"title": "", "body": "x" * 10_001, "colour": "red", "a/b~c": 1}
    invalid(api.post(value), "/body/title", "/body/body", "/body/colour", "/body/a~1b~0c")
    query = {"limit": "0", "cursor": "?"}
    invalid(api.get("/api/notes", query), "/query/limit", "/query/cursor")


def test_deep_nesting_is_a_4xx(api: Api) -> None:
    body = b'{"title":' + b"[" * 40_000 + b"]" * 40_000 + b"}"
    answer = api.request("POST", "/api/notes", body, {"Content-Type": JSON})
    assert answer.status in {400, 422}
    problem(answer, answer.status)


def test_a_number_beyond_all_measure_is_a_4xx(api: Api) -> None:
    body = b'{"title": ' + b"9" * 10_000 + b"}"
    answer = api.request("POST", "/api/notes", body, {"Content-Type": JSON})
    assert answer.status in {400, 422}
    problem(answer, answer.status)


def test_what_the_caller_sent_in_error_is_not_sent_back(api: Api) -> None:
    answer = api.post({"title": "x" * 201, "body": "<script>alert(1)</script>\u0000"})
    assert b"<script>" not in answer.body
    assert b"xxxxxxxxxx" not in answer.body


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/api/notes", "/nowhere"])
def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    head, get = api.request("HEAD", path), api.get(path)
    assert head.body == b""
    assert head.status == get.status
    assert head.headers["content-type"] == get.headers["content-type"]
