from collections.abc import AsyncIterator, Callable

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import text

from app.errors import pointer
from app.openapi import DescribedAPI

JSON = {"Content-Type": "application/json"}


def assert_problem(answer: Response, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/nothing", "/api", "/api/notes/", "/ws", "/docs/files/x"])
async def test_an_unknown_path_is_a_404(client: AsyncClient, path: str) -> None:
    assert_problem(await client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/notes", "GET, HEAD, POST"),
        ("OPTIONS", "/api/notes", "GET, HEAD, POST"),
        ("POST", "/api/notes/x", "GET, HEAD, PATCH, DELETE"),
        ("DELETE", "/livez", "GET, HEAD"),
        ("POST", "/docs/files/swagger-ui.css", "GET, HEAD"),
    ],
)
async def test_another_method_is_a_405_that_tells_all_that_are_allowed(
    client: AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)

    assert_problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"title": NaN}', b"\xff", b"1" * 5000, b"[" * 90_000]
)
async def test_a_body_that_is_not_json_is_a_400(client: AsyncClient, content: bytes) -> None:
    assert_problem(await client.post("/api/notes", content=content, headers=JSON), 400)


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x+json"}]
)
async def test_a_body_of_another_type_is_a_415(
    client: AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post("/api/notes", content=b'{"title": "a"}', headers=headers)

    assert_problem(answer, 415)


async def test_words_that_are_no_json_may_stand_in_a_text(client: AsyncClient) -> None:
    assert (await client.post("/api/notes", json={"title": "NaN Infinity"})).status_code == 201


async def test_the_type_may_name_its_charset(client: AsyncClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    answer = await client.post("/api/notes", content=b'{"title": "a"}', headers=headers)

    assert answer.status_code == 201


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(11):
        yield b" " * 10_000


@pytest.mark.parametrize("body", [lambda: b" " * 100_001, _chunks])
async def test_a_body_that_is_too_large_is_a_413_whether_it_says_so_or_not(
    client: AsyncClient, body: Callable[[], bytes | AsyncIterator[bytes]]
) -> None:
    assert_problem(await client.post("/api/notes", content=body(), headers=JSON), 413)


async def test_a_fault_of_ours_is_a_500_that_tells_nothing(
    app: DescribedAPI, client: AsyncClient
) -> None:
    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("s3cret")

    answer = await client.get("/broken")

    assert_problem(answer, 500)
    assert "s3cret" not in answer.text


async def test_a_commit_that_fails_is_a_500_and_leaves_nothing(
    app: DescribedAPI, client: AsyncClient
) -> None:
    async with app.state.engine.begin() as connection:
        await connection.execute(
            text("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'refused' USING ERRCODE = 'check_violation'; END $$
            """)
        )
        await connection.execute(
            text("""
                CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON notes
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
            """)
        )
    try:
        answer = await client.post("/api/notes", json={"title": "a"})
    finally:
        async with app.state.engine.begin() as connection:
            await connection.execute(text("DROP FUNCTION refuse CASCADE"))

    assert_problem(answer, 500)
    assert (await client.get("/api/notes")).json()["items"] == []


def test_a_pointer_escapes_what_has_a_meaning_in_it() -> None:
    assert pointer(("body", "a/b", 0, "~")) == "/body/a~1b/0/~0"
