from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.errors import pointer
from tests.conftest import content

JSON = {"Content-Type": "application/json"}


def assert_problem(answer: TestResponse, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = content(answer)
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/notes/", "//api/notes", "/ws", "/docs/files/x"]
)
def test_an_unknown_path_is_a_404(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/notes", "GET, HEAD, POST"),
        ("OPTIONS", "/api/notes", "GET, HEAD, POST"),
        ("POST", "/api/notes/00000000-0000-0000-0000-000000000000", "DELETE, GET, HEAD, PATCH"),
        ("DELETE", "/livez", "GET, HEAD"),
    ],
)
def test_another_method_is_a_405_that_tells_all_that_are_allowed(
    client: FlaskClient, method: str, path: str, allowed: str
) -> None:
    answer = client.open(path, method=method)

    assert_problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"title": NaN}', b"\xff", b"1" * 5000, b"[" * 90_000]
)
def test_a_body_that_is_not_json_is_a_400(client: FlaskClient, content: bytes) -> None:
    assert_problem(client.post("/api/notes", data=content, headers=JSON), 400)


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x+json"}]
)
def test_a_body_of_another_type_is_a_415(client: FlaskClient, headers: dict[str, str]) -> None:
    assert_problem(client.post("/api/notes", data=b'{"title": "a"}', headers=headers), 415)


def test_words_that_are_no_json_may_stand_in_a_text(client: FlaskClient) -> None:
    assert client.post("/api/notes", json={"title": "NaN Infinity"}).status_code == 201


def test_the_type_may_name_its_charset(client: FlaskClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    answer = client.post("/api/notes", data=b'{"title": "a"}', headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/api/notes", "/livez"])
def test_a_body_that_says_it_is_too_large_is_a_413(client: FlaskClient, path: str) -> None:
    answer = client.get(path, data=b" " * 100_001, headers=JSON)

    assert_problem(answer, 413)
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(("size", "status"), [(100_000, 201), (100_001, 413), (200_000, 413)])
def test_a_body_that_does_not_say_its_size_is_counted(
    client: FlaskClient, size: int, status: int
) -> None:
    answer = client.post(
        "/api/notes",
        input_stream=BytesIO(b'{"title": "a"}'.ljust(size)),
        headers=JSON,
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == status


def test_a_fault_of_ours_is_a_500_that_tells_nothing(app: Flask, client: FlaskClient) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("s3cret")

    answer = client.get("/broken")

    assert_problem(answer, 500)
    assert "s3cret" not in answer.text


def test_a_commit_that_fails_is_a_500_and_leaves_nothing(app: Flask, client: FlaskClient) -> None:
    with app.extensions["engine"].begin() as connection:
        connection.execute(
            text("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'refused' USING ERRCODE = 'check_violation'; END $$
            """)
        )
        connection.execute(
            text("""
                CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON notes
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
            """)
        )
    try:
        answer = client.post("/api/notes", json={"title": "a"})
    finally:
        with app.extensions["engine"].begin() as connection:
            connection.execute(text("DROP FUNCTION refuse CASCADE"))

    assert_problem(answer, 500)
    assert content(client.get("/api/notes"))["items"] == []


def test_a_pointer_escapes_what_has_a_meaning_in_it() -> None:
    assert pointer(("body", "a/b", 0, "~")) == "/body/a~1b/0/~0"
